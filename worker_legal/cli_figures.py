"""Commands about figures: the report of a period, typed-in comparisons, a ledger in."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from worker_legal.cli_support import app_context, refusals_as_sentences
from worker_legal.domain import imports, org
from worker_legal.domain.imports import Finding, Preview
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics import measures, recount, report
from worker_legal.domain.statistics.measures import Figures, Period
from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.infra.db import transaction
from worker_legal.law.money import format_yuan

DAY = click.DateTime(formats=["%Y-%m-%d"])
EVERY = 20


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


@click.command("import-ledger")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check only; write nothing.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@refusals_as_sentences
def import_ledger(file: Path, dry_run: bool, form: str) -> None:
    """Read an office's ledger, whole or not at all; exit 1 when a cell is wrong."""
    actor = Actor.system("import")
    content = file.read_bytes()
    with app_context():
        found = imports.preview(actor, content)
        added = found.cases - found.unchanged
        if not dry_run and not found.has_errors:
            with transaction():
                added = imports.commit(actor, content, file.name, _progress).added
        if form == "json":
            _print_json(_as_json(found, added))
        else:
            _print_text(found, added, dry_run)
    if found.has_errors:
        sys.exit(1)


def _progress(done: int, everything: int) -> None:
    if done % EVERY == 0 or done == everything:
        click.echo(f"{done}/{everything}", err=True)


def _as_json(found: Preview, added: int) -> dict[str, Any]:
    return {
        "cases": found.cases,
        "people": found.people,
        "person_times": found.person_times,
        "amount_fen": found.amount_fen,
        "work_injury_people": found.work_injury_people,
        "new": 0 if found.has_errors else added,
        "unchanged": found.unchanged,
        "sites": dict(found.sites),
        "findings": [_finding(finding) for finding in found.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    text = finding.text % finding.params if finding.params else finding.text
    return {
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "severity": finding.severity,
        "message": text,
    }


def _print_text(found: Preview, added: int, dry_run: bool) -> None:
    for row in map(_finding, found.findings):
        place = f"{row['sheet']} {row['column']}{row['row']}"
        click.echo(f"{row['severity']:<8}{place}  {row['message']}")
    for name, site in found.sites.items():
        click.echo(f"{name} → {site}")
    click.echo(
        f"案件 {found.cases}，职工 {found.people} 人（{found.person_times} 人次），"
        f"金额 {format_yuan(found.amount_fen)} 元，工伤认定申请 {found.work_injury_people} 人"
    )
    if found.has_errors:
        click.echo("有错误，什么都没有写入。 Nothing was written.")
    elif dry_run:
        click.echo(f"试运行：会新增 {added}，不变 {found.unchanged}。 Dry run.")
    else:
        click.echo(f"新增 {added}，不变 {found.unchanged}。 Done.")


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
