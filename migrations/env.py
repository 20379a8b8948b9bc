"""Run migrations with the application's own engine."""

import importlib
import pkgutil
from typing import Any

from alembic import context
from flask import current_app

import worker_legal.domain
from worker_legal.infra.db import Base

for module in pkgutil.walk_packages(worker_legal.domain.__path__, "worker_legal.domain."):
    importlib.import_module(module.name)


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our own column types as the plain ones they are in the database."""
    if kind == "type" and type(item).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Migrate in one transaction."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
