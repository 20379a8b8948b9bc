"""Sending outside: none lost, each state shown right, one way never in the way of another."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support.clocks import TestClock
from worker_legal.domain import access, org, reminders
from worker_legal.domain.cases.models import Case, Deadline
from worker_legal.domain.parties import Employer, Worker
from worker_legal.domain.permissions import Role
from worker_legal.domain.reminders import deliver, outside, routes, texts
from worker_legal.domain.reminders.models import (
    DeliveryAttempt,
    InboxMessage,
    OutboxMessage,
    OutboxState,
)
from worker_legal.domain.reminders.routes import OfficeRoute, Route
from worker_legal.domain.reminders.undelivered import UNDELIVERED
from worker_legal.errors import OutsideFailure
from worker_legal.infra import clock as wall
from worker_legal.infra.db import db, transaction
from worker_legal.infra.letters import Letter


@dataclass
class Post:
    """The outside world: what it took, and how it answers each way's messages."""

    taken: list[tuple[str, Letter]] = field(default_factory=list)
    tried: list[tuple[str, Letter]] = field(default_factory=list)
    moods: dict[str, str] = field(default_factory=dict)
    before: Callable[[], None] = lambda: None

    def carrier(self, kind: str, _settings: Any) -> Any:
        post = self

        class Way:
            def send(self, letter: Letter) -> str:
                post.tried.append((kind, letter))
                post.before()
                code = post.moods.get(kind, "")
                if code == "crash":
                    raise ValueError("canary")
                if code:
                    raise OutsideFailure("no", code=code)
                post.taken.append((kind, letter))
                return f"ref-{len(post.taken)}"

        return Way()


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    world = Post()
    monkeypatch.setattr(deliver, "carrier", world.carrier)
    return world


@pytest.fixture
def handler(app: Flask) -> access.User:
    with transaction():
        centre = make.make_office("示例区中心")
        make.make_user(centre, Role.DIRECTOR, name="主任")
        user = make.make_user(centre, Role.MEDIATOR)
        for kind in (Route.EMAIL, Route.WEBHOOK):
            routes.set_office_route(kind, True, {})
            routes.set_person_route(user.id, kind, f"{kind.value}-address")
    return user


@pytest.fixture
def case(handler: access.User) -> Case:
    with transaction():
        case = make.make_case(org.centre(), handler_id=handler.id)
        make.make_dates(case, 0, 1, 3)
    return case


def _rows(channel: str) -> list[OutboxMessage]:
    db.session.rollback()
    query = sa.select(OutboxMessage).where(OutboxMessage.channel == channel)
    query = query.order_by(OutboxMessage.id).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def _states(channel: str = "email") -> set[str]:
    return {row.state.value for row in _rows(channel)}


def _told() -> set[int]:
    query = sa.select(InboxMessage.addressee_id).where(InboxMessage.step == UNDELIVERED)
    return set(db.session.scalars(query))


def _director() -> int:
    query = sa.select(access.RoleGrant.user_id).where(access.RoleGrant.role == Role.DIRECTOR)
    return int(db.session.scalars(query).one())


def _way(kind: Route = Route.EMAIL) -> OfficeRoute:
    db.session.rollback()
    return db.session.get_one(OfficeRoute, kind, populate_existing=True)


def _round(kind: Route = Route.EMAIL) -> reminders.Sent:
    reminders.tick("a")
    return reminders.send(kind, "a")


# --- one message ---------------------------------------------------------------------------


def test_what_is_ready_for_one_person_leaves_as_one_message(case: Case, post: Post) -> None:
    assert _round() == reminders.Sent(accepted=1, failed=0)
    [(kind, letter)] = post.taken
    assert (kind, letter.to) == ("email", "email-address")
    assert "3" in letter.text
    assert _states() == {"sent"}


def test_accepted_means_by_the_server_and_keeps_its_reference(case: Case, post: Post) -> None:
    _round()
    ids = [row.id for row in _rows("email")]
    query = sa.select(DeliveryAttempt).where(DeliveryAttempt.outbox_id.in_(ids))
    tries = [(row.result, row.provider_ref) for row in db.session.scalars(query)]
    assert tries == [("accepted", "ref-1")] * 3


def test_the_name_of_a_message_tells_nothing(case: Case, post: Post) -> None:
    _round()
    [(_, letter)] = post.taken
    assert len(letter.id) == 32
    assert "mediation" not in letter.id
    assert not any(row.dedupe_key in letter.id for row in _rows("email"))


def test_a_crash_after_sending_repeats_the_same_name(
    case: Case, post: Post, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(outside, "accept", dies)
        with pytest.raises(KeyboardInterrupt):
            _round()
    assert _states() == {"ready"}
    with transaction():  # what comes in between leaves as a message of its own
        make.make_dates(case, 7)
    clock.advance(minutes=5, seconds=1)
    _round()
    names = [letter.id for _, letter in post.taken]
    assert names[0] == names[1]
    assert len(set(names)) == 2
    assert _states() == {"sent"}


def test_nothing_is_held_while_the_server_thinks(case: Case, post: Post) -> None:
    post.before = lambda: seen.append(db.session().in_transaction())
    seen: list[bool] = []
    _round()
    assert seen == [False]


def test_a_worker_that_overslept_its_lease_marks_nothing(
    case: Case, post: Post, clock: TestClock
) -> None:
    reminders.tick("a")
    terms = outside.Terms("slow", deliver.LEASE, deliver.MOST_ATTEMPTS)
    with transaction():
        [slow] = outside.claim(Route.EMAIL, terms, 10)
    clock.advance(minutes=6)
    with transaction():
        [newer] = outside.claim(Route.EMAIL, terms, 10)
    with transaction():
        outside.accept(slow, wall.now(), "late")
    assert _states() == {"ready"}
    with transaction():
        outside.accept(newer, wall.now(), "in time")
    assert _states() == {"sent"}


def test_a_date_that_moved_meanwhile_is_not_counted(case: Case, post: Post) -> None:
    reminders.tick("a")
    with transaction():
        first = db.session.scalars(sa.select(OutboxMessage.deadline_id).limit(1)).one()
        db.session.get_one(Deadline, first).version += 1
    reminders.send(Route.EMAIL, "a")
    [(_, letter)] = post.taken
    assert "2" in letter.text


# --- failures --------------------------------------------------------------------------------


@pytest.mark.parametrize("mood", ["unreachable", "timeout", "busy", "refused", "crash"])
def test_a_failing_way_keeps_neither_the_inbox_nor_another(
    case: Case, post: Post, mood: str
) -> None:
    post.moods["email"] = mood
    assert _round() == reminders.Sent(accepted=0, failed=1)
    assert reminders.send(Route.WEBHOOK, "a").accepted == 1
    assert (_states("inbox"), _states("webhook"), _states()) == ({"sent"}, {"sent"}, {"ready"})


@pytest.mark.parametrize("mood", ["refused", "crash", "timeout"])
def test_after_five_tries_it_is_set_aside_and_told(
    case: Case, post: Post, clock: TestClock, mood: str
) -> None:
    post.moods["email"] = mood
    for _ in range(20):
        _round()
        clock.advance(minutes=3)
    rows = _rows("email")
    assert {(row.state.value, row.attempts) for row in rows} == {("parked", 5)}
    assert {row.last_error for row in rows} == {"ValueError" if mood == "crash" else mood}
    reminders.tick("a")
    assert _director() in _told()


def test_no_text_of_an_error_is_kept(case: Case, post: Post) -> None:
    post.moods["email"] = "crash"
    _round()
    kept = str([row.result for row in db.session.scalars(sa.select(DeliveryAttempt))])
    assert "canary" not in kept + str([row.last_error for row in _rows("email")])


def test_the_tries_lie_farther_and_farther_apart() -> None:
    waits = [deliver.backoff(attempts) for attempts in range(1, 12)]
    lowest = [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    for wait, least in zip(waits, [*lowest, *[deliver.LONGEST_WAIT] * 7], strict=True):
        assert least <= wait < least + timedelta(seconds=10)


def test_a_quarter_of_an_hour_without_getting_through_is_told(
    case: Case, post: Post, clock: TestClock, handler: access.User
) -> None:
    post.moods["email"] = "unreachable"
    begun = wall.now()
    while not _told():
        _round()
        clock.advance(seconds=30)
        assert wall.now() - begun <= timedelta(minutes=16)
    assert _told() == {_director(), handler.id}


def test_what_is_told_is_told_once_a_date(case: Case, post: Post, clock: TestClock) -> None:
    post.moods |= {"email": "unreachable", "webhook": "refused"}
    for _ in range(30):
        _round()
        reminders.send(Route.WEBHOOK, "a")
        clock.advance(minutes=2)
    reminders.tick("a")
    query = sa.select(sa.func.count(), InboxMessage.addressee_id).where(
        InboxMessage.step == UNDELIVERED
    )
    counts = db.session.execute(query.group_by(InboxMessage.addressee_id)).all()
    assert [count for count, _ in counts] == [3, 3]


def test_what_nobody_takes_out_of_the_tray_is_told_after_a_day(
    case: Case, clock: TestClock, handler: access.User
) -> None:
    with transaction():
        routes.set_office_route(Route.EMAIL, False, {})
        routes.set_office_route(Route.WEBHOOK, False, {})
        routes.set_office_route(Route.BY_HAND, True, {})
        routes.set_person_route(handler.id, Route.BY_HAND, "pigeonhole 3")
    reminders.tick("a")
    clock.advance(hours=23)
    reminders.tick("a")
    assert _told() == set()
    clock.advance(hours=2)
    reminders.tick("a")
    assert _director() in _told()


@pytest.mark.parametrize("reason", ["no_address", "disabled"])
def test_who_cannot_be_reached_at_all_is_told_at_once(
    case: Case, post: Post, handler: access.User, reason: str
) -> None:
    reminders.tick("a")
    with transaction():
        if reason == "disabled":
            access.disable_user(make.make_actor(org.centre(), Role.ADMINISTRATOR), handler)
        else:
            routes.set_person_route(handler.id, Route.EMAIL, "", is_on=False)
    reminders.send(Route.EMAIL, "a")
    assert {row.last_error for row in _rows("email")} == {reason}
    assert (_states(), post.tried) == ({"parked"}, [])
    reminders.tick("a")
    assert _director() in _told()


# --- the breaker -----------------------------------------------------------------------------


@pytest.fixture
def crowd(case: Case) -> list[int]:
    """Thirty people more with a date each, all reached by e-mail."""
    people = []
    with transaction():
        for number in range(30):
            user = make.make_user(org.centre(), Role.MEDIATOR)
            routes.set_person_route(user.id, Route.EMAIL, f"{number}@office.example")
            make.make_dates(make.make_case(org.centre(), handler_id=user.id), 0)
            people.append(user.id)
    return people


def test_a_way_that_is_down_is_not_hammered(crowd: list[int], post: Post, clock: TestClock) -> None:
    post.moods["email"] = "unreachable"
    for _ in range(120):
        _round()
        clock.advance(seconds=30)
    assert len(post.tried) <= 12
    assert _way().failures >= 3


def test_a_message_that_is_refused_does_not_stop_the_way(crowd: list[int], post: Post) -> None:
    post.moods["email"] = "refused"
    _round()
    assert (len(post.tried), _way().failures, _way().rests_until) == (31, 0, None)


def test_what_was_claimed_when_the_way_went_down_keeps_its_tries(
    crowd: list[int], post: Post
) -> None:
    post.moods["email"] = "unreachable"
    _round()
    attempts = sorted(row.attempts for row in _rows("email"))
    assert attempts.count(0) == len(attempts) - 5  # three parcels, the first with three dates


def test_after_three_days_down_everything_arrives(
    crowd: list[int], post: Post, clock: TestClock
) -> None:
    reminders.tick("a")
    post.moods["email"] = "unreachable"
    for _ in range(72 * 4):
        reminders.send(Route.EMAIL, "a")
        clock.advance(minutes=15)
    post.moods.clear()
    for _ in range(4):
        reminders.send(Route.EMAIL, "a")
        clock.advance(minutes=16)
    print(
        [(r.state.value, r.attempts, r.fence, r.last_error, r.legal_date) for r in _rows("email")]
    )
    assert _states() == {"sent"}
    assert {letter.to for _, letter in post.taken} >= {f"{n}@office.example" for n in range(30)}


def test_one_message_tries_whether_the_way_is_back(
    crowd: list[int], post: Post, clock: TestClock
) -> None:
    post.moods["email"] = "timeout"
    _round()
    post.tried.clear()
    clock.advance(minutes=2)
    reminders.send(Route.EMAIL, "a")
    assert len(post.tried) == 1
    assert _way().rests_until is not None


def test_a_single_message_tries_until_the_way_is_back(
    case: Case, post: Post, clock: TestClock
) -> None:
    reminders.tick("a")
    post.moods["email"] = "unreachable"
    for _ in range(100):
        reminders.send(Route.EMAIL, "a")
        clock.advance(minutes=15)
    assert (_states(), len(post.tried) > 90) == ({"parked"}, True)
    post.moods.clear()
    assert reminders.send(Route.EMAIL, "a").accepted == 1


def test_a_poison_message_does_not_come_back_for_ever(
    case: Case, post: Post, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "MOST_CLAIMS", 12)
    post.moods["email"] = "timeout"
    for _ in range(60):
        _round()
        clock.advance(minutes=16)
        with transaction():  # others get through meanwhile
            outside.note_success(Route.EMAIL)
    assert len(post.tried) <= 12 + deliver.MOST_ATTEMPTS


# --- texts -----------------------------------------------------------------------------------


@pytest.fixture
def words() -> list[texts.Words]:
    made = []
    for language in ("zh", "en"):
        made += [texts.outside(n, "晋" * 20, language) for n in (1, 30, 9_999)]
        made.append(texts.trial("晋" * 20, language))
    return made


def test_a_text_fits_one_short_message(words: list[texts.Words]) -> None:
    assert max(len(each.text) for each in words) <= 70


def test_a_text_is_in_the_persons_language(app: Flask) -> None:
    assert "sign in" in texts.outside(2, "示援", "en").text
    assert "请登录" in texts.outside(2, "示援", "zh").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_message_names_nobody_and_nothing_of_the_case(
    case: Case, post: Post, handler: access.User, language: str
) -> None:
    with transaction():
        access.choose_language(db.session.merge(handler), language)
    _round()
    reminders.send(Route.WEBHOOK, "a")
    db.session.rollback()
    told = " ".join(f"{letter.subject} {letter.text} {letter.id}" for _, letter in post.taken)
    names = list(db.session.scalars(sa.select(Worker.name)))
    names += list(db.session.scalars(sa.select(Employer.name)))
    secret = [*names, db.session.get_one(Case, case.id).case_no, "调解", "mediation"]
    assert [word for word in secret if word in told] == []
    assert OutboxState.SENT.value in _states()
