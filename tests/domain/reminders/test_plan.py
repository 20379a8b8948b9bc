"""Which reminders are owed: steps before the date, rest days, addressees, catching up."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests import builders as make
from tests.support.clocks import TestClock
from worker_legal.domain import access, cases, org, reminders
from worker_legal.domain.cases.models import Case, Deadline
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.reminders import deliver, plan
from worker_legal.domain.reminders.ladder import CENTRE, DIRECTOR, HANDLER, Ladder
from worker_legal.domain.reminders.models import Heartbeat, InboxMessage
from worker_legal.domain.reminders.plan import Open, Step
from worker_legal.domain.reminders.staff import Staff
from worker_legal.domain.reminders.steps import StepTable
from worker_legal.infra import clock as wall
from worker_legal.infra.db import db, transaction
from worker_legal.law.calendar import WorkCalendar
from worker_legal.law.enums import DeadlineState, OrgKind, Stage, Who

CALENDAR = WorkCalendar()
FRIDAY = date(2026, 12, 11)
LONG_AGO = date(2026, 1, 1)


def _open(due_on: date = FRIDAY, **changes: object) -> Open:
    values = {
        "deadline_id": 1,
        "version": 1,
        "case_id": 1,
        "rule_code": "mediation.end",
        "due_on": due_on,
        "remind_on": due_on,
        "known_on": LONG_AGO,
        "optional": False,
        "handler_id": None,
        "site_path": "/1/4/",
    }
    return Open(**{**values, **changes})  # type: ignore[arg-type]


def _step(day: date, due: Open | None = None, hour: int = 9) -> str:
    now = datetime(day.year, day.month, day.day, hour, tzinfo=wall.SHANGHAI)
    step = plan.step_of(due or _open(), now, CALENDAR)
    return step.name if step else ""


# --- steps ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "step"),
    [
        (date(2026, 11, 10), ""),
        (date(2026, 11, 11), "day-30"),
        (date(2026, 12, 3), "day-30"),
        (date(2026, 12, 4), "day-7"),
        (date(2026, 12, 8), "day-3"),
        (date(2026, 12, 10), "day-1"),
        (FRIDAY, "day-0"),
        (date(2026, 12, 13), ""),
        (date(2026, 12, 14), "late-2026-12-14"),
        (date(2026, 12, 20), "late-2026-12-20"),
    ],
)
def test_the_step_owed_is_the_nearest_to_the_date(day: date, step: str) -> None:
    assert _step(day) == step


@pytest.mark.parametrize(("hour", "step"), [(7, "day-30"), (8, "day-7")])
def test_a_step_falls_due_at_eight_in_the_morning(hour: int, step: str) -> None:
    assert _step(date(2026, 12, 4), hour=hour) == step


def test_a_step_on_a_rest_day_comes_the_working_day_before() -> None:
    monday = date(2026, 12, 14)
    assert _step(FRIDAY, _open(monday)) == "day-1"


def test_a_step_in_a_long_holiday_comes_before_it() -> None:
    after_the_holiday = date(2026, 10, 9)
    assert _step(date(2026, 9, 30), _open(after_the_holiday)) == "day-3"


def test_an_optional_date_is_not_mourned() -> None:
    assert _step(date(2026, 12, 12), _open(optional=True)) == ""


def test_an_overdue_reminder_waits_for_the_morning() -> None:
    assert _step(date(2026, 12, 12), hour=3) == ""


def test_steps_from_before_the_date_was_known_are_not_owed() -> None:
    assert _step(date(2026, 12, 5), _open(known_on=date(2026, 12, 5))) == ""


def test_the_last_step_is_owed_however_late_the_date_was_learned() -> None:
    sunday = date(2026, 12, 13)
    saturday = date(2026, 12, 12)
    assert _step(saturday, _open(sunday, known_on=saturday)) == "day-0"


def test_the_earlier_day_to_act_counts() -> None:
    assert _step(date(2026, 12, 10), _open(remind_on=date(2026, 12, 10))) == "day-0"


@given(st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.integers(0, 40))
def test_every_date_is_announced_at_the_latest_on_its_day(due_on: date, known_before: int) -> None:
    due = _open(due_on, known_on=due_on - timedelta(days=known_before))
    assert _step(due_on, due)


@given(st.dates(date(2025, 2, 1), date(2026, 12, 31)), st.integers(0, 60))
def test_no_step_falls_due_on_a_rest_day_or_after_the_date(due_on: date, before: int) -> None:
    now = datetime.combine(due_on - timedelta(days=before), datetime.min.time(), wall.SHANGHAI)
    due = _open(due_on, known_on=due_on - timedelta(days=400))
    step = plan.step_of(due, now.replace(hour=12), CALENDAR)
    assert step is None or (CALENDAR.is_working(step.on) and step.on <= due_on)


# --- addressees -------------------------------------------------------------------------


STAFF = Staff(
    places={10: frozenset({4}), 20: frozenset({1}), 30: frozenset({9}), 40: frozenset({4})},
    directors={1: (20,)},
)


def _people(handler_id: int | None = None, up_to: int = HANDLER) -> list[int]:
    return STAFF.told(handler_id, "/1/4/", up_to)


def test_the_handler_is_told() -> None:
    assert _people(10) == [10]


def test_without_a_handler_the_director_above_is_told() -> None:
    assert _people() == [20]


def test_a_handler_who_left_is_replaced_by_the_director() -> None:
    assert _people(99) == [20]


def test_a_handler_moved_to_another_site_is_replaced_by_the_director() -> None:
    assert _people(30) == [20]


def test_on_the_next_rung_handler_and_director_are_told() -> None:
    assert _people(10, DIRECTOR) == [10, 20]


def test_a_handling_director_is_told_once() -> None:
    assert _people(20, CENTRE) == [20]


def test_the_nearest_director_is_told_before_that_of_the_centre() -> None:
    people = Staff(places={}, directors={1: (20,), 4: (21, 22)})
    assert people.told(None, "/1/4/8/", HANDLER) == [21, 22]
    assert people.told(None, "/1/4/8/", CENTRE) == [21, 22, 20]


def test_who_stands_in_is_told_as_well() -> None:
    people = Staff(STAFF.places, STAFF.directors, {10: (40,)}, STAFF.places)
    assert people.told(10, "/1/4/", HANDLER) == [10, 40]


def test_who_stands_in_is_not_told_of_what_that_person_may_not_see() -> None:
    sights = {40: frozenset({8})}
    people = Staff(STAFF.places, STAFF.directors, {10: (40,)}, sights)
    assert people.told(10, "/1/4/", HANDLER) == [10]
    assert people.told(10, "/1/4/8/", HANDLER) == [10, 40]


def test_where_nobody_leads_nobody_is_told() -> None:
    assert Staff({}, {}).told(None, "/1/4/", CENTRE) == []


# --- the ladder --------------------------------------------------------------------------


def _rung(day: date, due: Open | None = None, **changes: object) -> int:
    date_row = due or _open(**changes)
    now = datetime(day.year, day.month, day.day, 9, tzinfo=wall.SHANGHAI)
    at = plan.Round(now, None, CALENDAR, StepTable({}), Ladder())
    step = plan.owed_step(date_row, at)
    assert step is not None
    return plan.rung_of(date_row, step, at)


@pytest.mark.parametrize(
    ("day", "rung"),
    [
        (date(2026, 12, 4), HANDLER),
        (date(2026, 12, 8), DIRECTOR),
        (date(2026, 12, 10), CENTRE),
        (FRIDAY, CENTRE),
        (date(2026, 12, 14), HANDLER),
        (date(2026, 12, 15), HANDLER),
        (date(2026, 12, 16), DIRECTOR),
        (date(2026, 12, 17), DIRECTOR),
        (date(2026, 12, 18), CENTRE),
    ],
)
def test_without_an_answer_a_date_climbs(day: date, rung: int) -> None:
    assert _rung(day) == rung


def test_an_answer_stops_the_climbing_until_the_date_has_passed() -> None:
    assert _rung(FRIDAY, is_answered=True) == HANDLER
    assert _rung(date(2026, 12, 18), is_answered=True) == CENTRE


def test_a_choice_of_the_party_does_not_climb() -> None:
    assert _rung(FRIDAY, optional=True) == HANDLER


def test_a_date_learned_today_stays_a_day_with_its_handler() -> None:
    thursday = date(2026, 12, 10)
    assert _rung(thursday, known_on=thursday) == HANDLER
    assert _rung(FRIDAY, known_on=thursday) == CENTRE


def test_a_date_learned_on_its_last_day_climbs_at_once() -> None:
    assert _rung(FRIDAY, known_on=FRIDAY) == CENTRE


def test_who_cannot_be_told_is_passed_over() -> None:
    early = date(2026, 12, 4)
    assert [_rung(early, parked=number) for number in (0, 1, 2, 5)] == [0, 1, 2, 2]


def test_a_date_that_passed_in_an_outage_goes_straight_to_those_who_lead() -> None:
    monday = date(2026, 12, 14)
    now = datetime(2026, 12, 14, 9, tzinfo=wall.SHANGHAI)
    at = now - timedelta(days=4)
    beat = Heartbeat(name=plan.PLANNER, at=at, db_clock=at, host_clock=at)
    outage = plan.Round(now, beat, CALENDAR, StepTable({}), Ladder())
    assert plan.rung_of(_open(), plan.late_step(monday), outage) == DIRECTOR


# --- the outbox --------------------------------------------------------------------------


@pytest.fixture
def centre(app: Flask) -> org.OrgUnit:
    return make.make_office()


@pytest.fixture
def handler(centre: org.OrgUnit) -> access.User:
    return make.make_user(centre, Role.MEDIATOR)


@pytest.fixture
def case(centre: org.OrgUnit, handler: access.User) -> Case:
    return make.make_case(centre, handler_id=handler.id)


def _tick() -> None:
    db.session.commit()
    reminders.tick("tests")


def _date(case: Case, day: date, **changes: object) -> Deadline:
    values: dict[str, object] = {
        "case_id": case.id,
        "rule_code": "mediation.end",
        "rule_version": "1",
        "trigger_ref": f"event:{day}",
        "due_on": day,
        "remind_on": day,
        "who": Who.OFFICE,
        "state": DeadlineState.OPEN,
        "known_on": LONG_AGO,
    }
    row = Deadline(**{**values, **changes})
    db.session.add(row)
    db.session.flush()
    return row


def test_planning_twice_changes_nothing(case: Case, clock: TestClock) -> None:
    _date(case, clock.today)
    db.session.commit()
    assert (deliver.plan_owed(), deliver.plan_owed(), plan.owed()) == (1, 0, [])


@pytest.mark.parametrize(
    "changes",
    [
        {"quiet": True},
        {"state": DeadlineState.MET},
        {"state": DeadlineState.CANCELLED},
        {"due_on": None},
    ],
    ids=["quiet", "met", "cancelled", "no date"],
)
def test_such_dates_remind_nobody(case: Case, clock: TestClock, changes: dict[str, object]) -> None:
    _date(case, clock.today, **changes)
    assert plan.owed() == []


def test_a_case_set_aside_reminds_nobody(case: Case, clock: TestClock) -> None:
    _date(case, clock.today)
    cases.void(Actor.system("tests"), case, "误登")
    assert plan.owed() == []


def test_the_handler_of_the_proceeding_comes_before_that_of_the_case(
    centre: org.OrgUnit, case: Case, clock: TestClock
) -> None:
    lawyer = make.make_user(centre, Role.LAWYER)
    [proceeding] = cases.proceedings_of(case)
    cases.assign(Actor.system("tests"), case, lawyer.id, proceeding.id)
    _date(case, clock.today, proceeding_id=proceeding.id)
    assert [row["addressee_id"] for row in plan.owed()] == [lawyer.id]


def test_a_disabled_handler_hands_over_to_the_director(
    centre: org.OrgUnit, handler: access.User, case: Case, clock: TestClock
) -> None:
    director = make.make_user(centre, Role.DIRECTOR)
    access.disable_user(Actor.system("tests"), handler)
    _date(case, clock.today)
    assert [row["addressee_id"] for row in plan.owed()] == [director.id]


def test_the_director_of_the_station_comes_before_that_of_the_centre(
    centre: org.OrgUnit, clock: TestClock
) -> None:
    station = make.make_site(OrgKind.STATION, parent=centre)
    make.make_user(centre, Role.DIRECTOR)
    nearer = make.make_user(station, Role.DIRECTOR)
    _date(make.make_case(station), clock.today + timedelta(days=7))
    assert [row["addressee_id"] for row in plan.owed()] == [nearer.id]


def test_the_key_names_date_version_rule_step_person_and_channel(
    handler: access.User, case: Case, clock: TestClock
) -> None:
    row = _date(case, clock.today)
    [planned] = plan.owed()
    assert planned["dedupe_key"] == f"{row.id}:1:mediation.end:day-0:{handler.id}:inbox"


def test_the_first_round_ever_marks_nothing_late(case: Case, clock: TestClock) -> None:
    _date(case, clock.today - timedelta(days=3))
    assert [row["is_late"] for row in plan.owed()] == [False]


def test_what_fell_due_while_the_timetable_stood_still_is_late(
    case: Case, clock: TestClock
) -> None:
    _date(case, clock.today + timedelta(days=3))
    _tick()
    clock.advance(days=3, hours=1)
    assert [row["is_late"] for row in plan.owed()] == [True]


def test_a_date_learned_after_its_step_fell_due_is_not_late(case: Case, clock: TestClock) -> None:
    clock.advance(hours=5)
    _tick()
    clock.advance(seconds=30)
    _date(case, clock.today, known_on=clock.today)
    assert [row["is_late"] for row in plan.owed()] == [False]


def test_a_number_of_a_date_is_never_used_again(case: Case, clock: TestClock) -> None:
    row = _date(case, clock.today)
    gone = row.id
    db.session.delete(row)
    db.session.flush()
    assert _date(case, clock.today).id > gone


def test_a_moved_date_is_known_since_the_day_it_moved(
    centre: org.OrgUnit, clock: TestClock
) -> None:
    case = make.make_case(centre, facts=cases.FactDates(unpaid_from=date(2026, 8, 1)))
    clock.advance(days=2)
    later = cases.FactDates(unpaid_from=date(2026, 9, 1))
    cases.change_facts(Actor.system("tests"), case, later, case.version)
    rows = db.session.scalars(sa.select(Deadline).where(Deadline.version > 1)).all()
    assert {row.known_on for row in rows} == {clock.today}


# --- moved dates ------------------------------------------------------------------------


def test_a_date_that_never_moved_owes_no_notice_of_moving() -> None:
    assert plan.moved_step(_open()) is None


def test_a_moved_date_is_told_once_per_version() -> None:
    moved = plan.moved_step(_open(version=2))
    again = plan.moved_step(_open(version=3))
    assert moved == again == Step("moved", LONG_AGO, False)
    assert moved is not None
    assert plan.key_of(_open(version=2), moved, 5) != plan.key_of(_open(version=3), moved, 5)


def test_a_date_moved_far_ahead_is_told_at_once(app: Flask, clock: TestClock) -> None:
    case = _case_with_moved_date(date(2027, 6, 30))
    reminders.tick()
    notices = _notices_of(case)
    assert [(notice.step, notice.legal_date) for notice in notices] == [
        ("moved", date(2027, 6, 30))
    ]
    reminders.tick()
    assert len(_notices_of(case)) == 1


def _case_with_moved_date(due_on: date) -> Case:
    with transaction():
        centre = make.make_office()
        handler = make.make_user(centre, Role.MEDIATOR)
        case = make.make_case(centre, handler_id=handler.id, first_stage=Stage.MEDIATION)
        for row in db.session.scalars(sa.select(Deadline).where(Deadline.case_id == case.id)):
            row.due_on = row.remind_on = due_on
            row.version += 1
    return case


def _notices_of(case: Case) -> list[InboxMessage]:
    query = sa.select(InboxMessage).where(InboxMessage.case_id == case.id)
    return list(db.session.scalars(query))
