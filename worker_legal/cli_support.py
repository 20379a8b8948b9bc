"""What every command needs: the application over a current database, refusals as sentences."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from typing import Any

import click
from flask import Flask
from flask_migrate import upgrade

from worker_legal import create_app
from worker_legal.config import Settings
from worker_legal.errors import WorkerLegalError
from worker_legal.infra.db import is_up_to_date, migrations_folder


@contextmanager
def app_context(**changes: Any) -> Iterator[Flask]:
    """The application over an up-to-date database; an embedded one is migrated by itself."""
    settings = replace(Settings.from_environment(), **changes)
    app = create_app(settings)
    with app.app_context():
        if not is_up_to_date():
            if not settings.database_url.startswith("sqlite"):
                raise click.ClickException("the database is behind: run `worker-legal migrate`")
            upgrade(directory=str(migrations_folder()))
        yield app


def refusals_as_sentences(command: Callable[..., Any]) -> Callable[..., Any]:
    """A refusal is one clear line on standard error and exit code 2."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except WorkerLegalError as refused:
            click.echo(str(refused), err=True)
            sys.exit(2)

    return guarded
