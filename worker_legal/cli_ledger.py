"""The command that reads an office's ledger in."""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from worker_legal.cli_support import app_context, refusals_as_sentences
from worker_legal.domain import imports
from worker_legal.domain.cases.queries import CaseFilter
from worker_legal.domain.imports import Finding, Preview, Sketch
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics.export import ids_of, record_export
from worker_legal.errors import BadInput
from worker_legal.infra.db import transaction
from worker_legal.infra.spreadsheets import write_xlsx
from worker_legal.law.money import format_yuan

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY = click.DateTime(formats=["%Y-%m-%d"])
EVERY = 20


def refusals_as_json(command: Callable[..., None]) -> Callable[..., None]:
    """With --format json a file that cannot be read is a finding too, and exit code 2."""

    @wraps(command)
    def guarded(form: str, **given: Any) -> None:
        try:
            command(form=form, **given)
        except BadInput as refused:
            if form != "json":
                raise
            click.echo(json.dumps(_refused(refused), ensure_ascii=False, indent=1))
            sys.exit(2)

    return guarded


def _refused(refused: BadInput) -> dict[str, Any]:
    sheet = str(refused.params.get("sheet", ""))
    finding = Finding(sheet, 0, "", "error", str(refused))
    nothing = Preview([], [finding], {}, 0, 0)
    return _as_json(nothing, 0)


@click.command("import-ledger")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Check only; write nothing.")
@click.option("--mapping", type=FILE, help="What the columns mean, from --save-mapping.")
@click.option(
    "--save-mapping",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what the columns seem to mean, to be corrected; read nothing in.",
)
@click.option("--source", default="", help="Which of several ledgers with the same numbers.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@refusals_as_sentences
@refusals_as_json
def import_ledger(
    file: Path, dry_run: bool, mapping: Path | None, out: Path | None, source: str, form: str
) -> None:
    """Read an office's ledger, whole or not at all; exit 1 when a cell is wrong, 2 when refused."""
    actor = Actor.system("import")
    content = file.read_bytes()
    told = _told(mapping)
    given = told.layouts
    with app_context():
        if out is not None:
            out.write_text(imports.mapping_of(actor, content, given), encoding="utf-8")
            _print_columns(imports.sketches(actor, content, given))
            return
        name = source.strip()[: imports.LONGEST_SOURCE]
        found = imports.preview(actor, content, given, name, told.words)
        added = found.cases - found.unchanged
        if not dry_run and not found.has_errors:
            with transaction():
                added = imports.commit(
                    actor, content, file.name, _progress, given, name, told.words
                ).added
        if form == "json":
            click.echo(json.dumps(_as_json(found, added), ensure_ascii=False, indent=1))
        else:
            _print_text(found, added, dry_run)
    if found.has_errors:
        sys.exit(1)


@click.command("export-ledger")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--from", "first", type=DAY, required=True, help="First day, as 2022-01-01.")
@click.option("--to", "last", type=DAY, required=True, help="Last day, counted too.")
@click.option("--template", type=FILE, help="A ledger of the office whose columns to follow.")
@click.option("--mapping", type=FILE, help="What its columns mean, from --save-mapping.")
@refusals_as_sentences
def export_ledger(
    out: Path, first: datetime, last: datetime, template: Path | None, mapping: Path | None
) -> None:
    """Write the cases of a period as the office's own ledger; names and numbers are masked."""
    actor = Actor.system("export")
    given = _told(mapping).layouts
    with app_context():
        pages = imports.read_pages(template.read_bytes(), given) if template else imports.pages()
        wanted = CaseFilter(registered_from=first.date(), registered_to=last.date())
        with transaction():
            record_export(actor, "ledger", wanted)
        ids = ids_of(actor, wanted)
        out.write_bytes(write_xlsx(imports.ledger_tables(actor, pages, ids)))
        click.echo(f"案件 {len(ids)} → {out.name}")


def _told(mapping: Path | None) -> imports.Told:
    return imports.read_mapping(mapping.read_bytes()) if mapping else imports.Told({}, {})


def _print_columns(found: list[Sketch]) -> None:
    for one in found:
        names = "、".join(head.sheet.name for head in one.heads)
        click.echo(f"{names}: {len(one.layout.columns)}/{sum(map(bool, one.head.labels))}")


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
        "words": [
            {**asked.key._asdict(), "rows": asked.rows, "code": asked.code} for asked in found.words
        ],
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
    for asked in found.words:
        click.echo(f"“{asked.key.word}” ×{asked.rows} → {asked.code or '?'}")
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
