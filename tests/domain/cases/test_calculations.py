"""Calculations kept with a case: as they came out, sealed, once per filled-in form."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.builders import make_actor, make_case, make_site
from worker_legal.domain import cases
from worker_legal.domain.cases.calculations import CalculationSheet
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Actor, Role
from worker_legal.errors import BadInput, NotAllowed, NotFound, RuleBroken
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.law.compensation import Kind
from worker_legal.law.enums import EventKind

SHEET = {"kind": "unpaid_wages", "lines": ["八月 4,800.00"]}


@pytest.fixture
def case(centre: OrgUnit, actor: Actor) -> cases.Case:
    return make_case(centre, actor)


def make_calculation(**changes: Any) -> cases.NewCalculation:
    values: dict[str, Any] = {
        "kind": Kind.UNPAID_WAGES,
        "on": clock.today(),
        "total_fen": 480000,
        "sheet": SHEET,
    }
    return cases.NewCalculation(**{**values, **changes})


@pytest.mark.both_databases
def test_a_result_stands_on_the_timeline(actor: Actor, case: cases.Case) -> None:
    event = cases.attach_calculation(actor, case, make_calculation())
    assert event.kind is EventKind.CALCULATED
    assert event.payload == {"calculation": "unpaid_wages", "total_fen": 480000}


def test_the_sheet_comes_back_as_it_was(actor: Actor, case: cases.Case) -> None:
    event = cases.attach_calculation(actor, case, make_calculation())
    assert cases.get_calculation(case, event.id) == (event, SHEET)


def test_wages_and_injuries_are_not_kept_in_clear(actor: Actor, case: cases.Case) -> None:
    cases.attach_calculation(actor, case, make_calculation())
    [kept] = db.session.scalars(sa.select(CalculationSheet.sheet_enc))
    assert "4,800.00" not in kept


def test_the_same_form_is_kept_once(actor: Actor, case: cases.Case) -> None:
    once = cases.attach_calculation(actor, case, make_calculation(token="t" * 24))
    again = cases.attach_calculation(actor, case, make_calculation(token="t" * 24))
    assert again is once


def test_an_event_of_another_sort_has_no_sheet(actor: Actor, case: cases.Case) -> None:
    first = cases.all_events(case)[0]
    with pytest.raises(NotFound):
        cases.get_calculation(case, first.id)


def test_a_void_case_takes_no_result(actor: Actor, case: cases.Case) -> None:
    cases.void(actor, case, "登记错了")
    with pytest.raises(RuleBroken):
        cases.attach_calculation(actor, case, make_calculation())


def test_a_result_is_not_of_tomorrow(actor: Actor, case: cases.Case) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(BadInput):
        cases.attach_calculation(actor, case, make_calculation(on=tomorrow))


def test_a_result_is_not_corrected_but_made_anew(actor: Actor, case: cases.Case) -> None:
    event = cases.attach_calculation(actor, case, make_calculation())
    assert not cases.may_correct(case, event)


def test_a_result_cannot_be_recorded_without_its_sheet(actor: Actor, case: cases.Case) -> None:
    new = cases.NewEvent(EventKind.CALCULATED, clock.today())
    with pytest.raises(BadInput):
        cases.record_event(actor, case, new)


def test_another_station_cannot_attach(case: cases.Case, centre: OrgUnit) -> None:
    stranger = make_actor(make_site(parent=centre), Role.MEDIATOR)
    with pytest.raises((NotAllowed, NotFound)):
        cases.attach_calculation(stranger, case, make_calculation())
    assert [e for e in cases.all_events(case) if e.kind is EventKind.CALCULATED] == []


@pytest.mark.parametrize("said", ["{no}", " {no} ", "1", "1号"])
def test_a_case_is_found_by_its_number(actor: Actor, case: cases.Case, said: str) -> None:
    assert cases.case_by_number(actor, said.format(no=case.case_no)) is case


@pytest.mark.parametrize("said", ["", "99", "示援"])
def test_a_number_of_no_case_is_refused(actor: Actor, case: cases.Case, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        cases.case_by_number(actor, said)
    assert refused.value.field == "case_no"
