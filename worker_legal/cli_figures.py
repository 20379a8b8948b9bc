"""Commands about figures: the report of a period, typed-in comparisons."""

import json
import sys
from datetime import datetime
from typing import Any

import click

from worker_legal.cli_support import app_context, refusals_as_sentences
from worker_legal.domain import org
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics import measures, recount, report
from worker_legal.domain.statistics.measures import Figures, Period
from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.infra.db import transaction

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("report")
@click.option("--from", "first", type=DAY, required=True, help="First day, as 2022-01-01.")
@click.option("--to", "last", type=DAY, required=True, help="Last day, counted too.")
@click.option("--site", default="", help="Code of a site; it and all below it are counted.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@refusals_as_sentences
def report_command(first: datetime, last: datetime, site: str, form: str) -> None:
    """Print the figures of a period."""
    with app_context():
        period = Period(first.date(), last.date())
        site_ids = _sites(site) if site else None
        found = measures.figures(Actor.system("report"), period, site_ids)
        if form == "json":
            _print_json(report.as_json(period, found))
        else:
            click.echo(_sentence(period, found))


def _sites(code: str) -> frozenset[int] | None:
    for unit in org.tree():
        if unit.code == code:
            return None if unit.parent_id is None else org.sites_below(unit.id)
    raise BadInput(N_("没有代码为 %(wanted)s 的站点"), field="site", wanted=code)


def _sentence(period: Period, found: Figures) -> str:
    return "".join(part.text for part in report.sentence(period, found))


@click.group()
def comparison() -> None:
    """Typed-in figures of earlier periods."""


@comparison.command("set")
@click.option("--year", type=int, help="A calendar year; or give --from and --to.")
@click.option("--from", "first", type=DAY)
@click.option("--to", "last", type=DAY)
@click.option("--cases", type=int, required=True, help="Number of cases of that period.")
@click.option("--source", required=True, help="Where the number comes from.")
@refusals_as_sentences
def set_comparison(
    year: int | None, first: datetime | None, last: datetime | None, cases: int, source: str
) -> None:
    """Enter the number of cases of an earlier period, with its source."""
    period = _period(year, first, last)
    with app_context(), transaction():
        report.set_comparison(Actor.system("comparison"), period, cases, source)
    click.echo(f"{period.first} – {period.last}: {cases}")


def _period(year: int | None, first: datetime | None, last: datetime | None) -> Period:
    if year is not None and first is None and last is None:
        return measures.whole_year(year)
    if year is None and first is not None and last is not None:
        return Period(first.date(), last.date())
    raise click.UsageError("give --year, or --from and --to")


def _print_json(answer: Any) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1))


@click.command("recount")
@click.option("--fix", is_flag=True, help="Add everything up again.")
@refusals_as_sentences
def recount_command(fix: bool) -> None:
    """Prove the figures that are added up ahead of time by counting everything."""
    with app_context():
        found, rows = recount.recount(), 0
        if fix:
            with transaction():
                rows = recount.rebuild()
    for each in found.differences:
        click.echo(f"{' '.join(map(str, each.row))} stored={each.stored} counted={each.counted}")
    line = f"rows={rows or found.rows} waiting={found.touched} differences={len(found.differences)}"
    click.echo(line)
    if found.differences and not fix:
        sys.exit(1)
