"""Registering a case: number, parties, first proceeding and first dates, all or nothing."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.builders import (
    make_actor,
    make_case,
    make_group,
    make_id_number,
    make_new_case,
    make_office,
    make_party,
    make_site,
    make_user,
)
from worker_legal.domain import cases, org, parties
from worker_legal.domain.permissions import Role
from worker_legal.errors import BadInput, NotAllowed, RuleBroken
from worker_legal.infra.db import db
from worker_legal.law.enums import Capacity, Stage, Status

pytestmark = pytest.mark.usefixtures("app")

SOON = cases.FactDates(injured_on=date(2025, 12, 15))


@pytest.fixture
def site(app: Flask) -> org.OrgUnit:
    """The centre of an office that is set up."""
    return make_office()


def test_a_case_gets_its_number_party_and_first_proceeding(site: org.OrgUnit) -> None:
    case = make_case(site)
    proceeding = cases.proceedings_of(case)[0]
    assert case.case_no == "示援〔2026〕1号"
    assert (proceeding.stage, proceeding.status) == (Stage.CONSULTATION, Status.APPLIED)
    assert [party.capacity for party in cases.parties_of(case)] == [
        Capacity.WORKER,
        Capacity.EMPLOYER,
    ]


def test_the_amount_is_the_sum_of_the_rows(site: org.OrgUnit) -> None:
    case = make_case(site, workers=make_group(20))
    assert case.worker_count == 20
    assert case.claimed_fen == sum(100_000 * n for n in range(1, 21))


def test_a_lump_sum_stands_where_nobody_claims_apart(site: org.OrgUnit) -> None:
    case = make_case(site, workers=[make_party(), make_party()], claimed_fen=900_000)
    assert case.claimed_fen == 900_000


def test_a_lump_sum_beside_other_rows_is_refused(site: org.OrgUnit) -> None:
    with pytest.raises(BadInput) as refused:
        make_case(site, claimed_fen=5)
    assert refused.value.field == "claimed_fen"


def test_the_first_dates_are_there_at_once(site: org.OrgUnit) -> None:
    case = make_case(site, first_stage=Stage.MEDIATION)
    rows = db.session.scalars(sa.select(cases.Deadline).where(cases.Deadline.case_id == case.id))
    assert case.next_due_on == min(row.due_on for row in rows if row.due_on)


def test_ten_workers_make_a_collective_dispute(site: org.OrgUnit) -> None:
    assert not make_case(site, workers=make_group(9)).is_collective
    assert make_case(site, workers=make_group(10)).is_collective


@pytest.mark.parametrize("chosen", [1, 2, 6])
def test_representatives_are_three_to_five(site: org.OrgUnit, chosen: int) -> None:
    group = [
        cases.NewParty(row.worker, row.claimed_fen, is_representative=place < chosen)
        for place, row in enumerate(make_group(12))
    ]
    with pytest.raises(RuleBroken, match="63") as refused:
        make_case(site, workers=group)
    assert refused.value.field == "representatives"


def test_the_same_person_twice_is_named_with_the_row(site: org.OrgUnit) -> None:
    number = make_id_number()
    twice = [make_party("张三", id_no=number), make_party("李四"), make_party("王五", id_no=number)]
    with pytest.raises(BadInput) as refused:
        make_case(site, workers=twice)
    assert refused.value.field == "workers-2-id_no"


def test_one_person_record_serves_every_case(site: org.OrgUnit) -> None:
    number = make_id_number()
    first = make_case(site, workers=[make_party("张三", id_no=number)])
    second = make_case(site, workers=[make_party("张三", id_no=number, phone="13800000009")])
    assert first.lead_worker_id == second.lead_worker_id
    assert parties.get_worker(first.lead_worker_id or 0).masked_phone == "138****0009"


def test_people_without_number_are_persons_of_their_own(site: org.OrgUnit) -> None:
    nobody = {"id_no": "", "name": "李某"}
    first = make_case(site, workers=[make_party(**nobody)])
    second = make_case(site, workers=[make_party(**nobody)])
    assert first.lead_worker_id != second.lead_worker_id


def test_dispatch_agency_and_host_employer_stand_side_by_side(site: org.OrgUnit) -> None:
    firms = [
        cases.NewRespondent(parties.EmployerInput(name="示例派遣公司"), Capacity.DISPATCH_AGENCY),
        cases.NewRespondent(parties.EmployerInput(name="示例用工公司"), Capacity.HOST_EMPLOYER),
    ]
    case = make_case(site, respondents=firms)
    assert [p.capacity for p in cases.parties_of(case)][1:] == [
        Capacity.DISPATCH_AGENCY,
        Capacity.HOST_EMPLOYER,
    ]


def test_little_time_left_wants_more_than_a_consultation(site: org.OrgUnit) -> None:
    with pytest.raises(RuleBroken, match="22") as refused:
        make_case(site, facts=SOON)
    assert refused.value.field == "plain_reason"


def test_with_a_reason_the_consultation_may_stay(site: org.OrgUnit) -> None:
    case = make_case(site, facts=SOON, plain_reason="已自行申请工伤认定")
    assert cases.proceedings_of(case)[0].stage is Stage.CONSULTATION


def test_another_door_needs_no_reason(site: org.OrgUnit) -> None:
    case = make_case(site, facts=SOON, first_stage=Stage.WORK_INJURY)
    assert cases.proceedings_of(case)[0].stage is Stage.WORK_INJURY


def test_only_people_of_the_site_can_be_the_handler(site: org.OrgUnit) -> None:
    one, other = make_site(parent=site), make_site(parent=site)
    stranger = make_user(other, Role.MEDIATOR)
    with pytest.raises(BadInput) as refused:
        make_case(one, handler_id=stranger.id)
    assert refused.value.field == "handler_id"


def test_nobody_registers_at_another_site(site: org.OrgUnit) -> None:
    one, other = make_site(parent=site), make_site(parent=site)
    clerk = make_actor(one, Role.INTAKE)
    with pytest.raises(NotAllowed):
        cases.register(clerk, make_new_case(other))


def test_a_retired_site_takes_no_cases(site: org.OrgUnit) -> None:
    site.retired_on = date(2026, 1, 1)
    with pytest.raises(BadInput) as refused:
        make_case(site)
    assert refused.value.field == "site_id"


def test_the_same_token_gives_the_same_case(site: org.OrgUnit) -> None:
    new = make_new_case(site, token="t" * 32)
    actor = make_actor(site, Role.INTAKE)
    assert cases.register(actor, new).id == cases.register(actor, new).id


def test_numbers_are_sealed_in_the_database(site: org.OrgUnit) -> None:
    number = make_id_number()
    make_case(site, workers=[make_party("张三", id_no=number, phone="13800000001")])
    row = db.session.execute(sa.text("SELECT * FROM worker")).one()
    assert number not in str(row)
    assert "13800000001" not in str(row)
