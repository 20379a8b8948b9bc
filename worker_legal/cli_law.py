"""The command group `worker-legal law`: the law engine without a database."""

import json
import sys
from collections.abc import Callable
from typing import Any

import click

from worker_legal.errors import WorkerLegalError
from worker_legal.i18n import N_
from worker_legal.law import commands
from worker_legal.law.compensation import compensation as compute_compensation


@click.group()
def law() -> None:
    """Compute statutory periods, dates and sums; JSON in, JSON out."""


@law.command()
def period() -> None:
    """Read a list of periods from standard input and print the last day of each."""
    _answer(commands.period)


@law.command()
def due() -> None:
    """Read the facts and events of a case and print every date that follows."""
    _answer(commands.due)


@law.command()
def compensation() -> None:
    """Read a list of claims and print the sum of each with its lines."""
    _answer(_claims)


@law.command()
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def rules(form: str) -> None:
    """Print every rule row."""
    rows = commands.rules()
    if form == "json":
        _print(rows)
        return
    for row in rows:
        length = "-" if row["length"] is None else f"{row['length']} {row['unit']}"
        click.echo(f"{row['code']:<42}{length:<18}{row['label']}  {row['basis'][0]}")


@law.command()
def schema() -> None:
    """Print the fact names, event kinds and rule codes that `due` understands."""
    _print(commands.schema())


def _claims(data: object) -> object:
    if not isinstance(data, list):
        raise _Wrong(N_("输入应当是一个列表"))
    return compute_compensation(data)


class _Wrong(click.ClickException):
    """One clear line on standard error and exit 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the sentence alone."""
        click.echo(" ".join(self.message.split()), file=file or sys.stderr)


def _answer(command: Callable[[object], object]) -> None:
    try:
        data = json.loads(sys.stdin.buffer.read().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _Wrong(N_("输入不是正确的 JSON：%(why)s") % {"why": error}) from error
    try:
        answer = command(data)
    except WorkerLegalError as error:
        raise _Wrong(str(error)) from error
    _print(answer)


def _print(answer: object) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
