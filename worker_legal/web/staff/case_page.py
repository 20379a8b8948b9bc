"""Everything the page of a case shows, gathered for its template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import gettext, lazy_gettext

from worker_legal.domain import cases
from worker_legal.domain.permissions import Action, Actor
from worker_legal.infra import clock
from worker_legal.law import explain, stages
from worker_legal.law.enums import CaseStatus, DeadlineState, EventKind, Stage
from worker_legal.law.limitation import Right, urgent_aid
from worker_legal.law.rules import RULES
from worker_legal.law.rules.row import On
from worker_legal.web import filters
from worker_legal.web.staff import case_tracks, case_words, event_words

CALLS = frozenset({EventKind.CALL, EventKind.VISIT, EventKind.NOTE})
PAPERS = frozenset(kind for kind in EventKind if kind.value.endswith(("_served", "_signed")))
MONEY = frozenset(
    {EventKind.PAID, EventKind.AGREEMENT_SIGNED, EventKind.CLAIMS_CHANGED, EventKind.CONCLUDED}
)
TIMING = frozenset(
    {
        *(
            on.kind
            for rule in RULES
            for on in (*rule.trigger, *rule.met_by, *rule.restarted_by)
            if isinstance(on, On)
        ),
        EventKind.EXTENDED,
        EventKind.SUSPENDED,
        EventKind.RESUMED,
        EventKind.FACTS_CHANGED,
    }
)
RUNS = frozenset({DeadlineState.OPEN, DeadlineState.LAPSED})
SHOWS: dict[str, tuple[Any, frozenset[EventKind]]] = {
    "all": (lazy_gettext("全部"), frozenset(EventKind)),
    "key": (lazy_gettext("仅里程碑"), event_words.MILESTONES),
    "dates": (lazy_gettext("期限"), TIMING),
    "papers": (lazy_gettext("文书"), PAPERS),
    "money": (lazy_gettext("款项"), MONEY),
    "calls": (lazy_gettext("电话和来访"), CALLS),
}


@dataclass(frozen=True)
class Item:
    """One line of the timeline."""

    id: int
    title: str
    lines: Sequence[str]
    by: str
    key: bool
    corrected: str
    may_correct: bool
    is_calculation: bool = False
    is_visit: bool = False


@dataclass(frozen=True)
class StepLine:
    """One row of a sum as the date list shows it."""

    word: str
    text: str
    result: bool = False
    quote: bool = False
    on: date | None = None
    url: str = ""


@dataclass(frozen=True)
class DateLine:
    """One date at the right of the page, opening as its sum."""

    id: int
    name: str
    days: int | None
    on: date | None
    who: str
    marks: Sequence[str]
    steps: Sequence[StepLine]
    provisional: bool
    met: str


@dataclass(frozen=True)
class MoneyLine:
    """One line of the money panel, in fen."""

    word: str
    amount: int
    minor: bool = False
    url: str = ""


def build(actor: Actor, case: cases.Case, show: str) -> dict[str, Any]:
    """The context of the case page; `show` is the filter of the timeline."""
    proceedings = cases.proceedings_of(case)
    events = cases.timeline(case)
    dated = cases.dated_of(case)
    may = {action.value: cases.may_do(actor, action, case) for action in Action}
    running = [each for each in dated if is_running(each)]
    parties = cases.parties_of(case)
    return {
        "case": case,
        "may": may,
        "is_open": case.status is CaseStatus.OPEN,
        "parts": case_words.title_parts(case),
        "matter": case_words.matter(case),
        "tags": _tags(case, events),
        "head": _head(case, proceedings, running),
        "picture": case_tracks.picture(case, proceedings, cases.effective(events), dated),
        "rights": rights_of(case),
        "aid_is_urgent": _aid_is_urgent(case, dated),
        "proceedings": proceedings,
        "running": [_date_line(each) for each in running],
        "past": [_date_line(each) for each in dated if not is_running(each)],
        "shows": [(name, word) for name, (word, _) in SHOWS.items()],
        "show": show,
        "days": timeline_days(case, events, dated, show, may["record_event"]),
        "event_count": len(events),
        "visits": cases.visits_of(case, events),
        "choices": _choices(case, proceedings, events),
        "offers": _offers(case, proceedings),
        "workers": [party for party in parties if party.worker is not None],
        "employers": [party for party in parties if party.employer is not None],
        "money": _money(case, proceedings),
        "today": clock.today(),
    }


def is_running(dated: cases.Dated) -> bool:
    """Whether a date still waits for somebody; a choice not taken in time waits for nobody."""
    row = dated.row
    lapsed = row.optional and row.due_on is not None and row.due_on < clock.today()
    return row.state is DeadlineState.OPEN and not row.quiet and not lapsed


def _tags(case: cases.Case, events: Sequence[cases.CaseEvent]) -> list[str]:
    again = any(event.kind is EventKind.REOPENED for event in events)
    return case_words.tags(case) + ([gettext("复立")] if again else [])


def _head(
    case: cases.Case, proceedings: Sequence[cases.Proceeding], running: Sequence[cases.Dated]
) -> dict[str, Any]:
    """The five questions: how much, how far, whose move, by when."""
    open_ones = [p for p in proceedings if p.status not in stages.ENDED]
    next_one = next((d for d in running if d.row.due_on and not d.row.optional), None)
    next_one = next_one or next((d for d in running if d.row.due_on), None)
    leading = next((p for p in open_ones if next_one and p.id == next_one.row.proceeding_id), None)
    leading = leading or next(reversed(open_ones or list(proceedings)), None)
    others = [case_words.stage_line(p) for p in open_ones if p is not leading]
    return {
        "money": gettext("%(yuan)s元", yuan=filters.fen(case.claimed_fen)),
        "money_notes": _money_notes(case),
        "stage": _stage(case, leading),
        "stage_notes": _joined(others[:3]),
        "who": _who(case, next_one),
        "who_note": case_words.due_label(next_one.row) if next_one else _what_now(case),
        "on": next_one.row.due_on if next_one else None,
        "days": filters.days_left(next_one.row.due_on) if next_one else None,
        "provisional": bool(next_one and next_one.row.provisional),
    }


def _joined(phrases: Sequence[str]) -> list[str]:
    """Phrases that read as one sentence when they stand side by side."""
    last = len(phrases) - 1
    return [p if i == last else gettext("%(phrase)s，", phrase=p) for i, p in enumerate(phrases)]


def _stage(case: cases.Case, leading: cases.Proceeding | None) -> str:
    if case.status is CaseStatus.CLOSED and case.close_outcome is not None:
        return gettext("已结：%(outcome)s", outcome=gettext(case.close_outcome.label))
    if case.status is CaseStatus.VOID or leading is None:
        return gettext(case.status.label)
    return case_words.stage_line(leading)


def _who(case: cases.Case, next_one: cases.Dated | None) -> str:
    if next_one is not None:
        return case_words.whose_move(next_one.row, next_one.due.stage)
    return gettext("本中心") if case.status is CaseStatus.OPEN else gettext("没有人")


def _what_now(case: cases.Case) -> str:
    return gettext("登记下一步") if case.status is CaseStatus.OPEN else gettext("案件已经了结")


def _money_notes(case: cases.Case) -> list[str]:
    notes = []
    if case.agreed_fen:
        notes.append(gettext("协议%(yuan)s，", yuan=filters.fen(case.agreed_fen)))
    if case.agreed_fen or case.recovered_fen:
        notes.append(gettext("已到账%(yuan)s", yuan=filters.fen(case.recovered_fen)))
    return notes


@dataclass(frozen=True)
class RightLine:
    """One of the worker's own rights on the strip."""

    name: str
    days: int | None
    on: date | None
    why: str
    law: str
    provisional: bool
    none_text: str


def rights_of(case: cases.Case) -> list[RightLine]:
    """The worker's own rights, while one of them runs."""
    if case.status is not CaseStatus.OPEN:
        return []
    found = cases.rights_of(case)
    runs = any(each.due is not None and each.state in RUNS for each in found)
    return [_right(each) for each in found] if runs else []


def _aid_is_urgent(case: cases.Case, dated: Sequence[cases.Dated]) -> bool:
    dues = (each.due for each in dated)
    return case.status is CaseStatus.OPEN and urgent_aid(dues, clock.today())


def _right(right: Right) -> RightLine:
    runs = right.state in RUNS
    none_text = gettext("没有期限") if right.unlimited else ""
    return RightLine(
        name=gettext(right.name),
        days=right.days_left if runs else None,
        on=right.last_day,
        why=gettext("%(sentence)s。", sentence=right.sum_text(gettext).rstrip("。")),
        law=right.law_text(gettext),
        provisional=right.provisional,
        none_text=none_text if runs else gettext("已经办了"),
    )


# --- timeline -----------------------------------------------------------------------


def timeline_days(
    case: cases.Case,
    events: Sequence[cases.CaseEvent],
    dated: Sequence[cases.Dated],
    show: str,
    may_record: bool,
) -> list[tuple[date, list[Item]]]:
    """The timeline, newest day first; corrected entries stand beside their corrections."""
    kinds = SHOWS[show][1]
    notes, names = cases.notes_of(events), cases.names_of(case)
    mended = {event.corrects_id: event for event in events if event.corrects_id}
    started = _started(events, dated)
    may = may_record and case.status is not CaseStatus.VOID
    items = [
        (event.happened_on, _item(event, notes, names, mended.get(event.id), started, may))
        for event in events
        if event.kind in kinds
    ]
    return [
        (day, [item for _, item in group]) for day, group in groupby(items, lambda pair: pair[0])
    ]


def _started(events: Sequence[cases.CaseEvent], dated: Sequence[cases.Dated]) -> dict[int, int]:
    """For each event the number of running dates that start from it."""
    refs = [each.row.trigger_ref for each in dated if each.row.state is DeadlineState.OPEN]
    return {e.id: refs.count(f"event:{cases.root_of(e, events).uid}") for e in events}


def _item(
    event: cases.CaseEvent,
    notes: dict[int, str],
    names: dict[int, str],
    mending: cases.CaseEvent | None,
    started: dict[int, int],
    may: bool,
) -> Item:
    lines = [notes[event.id]] if event.id in notes else []
    lines += event_words.details_of(event, names)
    counts = mending is None and not event.is_retraction
    if counts and started[event.id]:
        lines.append(gettext("%(n)s个期限从这里起算。", n=started[event.id]))
    title = event_words.title_of(event)
    if event.is_retraction:
        title = gettext("撤销：%(title)s", title=title)
    return Item(
        id=event.id,
        title=title,
        lines=lines,
        by=_by(event),
        key=event.kind in event_words.MILESTONES and counts,
        corrected=_corrected(mending),
        may_correct=may and counts and event.kind not in cases.BY_OTHER_MEANS,
        is_calculation=event.kind is EventKind.CALCULATED,
        is_visit=event.kind is EventKind.VISIT,
    )


def _corrected(mending: cases.CaseEvent | None) -> str:
    if mending is None:
        return ""
    return gettext("已撤销") if mending.is_retraction else gettext("已更正")


def _by(event: cases.CaseEvent) -> str:
    who = event.recorded_label
    who = gettext("自动") if who.startswith("system:") else who
    written = clock.local(event.recorded_at)
    if written.date() == event.happened_on:
        return f"{written:%H:%M} {who}"
    day = filters.date_md(written.date())
    return gettext("%(day)s %(hour)s登记 %(who)s", day=day, hour=f"{written:%H:%M}", who=who)


def _choices(
    case: cases.Case,
    proceedings: Sequence[cases.Proceeding],
    events: Sequence[cases.CaseEvent],
) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be recorded, grouped: the case itself, then each proceeding."""
    general = [
        ("0:call:yes", gettext("电话 接通")),
        ("0:call:no", gettext("电话 未接通")),
        ("0:note", gettext("记事")),
        ("0:visit", gettext("来访")),
    ]
    if case.status is CaseStatus.VOID:
        return []
    if case.status is not CaseStatus.OPEN:
        return [(gettext("案件"), general)]
    possible = cases.choices_of(proceedings, events)
    groups = [
        (
            case_words.proceeding_name(p, proceedings),
            [(f"{p.id}:{kind.value}", gettext(kind.label)) for kind in possible[p.id]],
        )
        for p in proceedings
    ]
    rest = [
        (f"0:{kind.value}", gettext(kind.label))
        for kind in EventKind
        if kind in cases.OF_CASE - {EventKind.CALL, EventKind.NOTE, EventKind.VISIT}
    ]
    limits = (gettext("时效和生效"), rest)
    return [(gettext("案件"), general), *(g for g in groups if g[1]), limits]


def _offers(
    case: cases.Case, proceedings: Sequence[cases.Proceeding]
) -> list[tuple[cases.Proceeding, str, list[Stage]]]:
    """What usually comes next after each outcome that nothing has followed yet."""
    if case.status is not CaseStatus.OPEN:
        return []
    followed = {p.follows_id for p in proceedings}
    busy = {p.stage for p in proceedings if p.status not in stages.ENDED}
    found = []
    for proceeding in proceedings:
        if proceeding.status in stages.ENDED and proceeding.id not in followed:
            after = stages.follow_ups(proceeding.stage, proceeding.outcome)
            free = [stage for stage in after if stage not in busy]
            if free:
                found.append((proceeding, case_words.stage_line(proceeding), free))
    return found


# --- dates and money ------------------------------------------------------------------


def _date_line(dated: cases.Dated) -> DateLine:
    row, due = dated.row, dated.due
    marks = [case_words.due_kind(row)]
    if due.informative:
        marks = [gettext("到期自动生效")]
    if not row.confirmed:
        marks.append(gettext("条文待核对"))
    if due.paused:
        marks.append(gettext("中止中"))
    return DateLine(
        id=row.id,
        name=case_words.due_label(row),
        days=filters.days_left(row.due_on),
        on=row.due_on,
        who=gettext("轮到%(who)s", who=case_words.whose_move(row, due.stage)),
        marks=marks,
        steps=_steps(dated),
        provisional=row.provisional,
        met="" if is_running(dated) else _past_word(dated),
    )


def _past_word(dated: cases.Dated) -> str:
    if dated.row.state is not DeadlineState.OPEN:
        return gettext(dated.row.state.label)
    if dated.due.informative:
        return gettext("只供知晓")
    return gettext("登记前已过") if dated.row.quiet else gettext("没有选用")


def _steps(dated: cases.Dated) -> list[StepLine]:
    """The sum of a date, how far it can be extended, and the way to the printed sum."""
    rows = [_step(line, dated.row.due_on) for line in explain.sum_rows(dated.due, gettext)]
    longer = dated.due.rule.extended_by
    if longer is not None:
        most = explain.length_text(longer.length, longer.unit, gettext) if longer.length else ""
        once = gettext("只一次") if longer.once else ""
        words = [gettext("最多%(most)s", most=most) if most else "", gettext("要经批准"), once]
        rows.append(StepLine(gettext("延期"), gettext("，").join(word for word in words if word)))
    row = dated.row
    paper = url_for("proceedings.explain", case_id=row.case_id, deadline_id=row.id)
    return [*rows, StepLine("", gettext("打印这个算法"), url=paper)]


def _step(line: explain.SumRow, due_on: date | None) -> StepLine:
    if line.kind == "result" and due_on is not None:
        return StepLine(line.label, "", True, on=due_on)
    return StepLine(line.label, line.value, line.kind == "result", line.kind == "text")


def _money(case: cases.Case, proceedings: Sequence[cases.Proceeding]) -> list[MoneyLine]:
    """Claimed, awarded, agreed and received are four different sums."""
    lines = [
        MoneyLine(
            gettext("%(stage)s裁判金额", stage=case_words.proceeding_name(p, proceedings)),
            p.awarded_fen,
        )
        for p in proceedings
        if p.awarded_fen
    ]
    lines.append(MoneyLine(gettext("协议金额"), case.agreed_fen))
    lines.append(MoneyLine(gettext("实际到账"), case.recovered_fen))
    if case.agreed_fen > case.recovered_fen:
        lines.append(MoneyLine(gettext("协议未付"), case.agreed_fen - case.recovered_fen, True))
    return lines
