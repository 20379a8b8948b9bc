"""The plan as the database makes it: one INSERT … SELECT, however many dates are due.

It says the same as `plan.owed` date by date (a test holds them against one another on random
dates). What the step and the rung of a date are hangs on its day, so they are worked out once per
day of the calendar and joined; the dates themselves are never loaded.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import reduce
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from worker_legal.domain.cases.models import Case, Deadline, Proceeding
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.reminders import plan
from worker_legal.domain.reminders.hours import can_wait, opening
from worker_legal.domain.reminders.ladder import CENTRE, DIRECTOR, HANDLER
from worker_legal.domain.reminders.models import INBOX, OutboxMessage, OutboxState
from worker_legal.domain.reminders.plan import MORNING, Round
from worker_legal.domain.reminders.routes import routes_in_use
from worker_legal.domain.reminders.staff import Staff, staff
from worker_legal.domain.reminders.steps import EVERY, STEPS, StepTable
from worker_legal.infra import clock
from worker_legal.infra.db import UtcDateTime, db
from worker_legal.infra.rowsets import rowset
from worker_legal.law.enums import CaseStatus

# The day to remind from lies at most so long before the date, while a year's notice is missing.
BACK = timedelta(days=100)

Condition = sa.ColumnElement[bool]


class Reach(NamedTuple):
    """Which dates and which people a statement plans for."""

    is_far: bool
    of_leaders: bool


REACHES = tuple(Reach(is_far, leaders) for is_far in (False, True) for leaders in (False, True))


class Sweep:
    """One planning of everything that is owed now."""

    def __init__(self, at: Round | None = None) -> None:
        """Read who can be told, by which channels, and the calendar around the day."""
        self.at = at or plan.this_round()
        people = staff(self.at.today)
        self._parked = _parked()
        self._policies = _policies(self.at.table)
        self._sheet = _sheet(self.at, self._policies)
        self._tables = _people_tables(people)

    def missing(self) -> Iterator[sa.Select[Any]]:
        """The rows of the outbox that are owed and not there, for near and far, and by rung."""
        for reach in REACHES:
            owed = self._owed(reach).subquery("owed")
            known = sa.select(OutboxMessage.id).where(OutboxMessage.dedupe_key == owed.c.dedupe_key)
            yield sa.select(owed).where(~known.exists()).order_by(*(owed.c[n] for n in plan.ORDER))

    # --- the statement --------------------------------------------------------------------

    def _owed(self, reach: Reach) -> sa.Select[Any]:
        """The rows of the outbox that are owed to these people for these dates."""
        dates = self._far() if reach.is_far else self._near()
        is_owed = dates.c.step.is_not(None) & (dates.c.case_status == CaseStatus.OPEN)
        told = self._tables["leaders" if reach.of_leaders else "serving"]
        if not reach.of_leaders:
            theirs = (told.c.site_id == dates.c.site_id) & (told.c.person_of == dates.c.handler_id)
            query = sa.select(*self._columns(dates, told)).join(told, theirs)
            return query.where(is_owed)
        served = self._tables["served"]
        is_served = (served.c.site_id == dates.c.site_id) & (
            served.c.person_of == dates.c.handler_id
        )
        nobody = served.c.site_id.is_(None) & (told.c.rung == DIRECTOR)
        return (
            sa.select(*self._columns(dates, told))
            .join(told, told.c.site_id == dates.c.site_id)
            .outerjoin(served, is_served)
            .where(is_owed, (told.c.rung <= dates.c.rung) | nobody)
        )

    def _columns(self, dates: sa.CTE, told: sa.CTE) -> Iterator[sa.ColumnElement[Any]]:
        at, due_at = self.at, _morning_of(dates.c.on_day)
        key = (
            dates.c.deadline_id,
            dates.c.version,
            dates.c.rule_code,
            dates.c.step,
            told.c.person_id,
            told.c.channel,
        )
        yield _joined(key).label("dedupe_key")
        yield dates.c.deadline_id
        yield dates.c.version.label("deadline_version")
        yield dates.c.case_id
        yield dates.c.rule_code
        yield dates.c.step
        yield told.c.person_id.label("addressee_id")
        yield told.c.channel
        yield dates.c.due_on.label("legal_date")
        yield due_at.label("due_at")
        yield sa.literal(at.now, UtcDateTime).label("created_at")
        yield self._is_late(due_at).label("is_late")
        yield sa.literal(OutboxState.READY, OutboxMessage.state.type).label("state")
        yield self._leaves(dates, told).label("available_at")
        yield sa.literal("").label("lease_owner")
        yield sa.literal(0).label("fence")
        yield sa.literal(0).label("attempts")
        yield sa.literal("").label("last_error")

    def _leaves(self, dates: sa.CTE, told: sa.CTE) -> sa.ColumnElement[Any]:
        now = sa.literal(self.at.now, UtcDateTime)
        starts = opening(self.at.now, self.at.hours, self.at.calendar)
        waits = can_wait(told.c.channel, dates.c.due_on, starts)
        return sa.case((waits, sa.literal(starts, UtcDateTime)), else_=now)

    def _is_late(self, due_at: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        if self.at.last is None:
            return sa.literal(False)
        after = due_at > sa.literal(self.at.last.at, UtcDateTime)
        return after & (due_at < sa.literal(self.at.now - plan.LATE_AFTER, UtcDateTime))

    # --- the dates ------------------------------------------------------------------------

    def _near(self) -> sa.CTE:
        """The open dates near enough for a step, with the step that is owed and the rung."""
        sheet, at = self._sheet, self.at
        today, day = sa.literal(at.today, sa.Date), sa.literal(at.day, sa.Date)
        is_past = Deadline.due_on < today
        is_late = ~Deadline.optional & (Deadline.due_on <= self._cut(at.ladder.owner_after))
        is_last = (
            (sheet.c.days == 0)
            & (Deadline.known_on <= Deadline.remind_on)
            & (Deadline.known_on <= day)
        )
        is_step = (sheet.c.days > 0) & (Deadline.known_on <= sheet.c.on_day)
        late = plan.late_step(at.day).name
        moved = sa.case((Deadline.version > 1, plan.MOVED))
        step = sa.case(
            (is_past, sa.case((is_late, late), else_=moved)),
            (is_last | is_step, "day-" + sa.cast(sheet.c.days, sa.String)),
            else_=moved,
        )
        learned = sa.case(
            (Deadline.known_on > sheet.c.on_day, Deadline.known_on), else_=sheet.c.on_day
        )
        on_day = sa.case(
            (is_past & is_late, day),
            (~is_past & is_last, learned),
            (~is_past & is_step, sheet.c.on_day),
            else_=Deadline.known_on,
        )
        is_told = ~is_past & (is_last | is_step)
        rung = sa.case(
            (is_past & is_late, self._rung_after()),
            (is_told & self._climbs(sheet), sheet.c.rung),
            else_=HANDLER,
        )
        here = (sheet.c.policy == self._policy()) & (sheet.c.remind_on == _text(Deadline.remind_on))
        near = Deadline.remind_on <= sa.literal(at.until, sa.Date)
        return self._dates(near, step, on_day, rung, sheet=(sheet, here))

    def _far(self) -> sa.CTE:
        """The open dates far ahead of which nothing is owed but that they moved."""
        # as text: by the index of what moved, which is short, not by that of all that lies ahead
        far = _text(Deadline.remind_on) > self.at.until.isoformat()
        moved = far & (Deadline.version > sa.literal(1, literal_execute=True))
        rung = sa.literal(HANDLER)
        known_on = sa.type_coerce(Deadline.known_on, sa.Date)
        return self._dates(moved, sa.literal(plan.MOVED), known_on, rung)

    def _dates(
        self,
        where: Condition,
        step: sa.ColumnElement[Any],
        on_day: sa.ColumnElement[Any],
        rung: sa.ColumnElement[Any],
        sheet: tuple[sa.CTE, Condition] | None = None,
    ) -> sa.CTE:
        query = (
            sa.select(
                Deadline.id.label("deadline_id"),
                Deadline.version,
                Deadline.case_id,
                Deadline.rule_code,
                Deadline.due_on,
                Case.org_unit_id.label("site_id"),
                sa.func.coalesce(Proceeding.handler_id, Case.handler_id).label("handler_id"),
                step.label("step"),
                sa.type_coerce(on_day, sa.Date).label("on_day"),
                self._above(rung).label("rung"),
                Case.status.label("case_status"),
            )
            # outer joins from the dates on, in a table of its own: so that the database goes by
            # the day to remind from, and never by the cases
            .outerjoin(Case, Case.id == Deadline.case_id)
            .outerjoin(Proceeding, Proceeding.id == Deadline.proceeding_id)
        )
        if sheet is not None:
            query = query.outerjoin(*sheet)
        query = query.where(*plan.is_running(), _text(Deadline.due_on).is_not(None), where)
        return query.cte("dates").prefix_with("MATERIALIZED")

    def _policy(self) -> sa.ColumnElement[int]:
        """Which list of steps a date has, by its rule and the day since when it is known."""
        whens = [
            (_kind_is(kind) & (Deadline.known_on >= sa.literal(since, sa.Date)), number)
            for kind, since, number in self._policies.choices
        ]
        return sa.case(*whens, else_=0) if whens else sa.literal(0)

    def _climbs(self, sheet: sa.CTE) -> Condition:
        """Whether a date before its day climbs: nobody has answered, the handler had a day."""
        day = sa.literal(self.at.day, sa.Date)
        has_had_a_day = (Deadline.known_on < day) | (Deadline.remind_on <= day)
        return (sheet.c.rung > HANDLER) & ~Deadline.optional & has_had_a_day & ~plan.is_answered()

    def _rung_after(self) -> sa.ColumnElement[int]:
        ladder, at = self.at.ladder, self.at
        missed = at.missed(clock.start_of(at.day) + MORNING)
        return sa.case(
            (Deadline.due_on <= self._cut(ladder.centre_after), CENTRE),
            (Deadline.due_on <= self._cut(ladder.director_after), DIRECTOR),
            else_=DIRECTOR if missed else HANDLER,
        )

    def _cut(self, working_days: int) -> sa.ColumnElement[date]:
        """The last day that lies so many working days back."""
        after = self.at.day + timedelta(days=1 if working_days else 0)
        back = self.at.calendar.subtract_working_days(after, working_days)
        return sa.literal(back - timedelta(days=1), sa.Date)

    def _above(self, rung: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """The rung, higher where people could not be told of the date as it stands."""
        by_rung: dict[int, list[int]] = {}
        for number, count in self._parked.items():
            by_rung.setdefault(min(count, CENTRE), []).append(number)
        whens = [(Deadline.id.in_(some) & (rung < up), up) for up, some in by_rung.items()]
        return sa.case(*whens, else_=rung) if whens else rung


# --- what is read once ---------------------------------------------------------------------


def put(missing: sa.Select[Any]) -> int:
    """Put what is missing into the outbox; a key that is there already changes nothing."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    fresh = insert(OutboxMessage).from_select(list(missing.selected_columns.keys()), missing)
    new = fresh.on_conflict_do_nothing(index_elements=["dedupe_key"])
    done = db.session.execute(new.execution_options(preserve_rowcount=True))
    return int(getattr(done, "rowcount", 0))


class _Policies(NamedTuple):
    """Every list of steps in use, and which dates follow which: kind, known since, number."""

    lists: tuple[tuple[int, ...], ...]
    choices: tuple[tuple[str, date, int], ...]


def _policies(table: StepTable) -> _Policies:
    lists: list[tuple[int, ...]] = [STEPS]
    choices: list[tuple[str, date, int]] = []
    for kind in sorted(table.changes, key=lambda kind: (kind == EVERY, "." not in kind)):
        code = "" if kind == EVERY else kind if "." in kind else f"{kind}."
        related = {kind, code.split(".")[0], EVERY} & table.changes.keys()
        days = {since for name in related for since, _ in table.changes[name]}
        for since in sorted(days, reverse=True):
            steps = table.of(code, since)
            if steps not in lists:
                lists.append(steps)
            choices.append((kind, since, lists.index(steps)))
    return _Policies(tuple(lists), tuple(choices))


def _kind_is(kind: str) -> Condition:
    if kind == EVERY:
        return sa.true()
    return Deadline.rule_code == kind if "." in kind else Deadline.rule_code.startswith(f"{kind}.")


def _sheet(at: Round, policies: _Policies) -> sa.CTE:
    """For every list of steps and day to remind from: the step that has come, and the rung."""
    columns = {
        "policy": sa.Integer(),
        "remind_on": sa.String(),
        "days": sa.Integer(),
        "on_day": sa.Date(),
        "rung": sa.Integer(),
    }
    span = (at.until - at.today + BACK).days
    rows = []
    for number, steps in enumerate(policies.lists):
        for offset in range(span + 1):
            remind_on = at.today - BACK + timedelta(days=offset)
            for days in sorted(steps):
                on = at.calendar.roll_back(remind_on - timedelta(days=days))
                if on <= at.day:
                    rows.append(
                        (number, remind_on.isoformat(), days, on, plan.rung_before(remind_on, at))
                    )
                    break
    return rowset("sheet", columns, rows)


def _people_tables(people: Staff) -> dict[str, sa.CTE]:
    """Who is told: for a handler at a site, and on the rungs above it, with every channel."""
    routes, whole = routes_in_use(), sa.Integer()
    paths = {
        row.id: row.path or "" for row in db.session.execute(sa.select(OrgUnit.id, OrgUnit.path))
    }
    served = [(s, u) for s, path in paths.items() for u in people.places if people.serves(u, path)]
    serving = [
        (site, user, person, channel)
        for site, user in served
        for person in people.with_deputies(user, paths[site])
        for channel in routes.of(person)
    ]
    leaders = [
        (site, rung, person, channel)
        for site, path in paths.items()
        for rung in (DIRECTOR, CENTRE)
        for leader in people.on_rung(rung, None, path)
        for person in people.with_deputies(leader, path)
        for channel in routes.of(person)
    ]
    told = {"person_id": whole, "channel": sa.String()}
    return {
        "served": rowset("served", {"site_id": whole, "person_of": whole}, served),
        "serving": rowset("serving", {"site_id": whole, "person_of": whole, **told}, serving),
        "leaders": rowset("leaders", {"site_id": whole, "rung": whole, **told}, leaders),
    }


def _parked() -> dict[int, int]:
    """Dates of which people could not be told as they stand, with how many people."""
    query = (
        sa.select(OutboxMessage.deadline_id, sa.func.count(OutboxMessage.addressee_id.distinct()))
        .join(
            Deadline,
            (Deadline.id == OutboxMessage.deadline_id)
            & (Deadline.version == OutboxMessage.deadline_version),
        )
        .where(OutboxMessage.state == OutboxState.PARKED, OutboxMessage.channel == INBOX)
        .group_by(OutboxMessage.deadline_id)
    )
    return {number: count for number, count in db.session.execute(query)}


def _text(day: Any) -> sa.ColumnElement[str]:
    """A day as it is written, 2026-11-23."""
    if db.engine.dialect.name == "sqlite":
        return sa.cast(day, sa.String)
    return sa.func.to_char(day, "YYYY-MM-DD")


def _joined(parts: Iterable[sa.ColumnElement[Any]]) -> sa.ColumnElement[str]:
    """A key of its parts, as `plan.key_of` writes it."""
    texts: list[sa.ColumnElement[str]] = [sa.cast(part, sa.String) for part in parts]
    return reduce(lambda left, right: left + ":" + right, texts)


def _morning_of(day: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Eight in the morning in China, which is midnight in UTC."""
    if db.engine.dialect.name == "sqlite":
        text = sa.cast(day, sa.String) + " 00:00:00.000000"
        return sa.type_coerce(text, UtcDateTime)
    midnight = sa.func.timezone("UTC", sa.cast(day, sa.DateTime))
    return sa.type_coerce(midnight, UtcDateTime)
