"""Totals, cases and people as sheets; names stay masked unless an export has a reason for them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from worker_legal.domain import audit
from worker_legal.domain.cases.models import Case, CaseParty
from worker_legal.domain.cases.queries import HEAD, CaseFilter, search
from worker_legal.domain.parties import Employer
from worker_legal.domain.parties.models import opened
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics.breakdowns import Breakdown
from worker_legal.domain.statistics.measures import Figures, Period
from worker_legal.i18n import N_
from worker_legal.infra.db import db
from worker_legal.infra.spreadsheets import Table
from worker_legal.law.enums import Outcome
from worker_legal.law.identifiers import mask_name
from worker_legal.law.money import round_half_up

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
PERSON_HEAD = (
    N_("案号"),
    N_("登记日期"),
    N_("站点"),
    N_("姓名"),
    N_("证件类型"),
    N_("证件号码"),
    N_("电话"),
    N_("涉案金额（元）"),
)
PERSON_WIDTHS = (22, 12, 18, 12, 18, 22, 16, 15)
BATCH = 500
Step = Callable[[int], None]


def listed(actor: Actor, wanted: CaseFilter) -> Iterator[Case]:
    """The cases of a filter, oldest first."""
    query = search(actor, wanted).order_by(Case.registered_on, Case.id)
    loaded = query.options(*HEAD, selectinload(Case.proceedings))
    yield from db.session.scalars(loaded.execution_options(yield_per=BATCH))


def picked(actor: Actor, case_ids: Sequence[int], step: Step) -> Iterator[Case]:
    """These cases as far as they are in sight, in their order; `step` hears how many are done."""
    done = 0
    for ids in batches(case_ids):
        query = search(actor, CaseFilter(with_void=True)).where(Case.id.in_(ids))
        query = query.order_by(Case.registered_on, Case.id)
        yield from list(db.session.scalars(query.options(*HEAD, selectinload(Case.proceedings))))
        done += len(ids)
        step(done)


def batches(case_ids: Sequence[int]) -> list[Sequence[int]]:
    """The ids in pieces that one question to the database may hold."""
    return [case_ids[start : start + BATCH] for start in range(0, len(case_ids), BATCH)]


def case_rows(
    cases: Iterable[Case], gettext: Gettext = str, in_clear: bool = False
) -> Iterator[list[Any]]:
    """One row per case; amounts in yuan so that Excel can add them."""
    for case in cases:
        yield _row(case, gettext, str if in_clear else mask_name)


def _row(case: Case, gettext: Gettext, name_of: Gettext) -> list[Any]:
    worker, employer = case.lead_worker, case.lead_employer
    stages = dict.fromkeys(gettext(p.stage.label) for p in case.proceedings)
    outcome: Outcome | None = case.close_outcome
    return [
        case.case_no,
        case.registered_on,
        gettext(case.channel.label),
        case.site.name,
        name_of(worker.name) if worker else "",
        case.worker_count,
        _employer_name(employer, name_of) if employer else "",
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


def _employer_name(employer: Employer, name_of: Gettext) -> str:
    # a contractor without a company is a person too
    return name_of(employer.name) if employer.is_individual else employer.name


def case_table(
    cases: Iterable[Case], gettext: Gettext = str, in_clear: bool = False, mark: str = ""
) -> Table:
    """The case list as a sheet."""
    return Table(
        name=gettext(N_("案件清单")),
        head=[gettext(name) for name in CASE_HEAD],
        rows=case_rows(cases, gettext, in_clear),
        money=CASE_MONEY,
        widths=CASE_WIDTHS,
        title=mark,
        foot=mark,
    )


def person_rows(
    actor: Actor, case_ids: Sequence[int], step: Step, gettext: Gettext = str
) -> Iterator[list[Any]]:
    """One row per worker of these cases, with number and phone in clear."""
    seen = search(actor, CaseFilter(with_void=True)).with_only_columns(Case.id)
    done = 0
    for ids in batches(case_ids):
        query = sa.select(CaseParty).where(
            CaseParty.case_id.in_(seen.where(Case.id.in_(ids))),
            CaseParty.worker_id.is_not(None),
            CaseParty.removed_at.is_(None),
        )
        query = query.join(CaseParty.case).order_by(Case.registered_on, Case.id, CaseParty.id)
        loaded = query.options(
            joinedload(CaseParty.worker), contains_eager(CaseParty.case).joinedload(Case.site)
        )
        for party in list(db.session.scalars(loaded)):
            yield _person(party, gettext)
        done += len(ids)
        step(done)


def _person(party: CaseParty, gettext: Gettext) -> list[Any]:
    case, worker = party.case, party.worker
    if worker is None:
        raise ValueError("a party without a worker")
    return [
        case.case_no,
        case.registered_on,
        case.site.name,
        worker.name,
        gettext(worker.id_type.label),
        opened(worker, "id_no"),
        opened(worker, "phone"),
        party.claimed_fen / FEN,
    ]


def person_table(rows: Iterable[list[Any]], gettext: Gettext = str, mark: str = "") -> Table:
    """The people of an export as a sheet."""
    return Table(
        name=gettext(N_("职工名单")),
        head=[gettext(name) for name in PERSON_HEAD],
        rows=rows,
        money=frozenset({7}),
        widths=PERSON_WIDTHS,
        title=mark,
        foot=mark,
    )


def no_list_table(cases: int, gettext: Gettext = str) -> Table:
    """What stands in place of a list too long to be made while somebody waits."""
    words = gettext(N_("本期有%(n)s件，清单较长，请在案件页单独导出")) % {"n": f"{cases:,}"}
    return Table(gettext(N_("案件清单")), [words], [], widths=(60,))


def totals_table(period: Period, found: Figures, gettext: Gettext = str) -> Table:
    """The headline figures as a sheet: numbers are numbers, in yuan and in 万元."""
    rows: list[tuple[str, Any, str]] = [
        (N_("受理案件"), found.cases, N_("起")),
        (N_("涉及职工"), found.people, N_("人")),
        (N_("涉及职工"), found.person_times, N_("人次")),
        *_amounts(N_("涉案金额"), found.amount_fen),
        *_amounts(N_("协议金额"), found.agreed_fen),
        *_amounts(N_("实际到账"), found.received_fen),
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


def _amounts(name: str, fen: int) -> list[tuple[str, Any, str]]:
    return [(name, fen / FEN, N_("元")), (name, _wan(fen), N_("万元"))]


def _wan(fen: int) -> float:
    """Ten thousands of yuan with two places, rounded as the pages round."""
    return round_half_up(Fraction(fen, 10_000)) / FEN


def breakdown_table(table: Breakdown, gettext: Gettext = str) -> Table:
    """One breakdown as a sheet."""
    head = (
        N_("项目"),
        N_("案件（起）"),
        N_("人次"),
        N_("涉案金额（元）"),
        N_("涉案金额（万元）"),
    )
    rows: Iterable[Any] = [
        (
            gettext(cell.label),
            cell.cases,
            cell.person_times,
            cell.amount_fen / FEN,
            _wan(cell.amount_fen),
        )
        for cell in table.cells
    ]
    return Table(
        name=gettext(table.title),
        head=[gettext(name) for name in head],
        rows=rows,
        money=frozenset({3, 4}),
        widths=(24, 12, 12, 18, 18),
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
    audit.record(actor, "export", what, None, rows=length_of(actor, wanted))


def length_of(actor: Actor, wanted: CaseFilter) -> int:
    """How many cases a list holds."""
    ids = search(actor, wanted).with_only_columns(Case.id).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(ids)) or 0
