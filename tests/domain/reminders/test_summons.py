"""Workers are told of their hearing the day before, unless they asked not to be."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support.clocks import TestClock
from worker_legal.domain import access, cases, org, reminders
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.reminders import Route, deliver, routes, texts
from worker_legal.domain.reminders.summons import WorkerMessage
from worker_legal.errors import NotFound, OutsideFailure, RuleBroken
from worker_legal.infra import clock as wall
from worker_legal.infra.db import db, transaction
from worker_legal.infra.letters import Letter
from worker_legal.law.enums import EventKind, Stage

PHONE = "13800005678"
PLACE = "东区站调解室1"


@pytest.fixture
def ten(app: Flask, clock: TestClock) -> TestClock:
    """Ten in the morning of the day before the hearings."""
    with transaction():
        make.make_office()
    clock.advance(minutes=30)
    return clock


def _tomorrow(hour: int = 14) -> datetime:
    return wall.start_of(wall.today() + timedelta(days=1)) + timedelta(hours=hour, minutes=30)


def _case(at: datetime | None = None, place: str = PLACE, phone: str = PHONE, **more: Any) -> int:
    with transaction():
        case = make.make_case(
            org.centre(),
            workers=[make.make_party("柳依依", phone=phone)],
            first_stage=Stage.MEDIATION,
            **more,
        )
        first = make.first_proceeding(case)
        held = (at or _tomorrow()).astimezone(wall.SHANGHAI).isoformat()
        make.record(case, EventKind.HEARING_SCHEDULED, first, at=held, place=place)
        return case.id


def _plan() -> int:
    with transaction():
        return reminders.plan_summons()


def _rows() -> list[WorkerMessage]:
    db.session.rollback()
    query = sa.select(WorkerMessage).order_by(WorkerMessage.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def test_a_worker_is_told_at_ten_the_day_before(ten: TestClock) -> None:
    _case()
    ten.advance(minutes=-1)
    assert _plan() == 0
    ten.advance(minutes=1)
    assert _plan() == 1


def test_asking_twice_tells_once(ten: TestClock) -> None:
    _case()
    assert [_plan(), _plan()] == [1, 0]


def test_who_must_not_be_called_is_not_told(ten: TestClock) -> None:
    _case(quiet_contact=True)
    assert _plan() == 0


def test_who_left_no_number_is_not_told(ten: TestClock) -> None:
    _case(phone="")
    assert _plan() == 0


def test_a_hearing_later_than_tomorrow_waits(ten: TestClock) -> None:
    _case(_tomorrow() + timedelta(days=1))
    assert _plan() == 0


def test_after_an_outage_the_hearing_of_the_day_is_still_told(ten: TestClock) -> None:
    _case()
    ten.advance(hours=22)
    assert _plan() == 1
    ten.advance(hours=10)
    assert (_plan(), [row.state.value for row in _rows()]) == (0, ["cancelled"])


def test_a_hearing_put_off_takes_its_message_back(ten: TestClock) -> None:
    number = _case()
    _plan()
    with transaction():
        case = db.session.get_one(cases.Case, number)
        held = (_tomorrow() + timedelta(days=7)).astimezone(wall.SHANGHAI).isoformat()
        first = make.first_proceeding(case)
        make.record(
            case, EventKind.HEARING_ADJOURNED, first, at=held, place=PLACE, reason="单位请假"
        )
    _plan()
    assert [row.state.value for row in _rows()] == ["cancelled"]


# --- the text -----------------------------------------------------------------------------


def test_the_text_says_when_and_where_and_nobody(ten: TestClock) -> None:
    _case()
    _plan()
    text = texts.summons("示援", _rows()[0].held_at, _rows()[0].place)
    assert text == "【示援】请于11月24日14:30到东区站调解室1，请带身份证和回执。"


@pytest.mark.parametrize("place", ["示例第9制造有限公司会议室", "柳依依家里", "长" * 90])
def test_a_place_that_names_somebody_or_is_too_long_stays_on_the_receipt(
    ten: TestClock, place: str
) -> None:
    _case(place=place)
    _plan()
    [row] = _rows()
    text = texts.summons("晋" * 20, row.held_at, row.place)
    assert "回执上写的地点" in text
    assert len(text) <= texts.LONGEST


# --- sending ------------------------------------------------------------------------------


class Gateway:
    """A gateway that takes everything, or nothing."""

    def __init__(self, refusal: str = "") -> None:
        self.refusal = refusal
        self.got: list[Letter] = []

    def send(self, letter: Letter) -> str:
        self.got.append(letter)
        if self.refusal:
            raise OutsideFailure("no", code=self.refusal)
        return "ref-1"


@pytest.fixture
def gateway(ten: TestClock, monkeypatch: pytest.MonkeyPatch) -> Gateway:
    made = Gateway()
    monkeypatch.setattr(deliver, "carrier", lambda *_: made)
    with transaction():
        routes.set_office_route(Route.SMS, True, {})
    return made


def test_a_gateway_gets_the_number_and_the_text(gateway: Gateway) -> None:
    _case()
    _plan()
    assert reminders.send_summons() == reminders.Sent(accepted=1, failed=0)
    [letter] = gateway.got
    assert (letter.to, PLACE in letter.text) == (PHONE, True)
    assert [(row.state.value, row.provider_ref) for row in _rows()] == [("sent", "ref-1")]
    assert reminders.send_summons() == reminders.Sent()


def test_who_dies_after_sending_repeats_the_name(
    gateway: Gateway, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    _case()
    _plan()
    with monkeypatch.context() as patched:
        patched.setattr("worker_legal.domain.reminders.summons.mark_summons", dies)
        with pytest.raises(KeyboardInterrupt):
            reminders.send_summons()
    clock.advance(minutes=5, seconds=1)
    assert reminders.send_summons().accepted == 1
    assert len(gateway.got) == 2
    assert len({letter.id for letter in gateway.got}) == 1


@pytest.mark.parametrize("refusal", ["refused", "unreachable"])
def test_what_the_gateway_does_not_take_lands_in_the_tray(
    gateway: Gateway, clock: TestClock, refusal: str
) -> None:
    gateway.refusal = refusal
    _case()
    for _ in range(30):
        _plan()
        reminders.send_summons()
        clock.advance(minutes=3)
    [row] = _rows()
    assert (row.route, row.state.value, len(gateway.got) <= 5) == (Route.BY_HAND, "ready", True)


# --- the tray -----------------------------------------------------------------------------


def test_without_a_gateway_it_waits_in_the_tray_until_ticked_off(ten: TestClock) -> None:
    _case()
    _plan()
    with transaction():
        actor = make.make_actor(org.centre(), Role.INTAKE)
    [waiting] = reminders.waiting_for_workers(actor)
    assert (waiting.hint, PLACE in waiting.text) == ("138****5678", True)
    with transaction():
        reminders.tick_off_worker(actor, waiting.id)
    assert reminders.waiting_for_workers(actor) == []
    [row] = _rows()
    assert (row.state.value, row.handed_by_id) == ("sent", actor.user_id)


def test_the_tray_of_another_station_shows_nothing(ten: TestClock) -> None:
    _case()
    _plan()
    with transaction():
        stranger = make.make_actor(make.make_site(parent=org.centre()), Role.INTAKE)
    assert reminders.waiting_for_workers(stranger) == []
    with pytest.raises(NotFound), transaction():
        reminders.tick_off_worker(stranger, _rows()[0].id)


# --- what is not getting through ----------------------------------------------------------


def _notices(user_id: int) -> list[tuple[str, bool]]:
    reminders.tick("a")
    found = reminders.notices(access.actor_for(db.session.get_one(access.User, user_id)))
    return [(each.what, each.is_untold) for each in found if each.is_untold]


def _fail(gateway: Gateway, clock: TestClock) -> None:
    """Five tries in vain, after which the message lies in the tray."""
    gateway.refusal = "refused"
    for _ in range(30):
        _plan()
        reminders.send_summons()
        clock.advance(minutes=3)


@pytest.fixture
def handler(ten: TestClock) -> int:
    with transaction():
        return make.make_user(org.centre(), Role.MEDIATOR).id


@pytest.fixture
def director(ten: TestClock) -> Actor:
    with transaction():
        return make.make_actor(org.centre(), Role.DIRECTOR)


def test_who_handles_and_who_leads_are_told_once_that_a_worker_is_not(
    gateway: Gateway, clock: TestClock, handler: int, director: Actor
) -> None:
    _case(handler_id=handler)
    assert (_notices(handler), _notices(director.user_id)) == ([], [])
    _fail(gateway, clock)
    told = [("开庭、调解会", True)]
    assert (_notices(handler), _notices(director.user_id)) == (told, told)
    assert _notices(handler) == told


def test_a_message_in_the_tray_is_not_left_there_until_the_hearing(
    ten: TestClock, handler: int
) -> None:
    _case(handler_id=handler)
    _plan()
    ten.advance(hours=2, minutes=59)
    assert _notices(handler) == []
    ten.advance(minutes=2)
    assert _notices(handler) == [("开庭、调解会", True)]


def test_who_was_told_by_hand_in_time_needs_no_notice(ten: TestClock, handler: int) -> None:
    _case(handler_id=handler)
    _plan()
    with transaction():
        clerk = make.make_actor(org.centre(), Role.INTAKE)
    [waiting] = reminders.waiting_for_workers(clerk)
    with transaction():
        reminders.tick_off_worker(clerk, waiting.id)
    ten.advance(hours=4)
    assert _notices(handler) == []


def test_the_list_says_how_far_each_message_has_come(
    gateway: Gateway, clock: TestClock, director: Actor
) -> None:
    _case()
    _plan()
    seen = [_standings(director)]
    gateway.refusal = "busy"
    reminders.send_summons()
    seen.append(_standings(director))
    _fail(gateway, clock)
    seen.append(_standings(director))
    assert seen == [["waiting"], ["failed"], ["parked"]]
    assert (reminders.worker_trouble_count(director), _trouble(director)) == (1, ["parked"])


def _standings(actor: Actor) -> list[str]:
    db.session.rollback()
    return [line.standing.value for line in reminders.worker_messages(actor, False)]


def _trouble(actor: Actor) -> list[str]:
    return [line.standing.value for line in reminders.worker_messages(actor, True)]


def test_what_failed_is_tried_anew_when_told_to(
    gateway: Gateway, clock: TestClock, director: Actor
) -> None:
    _case()
    _fail(gateway, clock)
    [line] = reminders.worker_messages(director, True)
    gateway.refusal = ""
    with transaction():
        reminders.retry_worker(director, line.id)
    _plan()
    assert reminders.send_summons().accepted == 1
    assert (_standings(director), _trouble(director)) == (["accepted"], [])
    with pytest.raises(RuleBroken), transaction():
        reminders.retry_worker(director, line.id)


def test_all_that_failed_is_tried_anew_at_once(
    gateway: Gateway, clock: TestClock, director: Actor
) -> None:
    _case()
    _case()
    _fail(gateway, clock)
    with transaction():
        assert reminders.retry_workers(director) == 2
    assert _standings(director) == ["waiting", "waiting"]


def test_without_a_gateway_nothing_can_be_tried_anew(
    gateway: Gateway, clock: TestClock, director: Actor
) -> None:
    _case()
    _fail(gateway, clock)
    with transaction():
        routes.set_office_route(Route.SMS, False, {})
        assert reminders.retry_workers(director) == 0
    [line] = reminders.worker_messages(director, True)
    assert not line.may_retry
    with pytest.raises(RuleBroken), transaction():
        reminders.retry_worker(director, line.id)


def test_messages_of_another_station_are_out_of_sight(
    gateway: Gateway, clock: TestClock, director: Actor
) -> None:
    _case()
    _fail(gateway, clock)
    with transaction():
        stranger = make.make_actor(make.make_site(parent=org.centre()), Role.DIRECTOR)
    [line] = reminders.worker_messages(director, True)
    assert (_standings(stranger), reminders.worker_trouble_count(stranger)) == ([], 0)
    with pytest.raises(NotFound), transaction():
        reminders.retry_worker(stranger, line.id)
