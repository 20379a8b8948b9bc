"""Totals, cases and people as sheets; names stay masked unless an export has a reason for them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from worker_legal.domain import audit
from worker_legal.domain.access import User
from worker_legal.domain.cases.models import Case, CaseParty, Proceeding
from worker_legal.domain.cases.queries import CaseFilter, search
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.parties import Employer, Worker
from worker_legal.domain.parties.models import opened
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics.breakdowns import Breakdown
from worker_legal.domain.statistics.measures import Figures, Period
from worker_legal.domain.statistics.trends import Balance
from worker_legal.i18n import N_
from worker_legal.infra.db import db
from worker_legal.infra.rowsets import batches
from worker_legal.infra.spreadsheets import Table
from worker_legal.law.enums import Outcome, Stage
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
CASE_COLUMNS = (
    "id",
    "case_no",
    "registered_on",
    "channel",
    "worker_count",
    "dispute_kind",
    "claimed_fen",
    "agreed_fen",
    "recovered_fen",
    "status",
    "close_outcome",
    "closed_on",
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


class Line(NamedTuple):
    """A case as the list needs it: plain columns, for a row of the ORM costs ten times as much."""

    case: Any
    stages: Sequence[Stage]


def listed(actor: Actor, wanted: CaseFilter) -> Iterator[Line]:
    """The cases of a filter, oldest first."""
    query = _columns(search(actor, wanted)).execution_options(yield_per=BATCH)
    for part in db.session.execute(query).partitions():
        yield from _with_stages(part)


def picked(actor: Actor, case_ids: Sequence[int], step: Step) -> Iterator[Line]:
    """These cases as far as they are in sight, in their order; `step` hears how many are done."""
    done = 0
    for ids in batches(case_ids, BATCH):
        query = search(actor, CaseFilter(with_void=True)).where(Case.id.in_(ids))
        yield from _with_stages(db.session.execute(_columns(query)).all())
        done += len(ids)
        step(done)


def _columns(query: sa.Select[tuple[Case]]) -> sa.Select[Any]:
    return (
        query.join(Case.site)
        .outerjoin(Case.handler)
        .outerjoin(Case.lead_worker)
        .outerjoin(Case.lead_employer)
        .with_only_columns(
            *(getattr(Case, name) for name in CASE_COLUMNS),
            OrgUnit.name.label("site"),
            Worker.name.label("worker"),
            Employer.name.label("employer"),
            Employer.uscc,
            Employer.is_individual,
            User.display_name.label("handler"),
        )
        .order_by(Case.registered_on, Case.id)
    )


def _with_stages(rows: Sequence[Any]) -> Iterator[Line]:
    ids = [row.id for row in rows]
    query = sa.select(Proceeding.case_id, Proceeding.stage).where(Proceeding.case_id.in_(ids))
    found: dict[int, dict[Stage, None]] = {}
    for case_id, stage in db.session.execute(query.order_by(Proceeding.id)):
        found.setdefault(case_id, {})[stage] = None
    for row in rows:
        yield Line(row, tuple(found.get(row.id, ())))


def case_rows(
    lines: Iterable[Line], gettext: Gettext = str, in_clear: bool = False
) -> Iterator[list[Any]]:
    """One row per case; amounts in yuan so that Excel can add them."""
    word, name_of = cache(gettext), str if in_clear else mask_name
    for case, stages in lines:
        outcome: Outcome | None = case.close_outcome
        # a contractor without a company is a person too
        employer_of = name_of if case.is_individual else str
        yield [
            case.case_no,
            case.registered_on,
            word(case.channel.label),
            case.site,
            name_of(case.worker or ""),
            case.worker_count,
            employer_of(case.employer or ""),
            case.uscc or "",
            word(case.dispute_kind.label),
            "、".join(word(stage.label) for stage in stages),
            case.claimed_fen / FEN,
            case.agreed_fen / FEN,
            case.recovered_fen / FEN,
            word(case.status.label),
            word(outcome.label) if outcome else "",
            case.closed_on,
            case.handler or "",
        ]


def case_table(
    lines: Iterable[Line], gettext: Gettext = str, in_clear: bool = False, mark: str = ""
) -> Table:
    """The case list as a sheet."""
    return Table(
        name=gettext(N_("案件清单")),
        head=[gettext(name) for name in CASE_HEAD],
        rows=case_rows(lines, gettext, in_clear),
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
    for ids in batches(case_ids, BATCH):
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
        *amounts(N_("涉案金额"), found.amount_fen),
        *amounts(N_("协议金额"), found.agreed_fen),
        *amounts(N_("实际到账"), found.received_fen),
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


def books_rows(books: Balance, collective: int) -> list[tuple[str, int]]:
    """The head of the official table: both sides of the books, and collective disputes."""
    return [
        (N_("期初未结"), books.carried),
        (N_("本期受理"), books.received),
        (N_("其中集体争议"), collective),
        (N_("本期结案"), books.closed),
        (N_("期末未结"), books.open),
    ]


def books_table(books: Balance, collective: int, gettext: Gettext = str) -> Table:
    """Both sides of the books of a period as a sheet."""
    return Table(
        name=gettext(N_("结转与未结")),
        head=[gettext(name) for name in (N_("指标"), N_("案件（起）"))],
        rows=[(gettext(name), number) for name, number in books_rows(books, collective)],
        widths=(20, 14),
    )


def amounts(name: str, fen: int) -> list[tuple[str, Any, str]]:
    """An amount twice: in yuan, and in ten thousands of yuan."""
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


def ids_of(actor: Actor, wanted: CaseFilter) -> list[int]:
    """The ids of the cases of a list, oldest first."""
    query = search(actor, wanted).order_by(None).order_by(Case.registered_on, Case.id)
    return list(db.session.scalars(query.with_only_columns(Case.id)))


def length_of(actor: Actor, wanted: CaseFilter) -> int:
    """How many cases a list holds."""
    ids = search(actor, wanted).with_only_columns(Case.id).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(ids)) or 0
