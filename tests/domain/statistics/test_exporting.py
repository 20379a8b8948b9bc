"""Exports that are asked for: what they hold, who agrees, and when they end."""

from dataclasses import replace

import pytest

from tests import builders as make
from tests.support.clocks import TestClock
from worker_legal.domain.cases.queries import CaseFilter
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.statistics import export, exporting
from worker_legal.domain.statistics.exporting import Asked, ExportJob, ExportState
from worker_legal.errors import NotAllowed, NotFound, RuleBroken, StaleEdit
from worker_legal.infra.db import transaction
from worker_legal.law.enums import Stage

CLEAR = Asked("xlsx", has_identifiers=True, reason="报市总工会名册")


@pytest.fixture
def second(centre: OrgUnit) -> Actor:
    """Another director of the centre."""
    with transaction():
        return make.make_actor(centre, Role.DIRECTOR)


@pytest.fixture
def waiting(actor: Actor, centre: OrgUnit, monkeypatch: pytest.MonkeyPatch) -> ExportJob:
    """An export of two people where one is the limit."""
    monkeypatch.setattr(exporting, "MOST_ALONE", 1)
    with transaction():
        make.make_case(centre, workers=make.make_group(2))
        return exporting.ask(actor, CaseFilter(), CLEAR)


def test_the_list_read_in_pieces_is_the_list(
    actor: Actor, centre: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "BATCH", 2)
    with transaction():
        for _ in range(5):
            case = make.make_case(centre)
        make.open_stage(case, Stage.MEDIATION)
        job = exporting.ask(actor, CaseFilter(), Asked("xlsx"))
    told: list[int] = []
    picked = list(export.case_rows(export.picked(actor, job.case_ids, told.append)))
    assert picked == list(export.case_rows(export.listed(actor, CaseFilter())))
    assert told == [2, 4, 5]
    assert "、" in str(picked[-1][9])


def test_a_list_of_columns_says_what_the_cases_say(actor: Actor, centre: OrgUnit) -> None:
    with transaction():
        case = make.make_case(centre, workers=make.make_group(3))
    [row] = export.case_rows(export.listed(actor, CaseFilter()), in_clear=True)
    assert row[:2] == [case.case_no, case.registered_on]
    assert row[3] == centre.name
    assert row[5] == 3
    assert row[10] == case.claimed_fen / 100


def test_a_person_in_two_cases_is_counted_once(actor: Actor, centre: OrgUnit) -> None:
    number = make.make_id_number()
    with transaction():
        for _ in range(2):
            make.make_case(centre, workers=[make.make_party("张三", id_no=number)])
        job = exporting.ask(actor, CaseFilter(), CLEAR)
    assert (job.cases, job.people) == (2, 1)
    rows = export.person_rows(actor, job.case_ids, lambda _: None)
    assert [row[5] for row in rows] == [number, number]


def test_what_is_out_of_sight_since_is_not_in_the_file(actor: Actor, centre: OrgUnit) -> None:
    with transaction():
        make.make_case(centre)
        job = exporting.ask(actor, CaseFilter(), CLEAR)
        stranger = make.make_actor(make.make_site(parent=centre), Role.DIRECTOR)
    assert list(export.picked(stranger, job.case_ids, lambda _: None)) == []
    assert list(export.person_rows(stranger, job.case_ids, lambda _: None)) == []


def test_a_second_person_agrees_once(waiting: ExportJob, second: Actor) -> None:
    assert [job.id for job in exporting.waiting_for(second)] == [waiting.id]
    with transaction():
        exporting.decide(second, exporting.get_waiting(second, waiting.id), True, waiting.version)
    assert waiting.state is ExportState.READY
    with pytest.raises(RuleBroken), transaction():
        exporting.decide(second, waiting, False, waiting.version)


def test_nobody_agrees_to_what_has_changed_meanwhile(waiting: ExportJob, second: Actor) -> None:
    with pytest.raises(StaleEdit), transaction():
        exporting.decide(second, waiting, True, waiting.version + 1)


def test_the_asker_does_not_agree(waiting: ExportJob, actor: Actor) -> None:
    assert exporting.waiting_for(actor) == []
    with pytest.raises(RuleBroken), transaction():
        exporting.decide(actor, waiting, True, waiting.version)


def test_what_nobody_agreed_to_is_not_made(waiting: ExportJob, actor: Actor) -> None:
    with pytest.raises(RuleBroken), transaction():
        exporting.begin(actor, waiting)


def test_the_export_of_another_person_is_not_there(waiting: ExportJob, second: Actor) -> None:
    with pytest.raises(NotFound):
        exporting.get_mine(second, waiting.id)


@pytest.mark.parametrize("role", [Role.INTAKE, Role.LAWYER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_who_may_not_export_does_not_ask(centre: OrgUnit, role: Role) -> None:
    with transaction():
        other = make.make_actor(centre, role)
    with pytest.raises(NotAllowed), transaction():
        exporting.ask(other, CaseFilter(), replace(CLEAR, has_identifiers=False))


def test_a_request_nobody_answers_ends_after_a_week(waiting: ExportJob, clock: TestClock) -> None:
    clock.advance(days=6)
    with transaction():
        assert exporting.expire() == []
    assert waiting.state is ExportState.WAITING
    clock.advance(days=1, minutes=1)
    with transaction():
        assert exporting.expire() == []
    assert (waiting.state, waiting.case_ids) == (ExportState.EXPIRED, [])
