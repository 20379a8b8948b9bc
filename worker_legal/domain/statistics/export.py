"""Totals and the case list as workbook and csv; identifiers stay masked."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from worker_legal.domain import audit
from worker_legal.domain.cases.models import Case
from worker_legal.domain.cases.queries import HEAD, CaseFilter, search
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics.breakdowns import Breakdown
from worker_legal.domain.statistics.measures import Figures, Period
from worker_legal.i18n import N_
from worker_legal.infra.db import db
from worker_legal.infra.spreadsheets import Table
from worker_legal.law.enums import Outcome

Gettext = Callable[[str], str]
FEN = 100
CASE_HEAD = (
    N_("案号"),
    N_("登记日期"),
    N_("渠道"),
    N_("站点"),
    N_("职工"),
    N_("人数"),
    N_("用人单位"),
    N_("信用代码"),
    N_("争议类型"),
    N_("程序"),
    N_("涉案金额（元）"),
    N_("协议金额（元）"),
    N_("到账金额（元）"),
    N_("状态"),
    N_("结果"),
    N_("结案日期"),
    N_("经办人"),
)
CASE_MONEY = frozenset({10, 11, 12})
CASE_WIDTHS = (22, 12, 14, 18, 10, 7, 30, 20, 16, 16, 15, 15, 15, 9, 14, 12, 10)
BATCH = 500


def case_rows(actor: Actor, wanted: CaseFilter, gettext: Gettext = str) -> Iterator[list[Any]]:
    """The case list behind any figure, oldest first; amounts in yuan so that Excel can add them."""
    query = search(actor, wanted).order_by(Case.registered_on, Case.id)
    loaded = query.options(*HEAD, selectinload(Case.proceedings))
    for case in db.session.scalars(loaded.execution_options(yield_per=BATCH)):
        yield _row(case, gettext)


def _row(case: Case, gettext: Gettext) -> list[Any]:
    worker, employer = case.lead_worker, case.lead_employer
    stages = dict.fromkeys(gettext(p.stage.label) for p in case.proceedings)
    outcome: Outcome | None = case.close_outcome
    return [
        case.case_no,
        case.registered_on,
        gettext(case.channel.label),
        case.site.name,
        worker.name if worker else "",
        case.worker_count,
        employer.name if employer else "",
        (employer.uscc or "") if employer else "",
        gettext(case.dispute_kind.label),
        "、".join(stages),
        case.claimed_fen / FEN,
        case.agreed_fen / FEN,
        case.recovered_fen / FEN,
        gettext(case.status.label),
        gettext(outcome.label) if outcome else "",
        case.closed_on,
        case.handler.display_name if case.handler else "",
    ]


def case_table(actor: Actor, wanted: CaseFilter, gettext: Gettext = str) -> Table:
    """The case list as a sheet."""
    return Table(
        name=gettext(N_("案件清单")),
        head=[gettext(name) for name in CASE_HEAD],
        rows=case_rows(actor, wanted, gettext),
        money=CASE_MONEY,
        widths=CASE_WIDTHS,
    )


def totals_table(period: Period, found: Figures, gettext: Gettext = str) -> Table:
    """The headline figures as a sheet: numbers are numbers, in yuan and in 万元."""
    rows: list[tuple[str, Any, str]] = [
        (N_("受理案件"), found.cases, N_("起")),
        (N_("涉及职工"), found.people, N_("人")),
        (N_("涉及职工"), found.person_times, N_("人次")),
        (N_("涉案金额"), found.amount_fen / FEN, N_("元")),
        (N_("涉案金额"), round(found.amount_fen / FEN / 10_000, 2), N_("万元")),
        (N_("协议金额"), found.agreed_fen / FEN, N_("元")),
        (N_("实际到账"), found.received_fen / FEN, N_("元")),
        (N_("工伤认定申请"), found.work_injury_people, N_("人")),
        (N_("其中至今已结"), found.closed, N_("起")),
        (N_("其中至今未结"), found.open, N_("起")),
        (N_("集体争议"), found.collective, N_("起")),
        (N_("案件数同比"), found.change.percent, "%"),
    ]
    return Table(
        name=gettext(N_("总数")),
        head=[gettext(name) for name in (N_("指标"), N_("数值"), N_("单位"))],
        rows=[(gettext(name), value, gettext(unit)) for name, value, unit in rows],
        widths=(20, 18, 10),
        title=f"{period.first} – {period.last}",
    )


def breakdown_table(table: Breakdown, gettext: Gettext = str) -> Table:
    """One breakdown as a sheet."""
    head = (N_("项目"), N_("案件（起）"), N_("人次"), N_("涉案金额（元）"))
    rows: Iterable[Any] = [
        (gettext(cell.label), cell.cases, cell.person_times, cell.amount_fen / FEN)
        for cell in table.cells
    ]
    return Table(
        name=gettext(table.title),
        head=[gettext(name) for name in head],
        rows=rows,
        money=frozenset({3}),
        widths=(24, 12, 12, 18),
    )


def exportable(actor: Actor, wanted: CaseFilter) -> CaseFilter:
    """The filter narrowed to the sites whose lists the actor may take out."""
    if actor.is_system:
        return wanted
    allowed = actor.site_ids(Action.EXPORT_CASES)
    site_ids = allowed if wanted.site_ids is None else allowed & wanted.site_ids
    return replace(wanted, site_ids=site_ids)


def record_export(actor: Actor, what: str, wanted: CaseFilter) -> None:
    """Let the log say who took which list out (threats L6)."""
    actor.require(Action.EXPORT_CASES)
    rows = db.session.scalar(
        sa.select(sa.func.count()).select_from(
            search(actor, wanted).with_only_columns(Case.id).subquery()
        )
    )
    audit.record(actor, "export", what, None, rows=int(rows or 0))
