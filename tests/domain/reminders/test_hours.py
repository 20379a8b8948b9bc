"""Quiet hours: what can wait waits for the office, and nothing waits past its date."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests import builders as make
from tests.support.clocks import TestClock
from worker_legal.domain import access, org, reminders
from worker_legal.domain.cases.models import Case
from worker_legal.domain.permissions import Role
from worker_legal.domain.reminders import deliver, hours, routes, watch
from worker_legal.domain.reminders.hours import Hours
from worker_legal.domain.reminders.models import OutboxMessage
from worker_legal.domain.reminders.routes import Route
from worker_legal.errors import BadInput, OutsideFailure
from worker_legal.infra import clock as wall
from worker_legal.infra.db import db, transaction
from worker_legal.infra.letters import Letter
from worker_legal.law.calendar import WorkCalendar, YearNotice

CALENDAR = WorkCalendar()
USUAL = Hours()


def _at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=wall.SHANGHAI)


# --- the decision --------------------------------------------------------------------------

MINUTES = st.integers(min_value=0, max_value=24 * 60 - 1)
MOMENTS = st.integers(min_value=0, max_value=5 * 366 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
HOURS = (
    st.tuples(MINUTES, MINUTES)
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: Hours(*(time(*divmod(minute, 60)) for minute in sorted(pair))))
)


@given(MOMENTS, st.integers(min_value=-5, max_value=30), HOURS)
def test_nothing_waits_past_the_morning_of_its_date(now: datetime, days: int, some: Hours) -> None:
    legal_date = wall.local(now).date() + timedelta(days=days)
    leaves = hours.may_go_from(now, legal_date, some, CALENDAR)
    assert now <= leaves <= max(now, wall.start_of(legal_date))


@given(MOMENTS, st.integers(min_value=0, max_value=40), HOURS)
def test_what_is_not_urgent_leaves_in_the_hours_of_a_working_day(
    now: datetime, days: int, some: Hours
) -> None:
    legal_date = wall.local(now).date() + timedelta(days=days)
    leaves = hours.may_go_from(now, legal_date, some, CALENDAR)
    opens = _first_minute_in_hours(now, some)
    if wall.local(opens).date() < legal_date:
        assert leaves == opens
    else:
        assert leaves == now


def _first_minute_in_hours(now: datetime, some: Hours) -> datetime:
    """The same by walking from day to day."""
    here = wall.local(now)
    if CALENDAR.is_working(here.date()) and some.opens <= here.time() < some.closes:
        return now
    day = here.date() if here.time() < some.opens else here.date() + timedelta(days=1)
    while not CALENDAR.is_working(day):
        day += timedelta(days=1)
    return datetime.combine(day, some.opens, wall.SHANGHAI)


@pytest.mark.parametrize(
    ("now", "legal_date", "leaves"),
    [
        (_at(23, 9, 30), date(2026, 12, 23), _at(23, 9, 30)),
        (_at(23, 8), date(2026, 11, 24), _at(23, 8, 30)),
        (_at(23, 8), date(2026, 11, 23), _at(23, 8)),
        (_at(23, 18), date(2026, 11, 25), _at(24, 8, 30)),
        (_at(23, 18), date(2026, 11, 24), _at(23, 18)),
        (_at(23, 20), date(2026, 11, 20), _at(23, 20)),
        # Friday evening: what falls on the weekend or on Monday cannot wait for Monday
        (_at(27, 20), date(2026, 12, 1), _at(30, 8, 30)),
        (_at(27, 20), date(2026, 11, 30), _at(27, 20)),
        # the National Day holiday, and the make-up Sunday before it
        (_at(30, 19, month=9), date(2026, 10, 20), _at(8, 8, 30, month=10)),
        (_at(20, 10, month=9), date(2026, 10, 20), _at(20, 10, month=9)),
    ],
)
def test_the_instant_from_which_it_may_leave(
    now: datetime, legal_date: date, leaves: datetime
) -> None:
    assert hours.may_go_from(now, legal_date, USUAL, CALENDAR) == leaves


# --- messages ------------------------------------------------------------------------------


@pytest.fixture
def handler(app: Flask) -> access.User:
    with transaction():
        centre = make.make_office("示例区中心")
        make.make_user(centre, Role.DIRECTOR)
        user = make.make_user(centre, Role.MEDIATOR)
        for kind in (Route.EMAIL, Route.BY_HAND):
            routes.set_office_route(kind, True, {})
            routes.set_person_route(user.id, kind, f"{kind.value}-address")
    return user


@pytest.fixture
def case(handler: access.User) -> Case:
    """A case with a date today, one tomorrow and two next week."""
    with transaction():
        case = make.make_case(org.centre(), handler_id=handler.id)
        make.make_dates(case, 0, 1, 6, 7)
    return case


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[Letter]:
    letters: list[Letter] = []

    def takes(letter: Letter) -> str:
        letters.append(letter)
        return "ref"

    _answer(monkeypatch, takes)
    return letters


def _answer(patch: pytest.MonkeyPatch, send: Callable[[Letter], str]) -> None:
    way = type("Way", (), {"send": staticmethod(send)})
    patch.setattr(deliver, "carrier", lambda *_: way)


def _round() -> reminders.Sent:
    reminders.tick("a")
    return reminders.send(Route.EMAIL, "a")


def _rows(channel: str = "email") -> list[OutboxMessage]:
    db.session.rollback()
    query = sa.select(OutboxMessage).where(OutboxMessage.channel == channel)
    query = query.order_by(OutboxMessage.legal_date, OutboxMessage.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _states(channel: str = "email") -> list[str]:
    return [row.state.value for row in _rows(channel)]


def _later() -> list[OutboxMessage]:
    """The reminders of next week's dates, which can wait."""
    return [row for row in _rows() if row.legal_date > date(2026, 11, 24)]


def _waiting() -> set[str]:
    return {row.state.value for row in _later()}


def _night() -> None:
    wall.fix(_at(23, 20))


@pytest.mark.both_databases
def test_at_night_only_what_is_urgent_leaves_and_the_rest_as_one_in_the_morning(
    case: Case, taken: list[Letter]
) -> None:
    _night()
    assert _round() == reminders.Sent(accepted=1)
    assert "2" in taken[0].text
    assert _states() == ["sent", "sent", "ready", "ready"]
    assert (set(_states("inbox")), len(_rows("by_hand"))) == ({"sent"}, 4)
    assert {row.available_at for row in _rows("by_hand")} == {_at(23, 20)}
    wall.fix(_at(24, 8, 29))
    _round()
    assert _waiting() == {"ready"}
    taken.clear()
    wall.fix(_at(24, 8, 30))
    _round()
    assert _waiting() == {"sent"}
    assert ["2" in letter.text for letter in taken] == [True]


def test_waiting_for_the_morning_is_no_trouble_and_says_until_when(
    case: Case, taken: list[Letter], clock: TestClock
) -> None:
    _night()
    _round()
    clock.advance(hours=3)
    reminders.tick("a")
    assert [row.told_at for row in _rows()] == [None] * 4
    with transaction():
        director = make.make_actor(org.centre(), Role.DIRECTOR)
    shown = [row for row in watch.messages(director, trouble_only=False) if row.waits_until]
    assert [(row.route, row.standing) for row in shown] == [
        (Route.EMAIL, watch.Standing.WAITING)
    ] * 2
    assert {row.waits_until for row in shown} == {_at(24, 8, 30)}


@pytest.mark.both_databases
def test_what_failed_by_day_is_not_tried_again_at_night(
    case: Case, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Letter] = []

    def refuses(letter: Letter) -> str:
        tried.append(letter)
        raise OutsideFailure("no", code="refused")

    _answer(monkeypatch, refuses)
    wall.fix(_at(23, 17, 59))
    _round()
    clock.advance(minutes=6)
    reminders.send(Route.EMAIL, "a")  # urgent and not, in one message by day, part at night
    assert [row.attempts for row in _later()] == [1, 1]
    assert [row.attempts for row in _rows()[:2]] == [2, 2]
    _round()
    assert {row.available_at for row in _later()} == {_at(24, 8, 30)}


@pytest.mark.both_databases
def test_new_hours_hold_for_what_waits_already(case: Case, taken: list[Letter]) -> None:
    with transaction():
        director = make.make_actor(org.centre(), Role.DIRECTOR)
    _night()
    _round()
    with transaction():
        reminders.set_sending_hours(director, Hours(time(10), time(18)))
    assert {row.available_at for row in _later()} == {_at(24, 10)}
    with transaction():
        version = reminders.sending_hours_row()
        reminders.set_sending_hours(
            director, Hours(time(7), time(21)), version.version if version else 0
        )
    _round()
    assert _states() == ["sent"] * 4


def test_a_holiday_that_becomes_known_makes_it_wait_longer(
    case: Case, taken: list[Letter], monkeypatch: pytest.MonkeyPatch
) -> None:
    _night()
    _round()
    notice = YearNotice(2026, {date(2026, 11, 24): "放假"}, frozenset())
    monkeypatch.setattr(hours, "work_calendar", lambda: WorkCalendar([notice]))
    wall.fix(_at(24, 9))
    _round()
    assert _waiting() == {"ready"}
    assert {row.available_at for row in _later()} == {_at(25, 8, 30)}


@pytest.mark.parametrize("closes", [time(8, 30), time(7)])
def test_hours_that_end_before_they_begin_are_refused(app: Flask, closes: time) -> None:
    with transaction():
        director = make.make_actor(make.make_office(), Role.DIRECTOR)
    with pytest.raises(BadInput) as refused, transaction():
        reminders.set_sending_hours(director, Hours(time(8, 30), closes))
    assert refused.value.field == "closes"
    assert reminders.sending_hours() == USUAL
