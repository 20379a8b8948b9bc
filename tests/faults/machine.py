"""Any order of what can happen to reminders, held against a model that knows only the rules.

Dates come, move, are met and taken up again; steps change; the handler's account is shut and
opened; the way outside fails; a round dies at any statement; clocks jump; the database comes back
from a backup. After every round the inbox holds what the model says, each message once.
"""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import sqlalchemy as sa
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests import builders as make
from worker_legal.domain import access, reminders
from worker_legal.domain.access import User
from worker_legal.domain.cases.models import Deadline
from worker_legal.domain.holidays import work_calendar
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.reminders import deliver, routes
from worker_legal.domain.reminders.models import (
    DeliveryAttempt,
    Heartbeat,
    InboxMessage,
    OutboxMessage,
    OutboxState,
    ReminderStep,
    RestoreFence,
)
from worker_legal.domain.reminders.routes import Route
from worker_legal.errors import OutsideFailure
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db, transaction
from worker_legal.infra.letters import Letter
from worker_legal.law.enums import DeadlineState, Who

SYSTEM = Actor.system("tests")
RULE = "mediation.end"
STEPS = (30, 7, 3, 1, 0)
MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=clock.SHANGHAI)
# what a backup brings back as it was, children last
KEPT = (Deadline, ReminderStep, OutboxMessage, InboxMessage, DeliveryAttempt, Heartbeat)
CHANGED = (RestoreFence, DeliveryAttempt, InboxMessage, OutboxMessage, Heartbeat, ReminderStep)
Told = tuple[int, int, str, int]


class DiedError(BaseException):
    """The process is gone: nothing of it may catch this and go on."""


@dataclass(frozen=True)
class Date:
    """A date as the model knows it."""

    due: date
    known: date
    version: int = 1
    is_open: bool = True


@dataclass
class Model:
    """What the office knows, and everything that anybody must have been told."""

    dates: dict[int, Date] = field(default_factory=dict)
    changes: list[tuple[date, tuple[int, ...]]] = field(default_factory=list)
    told: set[Told] = field(default_factory=set)

    def owed(self, number: int, today: date) -> str:
        """The step of a date that is owed in the course of a day, or nothing."""
        one = self.dates[number]
        moved = "moved" if one.version > 1 else ""
        if not one.is_open:
            return ""
        if today > one.due:
            return f"late-{today}" if _works(one.due, today) else moved
        for days in sorted(self._steps(one.known)):
            on = one.due - timedelta(days=days)
            while not work_calendar().is_working(on):
                on -= timedelta(days=1)
            if days == 0:
                on = max(on, one.known)
            if one.known <= on <= today:
                return f"day-{days}"
        return moved

    def _steps(self, known: date) -> tuple[int, ...]:
        held = [days for since, days in self.changes if since <= known]
        return held[-1] if held else STEPS

    def tell(self, today: date, person: int) -> None:
        """Note what a round of this day has to tell a person."""
        for number, one in self.dates.items():
            if step := self.owed(number, today):
                self.told.add((number, one.version, step, person))


def _works(after: date, until: date) -> bool:
    """Whether there is a working day between, the last day counted."""
    days = [after + timedelta(days=n) for n in range(1, (until - after).days + 1)]
    return any(work_calendar().is_working(day) for day in days)


class World:
    """The server outside: well, or down, or refusing; it writes down what it took.

    The clock of the database is ahead of that of the host by so much.
    """

    def __init__(self) -> None:
        self.mood, self.took, self.ahead = "well", Counter[str](), timedelta(0)

    def send(self, letter: Letter) -> str:
        """Take a message, or not."""
        if self.mood == "well":
            self.took[letter.id] += 1
            return letter.id
        code = {"down": "down", "refuses": "refused"}[self.mood]
        raise OutsideFailure(N_("对方没有收"), code=code)


@dataclass
class Office:
    """The people and the case, arranged once; every run begins with no dates."""

    handler: int
    director: int
    case: int


def open_office() -> Office:
    """One case of one handler, a director, and one way outside."""
    with transaction():
        centre = make.make_office()
        handler = make.make_user(centre, Role.MEDIATOR)
        director = make.make_user(centre, Role.DIRECTOR)
        case = make.make_case(centre, handler_id=handler.id)
        db.session.execute(sa.delete(Deadline))
        routes.set_office_route(Route.WEBHOOK, True, {})
        routes.set_person_route(handler.id, Route.WEBHOOK, "somewhere")
        return Office(handler.id, director.id, case.id)


class Machine(RuleBasedStateMachine):
    """What can happen, in any order."""

    office: Office
    world: World

    @initialize()
    def begin(self) -> None:
        """Nothing has happened yet; it is a Monday morning."""
        clock.fix(MORNING)
        self.model, self.backup = Model(), None
        self.is_shut, self.is_told = False, True
        self.world.__init__()  # type: ignore[misc]
        with transaction():
            for table in (*CHANGED, Deadline):
                db.session.execute(sa.delete(table))
            user = db.session.get_one(User, self.office.handler)
            user.disabled_at = None
        self._round()

    # --- what people do -------------------------------------------------------------------

    @rule(ahead=st.sampled_from([-4, 0, 1, 2, 3, 5, 7, 12, 30, 33, 60]))
    def add(self, ahead: int) -> None:
        """A date becomes known."""
        due = clock.today() + timedelta(days=ahead)
        row = Deadline(
            case_id=self.office.case,
            rule_code=RULE,
            rule_version="1",
            trigger_ref=f"event:{len(self.model.dates)}:{clock.now().timestamp()}",
            due_on=due,
            remind_on=due,
            who=Who.OFFICE,
            state=DeadlineState.OPEN,
            known_on=clock.today(),
        )
        with transaction():
            db.session.add(row)
            db.session.flush()
            self.model.dates[row.id] = Date(due, clock.today())
        self.is_told = False

    @precondition(lambda self: self.model.dates)
    @rule(which=st.integers(0, 99), ahead=st.sampled_from([-3, -1, 0, 1, 3, 8, 31, 90]))
    def move(self, which: int, ahead: int) -> None:
        """A date moves; who was told the old one is told the new one."""
        due = clock.today() + timedelta(days=ahead)
        self._change(which, due_on=due, remind_on=due, known_on=clock.today())

    @precondition(lambda self: self.model.dates)
    @rule(which=st.integers(0, 99))
    def meet(self, which: int) -> None:
        """A date is met, or its meeting is taken back."""
        number = self._pick(which)
        is_open = self.model.dates[number].is_open
        state = DeadlineState.MET if is_open else DeadlineState.OPEN
        self._change(which, state=state, known_on=clock.today())

    def _change(self, which: int, **values: Any) -> None:
        number = self._pick(which)
        with transaction():
            row = db.session.get_one(Deadline, number)
            row.version += 1
            for name, value in values.items():
                setattr(row, name, value)
            is_open = row.state is DeadlineState.OPEN
            due, known, version = row.due_on, row.known_on, row.version
        assert due is not None
        self.model.dates[number] = Date(due, known, version, is_open)
        self.is_told = False

    def _pick(self, which: int) -> int:
        numbers = sorted(self.model.dates)
        return numbers[which % len(numbers)]

    @rule(days=st.sampled_from([(10, 2), (0,), (30, 7, 3, 1, 0)]))
    def set_steps(self, days: tuple[int, ...]) -> None:
        """The office changes the steps; it holds for what becomes known from tomorrow on."""
        with transaction():
            reminders.set_steps(SYSTEM, RULE, days)
        since = clock.today() + timedelta(days=1)
        held = [change for change in self.model.changes if change[0] != since]
        self.model.changes = [*held, (since, (*days, 0))]  # of the day itself everybody is told

    @rule()
    def shut_or_open(self) -> None:
        """The account of the handler is shut, or opened again."""
        with transaction():
            user = db.session.get_one(User, self.office.handler)
            (access.enable_user if self.is_shut else access.disable_user)(SYSTEM, user)
        self.is_shut = not self.is_shut
        self.is_told = False

    # --- what time does -------------------------------------------------------------------

    @rule(days=st.sampled_from([1, 1, 2, 3, 9, 30]))
    def later(self, days: int) -> None:
        """Days pass, in which nothing ran."""
        clock.fix(clock.now() + timedelta(days=days))
        self.is_told = False

    @rule(back=st.sampled_from([timedelta(hours=2), timedelta(days=40)]), both=st.booleans())
    def clock_goes_back(self, back: timedelta, both: bool) -> None:
        """The clock of the host is wrong for a while, or both are: nothing is planned by it."""
        self.told()
        before = self._inbox()
        self.world.ahead = timedelta(0) if both else back
        clock.fix(clock.now() - back)
        done = reminders.tick("wrong")
        assert done.trouble
        assert done.planned == 0
        self.world.ahead = timedelta(0)
        clock.fix(clock.now() + back)
        assert self._inbox() == before
        self.is_told = (
            False  # what fell due meanwhile, as the wrong clock has it, leads are told of
        )

    # --- what goes wrong ------------------------------------------------------------------

    @rule(mood=st.sampled_from(["well", "down", "refuses"]))
    def world_is(self, mood: str) -> None:
        """The server outside changes its mind."""
        self.world.mood = mood
        reminders.send(Route.WEBHOOK, "a")

    @rule(at=st.integers(1, 60))
    def die(self, at: int) -> None:
        """A round dies at a statement; after its lease another one comes."""
        left = at

        def blow(*_: Any) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise DiedError

        sa.event.listen(db.engine, "before_cursor_execute", blow)
        try:
            reminders.tick("dies")
            reminders.send(Route.WEBHOOK, "dies")
        except DiedError:
            db.session.rollback()
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", blow)
        clock.fix(clock.now() + timedelta(minutes=5, seconds=1))
        self.told()

    @rule(is_planned=st.booleans())
    def back_up(self, is_planned: bool) -> None:
        """The database is copied, at times with messages that have not left yet."""
        deliver.plan_owed() if is_planned else self._round()
        rows = {
            table: [dict(row) for row in db.session.execute(sa.select(table.__table__)).mappings()]
            for table in KEPT
        }
        db.session.rollback()
        self._round()
        self.backup = rows, deepcopy(self.model), self.is_shut

    @precondition(lambda self: self.backup is not None)
    @rule()
    def restore(self) -> None:
        """The copy comes back; nothing leaves before somebody has confirmed it."""
        rows, model, is_shut = self.backup
        with transaction():
            for table in (*CHANGED, Deadline):
                db.session.execute(sa.delete(table))
            for table in KEPT:
                if rows[table]:
                    db.session.execute(sa.insert(table.__table__), rows[table])
            reminders.raise_fence()
        if is_shut != self.is_shut:
            self.shut_or_open()
        db.session.expire_all()
        self.model, before = deepcopy(model), self._inbox()
        took = self.world.took.copy()
        self.world.mood = "well"
        assert reminders.tick("a").trouble == "restored"
        assert (reminders.send(Route.WEBHOOK, "a").accepted, self._inbox()) == (0, before)
        assert self.world.took == took
        with transaction():
            reminders.confirm_restore(SYSTEM)
        self.told()

    @rule()
    def comes_back_half_done(self) -> None:
        """The copy was taken between planning and delivering."""
        self.add(0)
        self.back_up(is_planned=True)
        self.restore()

    # --- what must hold -------------------------------------------------------------------

    @rule()
    def told(self) -> None:
        """A round: what is owed is told."""
        self._round()

    def _round(self) -> None:
        reminders.tick("a")
        reminders.send(Route.WEBHOOK, "a")
        person = self.office.director if self.is_shut else self.office.handler
        self.model.tell(clock.today(), person)
        self.is_told = True

    def _inbox(self) -> Counter[Told]:
        db.session.rollback()
        keys = db.session.scalars(sa.select(InboxMessage.dedupe_key))
        return Counter(_told(key) for key in keys)

    @invariant()
    def inbox_is_what_the_model_says(self) -> None:
        """Everybody was told everything once, and nothing that was never owed."""
        found = self._inbox()
        assert all(count == 1 for count in found.values()), found
        owed = {told[:3] for told in self.model.told}
        people = {self.office.handler, self.office.director}
        of_steps = {told for told in found if told[2].startswith(("day-", "late-", "moved"))}
        assert self.model.told <= of_steps, self.model.told - of_steps
        assert {told[:3] for told in of_steps} <= owed
        assert {told[3] for told in found} <= people

    @invariant()
    def home_page_counts_from_the_dates(self) -> None:
        """The watcher that asks the dates finds nothing that was not told."""
        if self.is_told:
            assert reminders.unannounced() == 0
        db.session.rollback()

    @invariant()
    def what_went_outside_was_owed_and_marked_once(self) -> None:
        """A message that is marked as sent was taken, and marked once."""
        accepted = Counter(
            db.session.scalars(
                sa.select(DeliveryAttempt.outbox_id).where(DeliveryAttempt.result == "accepted")
            )
        )
        sent = set(
            db.session.scalars(
                sa.select(OutboxMessage.id).where(
                    OutboxMessage.state == OutboxState.SENT,
                    OutboxMessage.channel == Route.WEBHOOK.value,
                )
            )
        )
        db.session.rollback()
        assert all(count == 1 for count in accepted.values())
        assert sent == set(accepted)

    def teardown(self) -> None:
        """With the server outside well again, nothing that can go stays behind."""
        if not hasattr(self, "model"):
            return
        self.world.mood = "well"
        for _ in range(4):
            clock.fix(clock.now() + timedelta(minutes=16))
            self._round()
        waiting = sa.select(sa.func.count(OutboxMessage.id)).where(
            OutboxMessage.state == OutboxState.READY, OutboxMessage.available_at <= clock.now()
        )
        stuck = db.session.scalar(waiting)
        db.session.rollback()
        assert stuck == 0
        self.inbox_is_what_the_model_says()


def _told(key: str) -> Told:
    """The parts of a key: date, version, step, person."""
    parts = key.split(":")
    return int(parts[0]), int(parts[1]), parts[3], int(parts[4])
