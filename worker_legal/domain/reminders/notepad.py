"""What is owed, noted beside the books first, so that SQLite is held for the copying alone.

SQLite has one lock for all who write. Working out what is owed takes much longer than writing it
down; so it is worked out by reading alone, into a temporary table of one connection, and copied
from there in batches between which a clerk who waits gets in.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection

from worker_legal.domain.cases.models import Deadline
from worker_legal.domain.reminders.models import OutboxMessage
from worker_legal.domain.reminders.plan import is_running

BATCH = 4_000


class Notepad:
    """Reminders that are missing in the outbox, on a connection of their own."""

    def __init__(self, connection: Connection, missing: Sequence[sa.Select[Any]]) -> None:
        """Note what these queries of the same columns of the outbox find."""
        names = missing[0].selected_columns.keys()
        self._connection, self._lines = connection, _lines(names)
        self._lines.drop(connection, checkfirst=True)  # what an earlier round left
        self._lines.create(connection)
        for query in missing:
            connection.execute(sa.insert(self._lines).from_select(names, query))

    def batches(self) -> range:
        """The number of the first line of each batch."""
        count = self._connection.scalar(sa.select(sa.func.count()).select_from(self._lines))
        return range(1, (count or 0) + 1, BATCH)

    def copy(self, first: int) -> int:
        """Put a batch into the outbox, but for dates that have changed since; gives how many.

        A key that is there already changes nothing.
        """
        lines = self._lines
        is_same = (lines.c.deadline_id == Deadline.id) & (
            lines.c.deadline_version == Deadline.version
        )
        number: sa.ColumnElement[int] = sa.literal_column(f"{lines.name}.rowid")
        rows = sa.select(*lines.c).join(Deadline, is_same)
        rows = rows.where(number.between(first, first + BATCH - 1), *is_running())
        fresh = sqlite.insert(OutboxMessage).from_select(lines.c.keys(), rows)
        fresh = fresh.on_conflict_do_nothing(index_elements=["dedupe_key"])
        return self._connection.execute(fresh).rowcount


def _lines(names: Iterable[str]) -> sa.Table:
    kinds = {name: OutboxMessage.__table__.c[name].type for name in names}
    columns = [
        sa.Column(name, sa.String() if isinstance(kind, sa.Enum) else kind)
        for name, kind in kinds.items()
    ]
    return sa.Table("owed_now", sa.MetaData(), *columns, prefixes=["TEMPORARY"])
