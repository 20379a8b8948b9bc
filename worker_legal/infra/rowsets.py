"""Small tables that travel with a statement, for the database to join what the program knows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from worker_legal.infra.db import db

Value = TypeVar("Value", int, str)
BATCH = 500


def batches(values: Sequence[Value], size: int = BATCH) -> list[Sequence[Value]]:
    """Values in pieces that one question to the database may hold."""
    return [values[start : start + size] for start in range(0, len(values), size)]


def rowset(name: str, columns: Mapping[str, Any], rows: Iterable[Sequence[Any]]) -> sa.CTE:
    """Rows of plain values as a table of this name; one parameter, however many rows."""
    content = json.dumps([dict(zip(columns, map(_plain, row), strict=True)) for row in rows])
    if db.engine.dialect.name == "sqlite":
        each = sa.func.json_each(sa.literal(content)).table_valued("value", name=f"{name}_json")
        cells: list[sa.ColumnElement[Any]] = [
            sa.type_coerce(
                _typed(sa.func.json_extract(each.c.value, f"$.{key}"), kind), kind
            ).label(key)
            for key, kind in columns.items()
        ]
    else:
        typed = [sa.column(key, kind) for key, kind in columns.items()]
        read = sa.func.jsonb_to_recordset(sa.cast(sa.literal(content), JSONB))
        each = read.table_valued(*typed, name=f"{name}_json").render_derived(with_types=True)
        cells = [each.c[key] for key in columns]
    # kept as a table of its own, which SQLite then indexes for the join
    return sa.select(*cells).cte(name).prefix_with("MATERIALIZED")


def _typed(value: sa.ColumnElement[Any], kind: Any) -> sa.ColumnElement[Any]:
    """With the affinity of its column, without which SQLite finds no use for an index."""
    return sa.cast(value, sa.Integer if isinstance(kind, sa.Integer) else sa.String)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
