"""The commands `worker-legal holidays …`: a year's notice in, with what it moves."""

from pathlib import Path

import click

from worker_legal.cli_support import app_context, refusals_as_sentences
from worker_legal.domain import cases, holidays
from worker_legal.domain.permissions import Actor
from worker_legal.infra.db import transaction
from worker_legal.law import notices


@click.group("holidays")
def holidays_group() -> None:
    """Holiday years imported over the library's."""


@holidays_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--year", type=int, help="Year of the notice, when the file does not say it.")
@click.option("--document", default="", help="Number or title of the notice.")
@click.option("--dry-run", is_flag=True, help="Only say which dates would move.")
@refusals_as_sentences
def import_notice(file: Path, year: int | None, document: str, dry_run: bool) -> None:
    """Import a State Council notice (its text, CSV or JSON) and recompute every open date."""
    text = file.read_text(encoding="utf-8-sig")
    with app_context():
        wanted = year or notices.parse_notice(text).year
        notice = holidays.parse_notice(wanted, text, document or file.name)
        for move in cases.moves_under(holidays.calendar_with(notice)):
            click.echo(f"{move.case_no}\t{move.label}\t{move.old}\t{move.new}")
        if dry_run:
            return
        with transaction():
            holidays.import_year(Actor.system("holidays"), notice)
            moved = cases.recompute_all()
    click.echo(f"{notice.year}: imported; cases with moved dates: {moved}")
