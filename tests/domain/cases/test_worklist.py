"""What is to be done: counts that equal lists, hearings of the day, cases nobody handles."""

from datetime import date

import pytest
from flask import Flask

from tests import builders
from tests.support.clocks import TestClock
from worker_legal.domain import access, cases, org
from worker_legal.domain.permissions import Actor, Role
from worker_legal.errors import NotFound
from worker_legal.law.enums import EventKind, Stage

SPANS = ("overdue", "today", "week", "all")


@pytest.fixture
def centre(app: Flask) -> org.OrgUnit:
    """The office's centre."""
    return builders.make_office()


@pytest.fixture
def mediator(centre: org.OrgUnit) -> Actor:
    """A mediator of the centre with three mediations, ending 11-20, 11-23 and 11-26."""
    user = builders.make_user(centre, Role.MEDIATOR)
    for day in (5, 8, 11):
        builders.make_case(
            centre,
            first_stage=Stage.MEDIATION,
            registered_on=date(2026, 11, day),
            handler_id=user.id,
        )
    return access.actor_for(user)


def test_dates_fall_into_overdue_today_and_this_week(mediator: Actor) -> None:
    counts = cases.counts_of(mediator, mine_only=True)
    assert (counts.overdue, counts.today, counts.week, counts.all) == (1, 1, 2, 3)


@pytest.mark.parametrize("span", SPANS)
def test_each_count_equals_its_list(mediator: Actor, span: str) -> None:
    rows = cases.page_of_dates(cases.in_span(mediator, span, True)).rows
    assert len(rows) == getattr(cases.counts_of(mediator, True), span)


def test_the_pages_of_a_list_join_without_gap_or_repeat(mediator: Actor) -> None:
    query = cases.in_span(mediator, "all", True)
    first = cases.page_of_dates(query, size=2)
    second = cases.page_of_dates(query, first.next_key, size=2)
    together = [row.id for row in (*first.rows, *second.rows)]
    assert (len(together), len(set(together)), second.next_key) == (3, 3, "")


@pytest.mark.parametrize("key", ["x", "2026-13-01_1", "2026-11-01_x"])
def test_an_invented_key_is_not_a_page(mediator: Actor, key: str) -> None:
    with pytest.raises(NotFound):
        cases.page_of_dates(cases.in_span(mediator, "all", True), key)


def test_an_invented_span_is_not_a_page(mediator: Actor) -> None:
    with pytest.raises(NotFound):
        cases.in_span(mediator, "yesterday", True)


def test_the_dates_of_others_are_not_mine(mediator: Actor, centre: org.OrgUnit) -> None:
    other = builders.make_actor(centre, Role.MEDIATOR)
    assert cases.counts_of(other, mine_only=True).all == 0


def test_the_dates_of_another_station_are_out_of_sight(
    mediator: Actor, centre: org.OrgUnit
) -> None:
    station = builders.make_site(parent=centre)
    stranger = builders.make_actor(station, Role.DIRECTOR)
    assert cases.counts_of(stranger, mine_only=False).all == 0


def test_a_choice_not_taken_in_time_is_no_overdue_date(mediator: Actor, clock: TestClock) -> None:
    case = cases.open_cases_of(mediator)[0][0]
    proceeding = builders.first_proceeding(case)
    builders.record(case, EventKind.ACCEPTED, proceeding)
    builders.record(case, EventKind.AGREEMENT_SIGNED, proceeding, agreed_fen=1)
    clock.advance(days=60)
    late = cases.page_of_dates(cases.in_span(mediator, "overdue", True)).rows
    assert [row for row in late if row.case_id == case.id] == []


def test_my_cases_come_with_the_nearest_date_first(mediator: Actor) -> None:
    rows, number = cases.open_cases_of(mediator)
    assert number == 3
    assert [case.next_due_on for case in rows] == [
        date(2026, 11, 20),
        date(2026, 11, 23),
        date(2026, 11, 26),
    ]


def test_cases_without_a_handler_wait_until_somebody_takes_them(
    mediator: Actor, centre: org.OrgUnit
) -> None:
    case = builders.make_case(centre)
    assert cases.unassigned_cases(mediator)[1] == 1
    cases.take(mediator, case)
    assert cases.unassigned_cases(mediator)[1] == 0


def test_a_hearing_put_off_is_on_its_new_day_only(mediator: Actor, clock: TestClock) -> None:
    case = cases.open_cases_of(mediator)[0][0]
    proceeding = builders.first_proceeding(case)
    old, new = "2026-11-23T14:30:00+08:00", "2026-11-24T09:00:00+08:00"
    builders.record(case, EventKind.HEARING_SCHEDULED, proceeding, at=old, place="一号室")
    assert [each.place for each in cases.hearings_on(mediator, date(2026, 11, 23))] == ["一号室"]
    builders.record(
        case, EventKind.HEARING_ADJOURNED, proceeding, at=new, place="二号室", reason="单位请假"
    )
    assert cases.hearings_on(mediator, date(2026, 11, 23)) == []
    assert [each.place for each in cases.hearings_on(mediator, date(2026, 11, 24))] == ["二号室"]
