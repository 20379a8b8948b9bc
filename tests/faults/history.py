"""The history checker: reads the database after the end, and nothing of the program that ran.

It works out by its own sum which reminders were owed, and holds them against outbox and inbox.
What goes outside is held against what the world outside wrote down, where that is given: repeats
are allowed there, losses are not.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from worker_legal.infra.clock import SHANGHAI
from worker_legal.infra.db import driver_options

# The arrangement puts dates only on these days ahead, or so far ahead that no step is owed.
NEAR = (0, 1, 3, 7)
DATES = "SELECT id, version, rule_code, due_on FROM deadline WHERE state = 'open'"
HANDLER = "SELECT handler_id FROM legal_case"
OUTBOX = "SELECT id, dedupe_key, state, fence, created_at FROM outbox_message"
INBOX = "SELECT dedupe_key, created_at FROM inbox_message"
PUT = "SELECT outbox_id, fence FROM delivery_attempt WHERE result IN ('inbox', 'accepted')"
ACCEPTED = "SELECT outbox_id, provider_ref FROM delivery_attempt WHERE result = 'accepted'"
IN_USE = (
    "SELECT p.kind FROM person_route p JOIN office_route o ON o.kind = p.kind "
    "WHERE p.is_on AND o.is_on"
)
FAILED = "SELECT result FROM job_run WHERE is_failure"
CHANGES = "SELECT deadline_id, version, at FROM fault_change"


@dataclass
class Verdict:
    """What the database says: counts for the last line, and every fault in words."""

    due: int = 0
    lost: int = 0
    doubled: int = 0
    # messages that the world outside got more than once
    repeated: int = 0
    faults: list[str] = field(default_factory=list)

    def blame(self, what: str, found: Iterable[object]) -> None:
        """Put a fault on record where there is one."""
        some = sorted(map(str, found))
        if some:
            self.faults.append(f"{what}: {len(some)}, such as {some[:3]}")


def check(url: str, day: date, world: Path | None = None) -> Verdict:
    """Read the history of an office with one handler, whose rounds all ran on this day.

    The file of the world outside has the name of one message it got on each line.
    """
    engine = sa.create_engine(url, **driver_options(url))
    try:
        with engine.connect() as connection:
            verdict = _judge(connection, day)
            if world is not None:
                _judge_world(verdict, connection, world.read_text().split())
            return verdict
    finally:
        engine.dispose()


def _judge(connection: sa.Connection, day: date) -> Verdict:
    outbox, inbox = _rows(connection, OUTBOX), _rows(connection, INBOX)
    owed = set(_owed(connection, day, "inbox"))
    outside = {key for kind in _kinds(connection) for key in _owed(connection, day, kind)}
    states = {row.dedupe_key: row.state for row in outbox}
    put = Counter(row.dedupe_key for row in inbox)
    verdict = Verdict(due=len(owed))
    sent = {key for key, state in states.items() if state == "sent"}
    parked = {key for key, state in states.items() if state == "parked"}
    into = {key for key in sent if key.endswith(":inbox")}
    missing = ((owed - parked) | into) - set(put)
    unsent = outside - parked - sent
    twice = [key for key, times in put.items() if times > 1]
    planned_twice = [
        key for key, times in Counter(r.dedupe_key for r in outbox).items() if times > 1
    ]
    verdict.lost = len(missing) + len(unsent)
    verdict.doubled = sum(put.values()) - len(put)
    verdict.blame("not in the inbox", missing)
    verdict.blame("not sent outside", unsent)
    verdict.blame("more than once in the inbox", twice)
    verdict.blame("more than once in the outbox", planned_twice)
    verdict.blame("still ready at the end", (k for k, state in states.items() if state == "ready"))
    verdict.blame("in the inbox but not sent", set(put) - sent)
    early = {row.dedupe_key for row in outbox if _is_early_move(row, day)}
    _judge_changes(verdict, connection, inbox, owed | early)
    _judge_fences(verdict, connection, outbox)
    verdict.blame("failed rounds", (row.result for row in _rows(connection, FAILED)))
    if connection.dialect.name == "sqlite":
        answer = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
        verdict.blame("integrity", {answer} - {"ok"})
    return verdict


def _judge_world(verdict: Verdict, connection: sa.Connection, got: list[str]) -> None:
    """Nothing is marked as accepted outside that the world did not get."""
    accepted = {row.provider_ref for row in _rows(connection, ACCEPTED)}
    verdict.blame("accepted but never got outside", accepted - set(got))
    verdict.lost += len(accepted - set(got))
    verdict.repeated = len(got) - len(set(got))


def _kinds(connection: sa.Connection) -> list[str]:
    return [row.kind for row in _rows(connection, IN_USE)]


def _owed(connection: sa.Connection, day: date, channel: str) -> Iterable[str]:
    """One key for each open date: its step of the day, or the notice that it moved."""
    [handler] = {row.handler_id for row in _rows(connection, HANDLER)}
    for row in _rows(connection, DATES):
        ahead = (_date(row.due_on) - day).days
        step = f"day-{ahead}" if ahead in NEAR else "moved"
        if ahead in NEAR or row.version > 1:
            yield f"{row.id}:{row.version}:{row.rule_code}:{step}:{handler}:{channel}"


def _is_early_move(row: Any, day: date) -> bool:
    """Planned by a round that began before eight, when nothing but the move was to be told."""
    morning = datetime.combine(day, time(8), SHANGHAI)
    return ":moved:" in row.dedupe_key and _instant(row.created_at) < morning


def _judge_changes(
    verdict: Verdict, connection: sa.Connection, inbox: list[Any], owed: set[str]
) -> None:
    """A version that was replaced may have been announced before, never after."""
    replaced: dict[tuple[int, int], datetime] = {}
    if sa.inspect(connection).has_table("fault_change"):
        for change in _rows(connection, CHANGES):
            replaced[change.deadline_id, change.version - 1] = _instant(change.at)
    after, unowed = [], []
    for row in inbox:
        number, version = map(int, row.dedupe_key.split(":")[:2])
        gone = replaced.get((number, version))
        if gone is None and row.dedupe_key not in owed and ":undelivered:" not in row.dedupe_key:
            unowed.append(row.dedupe_key)
        if gone is not None and _instant(row.created_at) > gone:
            after.append(row.dedupe_key)
    verdict.blame("announced after the date had changed", after)
    verdict.blame("announced but never owed", unowed)


def _judge_fences(verdict: Verdict, connection: sa.Connection, outbox: list[Any]) -> None:
    """Each sent row was put by one claim, the last one: nobody finished on a lost lease.

    Outside a worker may have sent before it lost its lease; that try is on record too.
    """
    inside = {row.id for row in outbox if row.dedupe_key.endswith(":inbox")}
    put = Counter((row.outbox_id, row.fence) for row in _rows(connection, PUT))
    wanted = Counter((row.id, row.fence) for row in outbox if row.state == "sent")
    lost = [each for each in put - wanted if each[0] in inside]
    verdict.blame("finished under a lost lease", lost)
    verdict.blame("sent but by no claim", wanted - put)


def _rows(connection: sa.Connection, query: str) -> list[Any]:
    return list(connection.execute(sa.text(query)))


def _date(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _instant(value: datetime | str) -> datetime:
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
