"""Changing what was registered: totals move, history keeps the old value."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import (
    make_actor,
    make_case,
    make_group,
    make_id_number,
    make_party,
    make_site,
)
from worker_legal.domain import cases, parties
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Actor, Role
from worker_legal.errors import BadInput, NotAllowed, NotFound, RuleBroken, StaleEdit
from worker_legal.infra.db import db
from worker_legal.law.enums import EventKind


def _workers(case: cases.Case) -> list[cases.CaseParty]:
    return [party for party in cases.parties_of(case) if party.worker is not None]


def _told(case: cases.Case) -> list[dict[str, object]]:
    return [event.payload for event in cases.timeline(case, (EventKind.PARTY_CHANGED,))]


def test_a_worker_who_joins_is_counted_and_takes_part(centre: OrgUnit, actor: Actor) -> None:
    case = make_case(centre)
    party = cases.add_party(actor, case, make_party(claimed_fen=500))
    assert (case.worker_count, case.claimed_fen) == (2, 1_000_500)
    assert party.id in cases.party_ids_of(cases.proceedings_of(case))[1]


def test_a_person_cannot_join_twice(centre: OrgUnit, actor: Actor) -> None:
    number = make_id_number()
    case = make_case(centre, workers=[make_party("张三", id_no=number)])
    with pytest.raises(BadInput):
        cases.add_party(actor, case, make_party("张三", id_no=number))


def test_taking_somebody_out_moves_the_totals(centre: OrgUnit, actor: Actor) -> None:
    case = make_case(centre, workers=make_group(3))
    cases.remove_party(actor, case, _workers(case)[0].id, "登记错了人")
    assert (case.worker_count, case.claimed_fen) == (2, 500_000)
    assert _told(case)[0]["reason"] == "登记错了人"


def test_somebody_taken_out_can_come_back(centre: OrgUnit, actor: Actor) -> None:
    number = make_id_number()
    case = make_case(centre, workers=[make_party("张三", id_no=number), make_party()])
    cases.remove_party(actor, case, _workers(case)[0].id, "误点")
    cases.add_party(actor, case, make_party("张三", id_no=number, claimed_fen=7))
    assert case.worker_count == 2


def test_removal_needs_a_reason(centre: OrgUnit, actor: Actor) -> None:
    case = make_case(centre, workers=make_group(2))
    with pytest.raises(BadInput) as refused:
        cases.remove_party(actor, case, _workers(case)[0].id, "  ")
    assert refused.value.field == "reason"


def test_the_last_worker_stays(centre: OrgUnit, actor: Actor) -> None:
    case = make_case(centre)
    with pytest.raises(RuleBroken):
        cases.remove_party(actor, case, _workers(case)[0].id, "误登")


def test_a_claim_is_corrected_with_both_values_kept(centre: OrgUnit, actor: Actor) -> None:
    case = make_case(centre)
    cases.change_claim(actor, case, _workers(case)[0].id, 250)
    assert case.claimed_fen == 250
    assert (_told(case)[0]["old_fen"], _told(case)[0]["new_fen"]) == (1_000_000, 250)


def test_the_same_claim_again_is_no_change(centre: OrgUnit, actor: Actor) -> None:
    case = make_case(centre)
    cases.change_claim(actor, case, _workers(case)[0].id, case.claimed_fen or 0)
    assert _told(case) == []


def test_a_corrected_name_shows_in_every_case(centre: OrgUnit, actor: Actor) -> None:
    number = make_id_number()
    old, new = (make_case(centre, workers=[make_party("张散", id_no=number)]) for _ in range(2))
    worker = _workers(old)[0].worker
    assert worker is not None
    cases.change_worker(
        actor, old, _workers(old)[0].id, parties.WorkerInput("张三"), worker.version
    )
    assert new.lead_worker_id == worker.id
    assert worker.name == "张三"
    assert _told(old)[0]["fields"] == {"name": ["张散", "张三"]}


def test_history_keeps_numbers_masked(centre: OrgUnit, actor: Actor) -> None:
    old, new = make_id_number(), make_id_number()
    case = make_case(centre, workers=[make_party("张三", id_no=old)])
    party = _workers(case)[0]
    assert party.worker is not None
    cases.change_worker(
        actor, case, party.id, parties.WorkerInput("张三", id_no=new), party.worker.version
    )
    assert old not in str(_told(case))
    assert new not in str(_told(case))


def test_a_stale_correction_is_refused(centre: OrgUnit, actor: Actor) -> None:
    case = make_case(centre)
    party = _workers(case)[0]
    assert party.worker is not None
    seen = party.worker.version
    cases.change_worker(actor, case, party.id, parties.WorkerInput("先改的人"), seen)
    with pytest.raises(StaleEdit):
        cases.change_worker(actor, case, party.id, parties.WorkerInput("后改的人"), seen)
    assert party.worker.name == "先改的人"


def test_six_representatives_are_too_many(centre: OrgUnit, actor: Actor) -> None:
    case = make_case(centre, workers=make_group(12))
    chosen = frozenset(party.id for party in _workers(case)[:6])
    with pytest.raises(RuleBroken, match="63"):
        cases.choose_representatives(actor, case, chosen)


def test_four_representatives_are_recorded(centre: OrgUnit, actor: Actor) -> None:
    case = make_case(centre, workers=make_group(12))
    cases.choose_representatives(actor, case, frozenset(p.id for p in _workers(case)[:4]))
    assert sum(party.is_representative for party in _workers(case)) == 4


def test_nobody_of_another_case_can_represent(centre: OrgUnit, actor: Actor) -> None:
    case, other = (make_case(centre, workers=make_group(10)) for _ in range(2))
    with pytest.raises(NotFound):
        cases.choose_representatives(actor, case, frozenset(p.id for p in _workers(other)[:3]))


def test_one_day_filled_in_starts_its_dates(centre: OrgUnit, actor: Actor) -> None:
    case = make_case(centre, source="ledger")
    cases.change_facts(actor, case, cases.FactDates(left_on=date(2026, 10, 31)), case.version)
    assert case.next_due_on == date(2027, 11, 1)


def test_people_of_another_site_change_nothing(centre: OrgUnit) -> None:
    one, other = make_site(parent=centre), make_site(parent=centre)
    case = make_case(one)
    with pytest.raises((NotAllowed, NotFound)):
        cases.add_party(make_actor(other, Role.INTAKE), case, make_party())


def test_cases_follow_a_merge(centre: OrgUnit, actor: Actor) -> None:
    def firm(name: str) -> list[cases.NewRespondent]:
        return [cases.NewRespondent(parties.EmployerInput(name=name))]

    old = make_case(centre, respondents=firm("示例鞋厂"))
    new = make_case(centre, respondents=firm("示例鞋业有限公司"))
    assert old.lead_employer_id is not None
    assert new.lead_employer_id is not None
    moved = cases.merge_employers(actor, new.lead_employer_id, old.lead_employer_id)
    db.session.flush()
    found = cases.search(actor, cases.CaseFilter(employer_id=new.lead_employer_id))
    assert moved == 1
    assert {case.id for case in db.session.scalars(found)} == {old.id, new.id}


def test_every_change_is_on_the_timeline(centre: OrgUnit, actor: Actor) -> None:
    case = make_case(centre)
    cases.add_party(actor, case, make_party())
    count = sa.select(sa.func.count(cases.CaseEvent.id)).where(cases.CaseEvent.case_id == case.id)
    before = db.session.scalar(count) or 0
    cases.change_claim(actor, case, _workers(case)[0].id, 1)
    assert db.session.scalar(count) == before + 1
