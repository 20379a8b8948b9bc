"""The tracks picture of a case: one lane per proceeding, what happened and what is due."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import gettext
from markupsafe import Markup

from worker_legal.domain import cases
from worker_legal.infra import charts, clock
from worker_legal.law import stages
from worker_legal.law.enums import DeadlineState
from worker_legal.web import filters, pictures
from worker_legal.web.staff import case_words, event_words

FARTHEST = timedelta(days=200)


def picture(
    case: cases.Case,
    proceedings: Sequence[cases.Proceeding],
    events: Sequence[cases.CaseEvent],
    dated: Sequence[cases.Dated],
) -> Markup:
    """The lanes of a case on one time line, marks leading to the timeline and to the dates."""
    today = clock.today()
    running = [each for each in dated if _is_shown(each.row, today)]
    people = cases.party_ids_of(proceedings)
    lanes = [
        _lane(
            proceeding,
            case_words.proceeding_name(proceeding, proceedings),
            _state(proceeding, len(people.get(proceeding.id, ())), case.worker_count),
            [event for event in events if event.proceeding_id == proceeding.id],
            [each for each in running if each.row.proceeding_id == proceeding.id],
        )
        for proceeding in proceedings
    ]
    return pictures.tracks(lanes, today) if lanes else Markup("")


def _is_shown(row: cases.Deadline, today: date) -> bool:
    if row.state is not DeadlineState.OPEN or row.due_on is None or row.quiet:
        return False
    return row.due_on <= today + FARTHEST and not (row.optional and row.due_on < today)


def _lane(
    proceeding: cases.Proceeding,
    name: str,
    state: str,
    events: Sequence[cases.CaseEvent],
    dated: Sequence[cases.Dated],
) -> charts.Lane:
    next_one = min(dated, key=lambda each: (each.row.optional, each.row.due_on), default=None)
    return charts.Lane(
        label=name,
        state=case_words.STATE[proceeding.status],
        state_text=state,
        next_html=_next_line(next_one, proceeding),
        spans=_spans(proceeding, dated),
        marks=[
            *(_event_mark(event) for event in events if _is_key(event)),
            *(_due_mark(each, each is next_one) for each in dated),
        ],
    )


def _state(proceeding: cases.Proceeding, people: int, of_all: int) -> str:
    """Where a proceeding stands, and for how many when it is not for everybody."""
    state = case_words.proceeding_state(proceeding)
    if people in (0, of_all):
        return state
    return gettext("%(state)s，%(n)s人", state=state, n=people)


def _next_line(next_one: cases.Dated | None, proceeding: cases.Proceeding) -> Markup:
    if next_one is None:
        ended = proceeding.concluded_on
        words = gettext("%(day)s办结", day=filters.date_md(ended)) if ended else ""
        return pictures.next_line(None, words or gettext("没有期限"))
    words = case_words.due_label(next_one.row)
    if next_one.row.optional:
        words = gettext("%(what)s，可选", what=words)
    return pictures.next_line(filters.days_left(next_one.row.due_on), words)


def _spans(proceeding: cases.Proceeding, dated: Sequence[cases.Dated]) -> list[charts.Span]:
    today, ended = clock.today(), proceeding.concluded_on
    if proceeding.status in stages.ENDED and ended is not None:
        spans = [charts.Span(proceeding.filed_on, ended, "past")]
    else:
        spans = [charts.Span(proceeding.filed_on, today, "done")]
    ahead = [each.row.due_on for each in dated if each.row.due_on and each.row.due_on > today]
    return [*spans, charts.Span(today, max(ahead), "todo")] if ahead else spans


def _is_key(event: cases.CaseEvent) -> bool:
    return event.kind in event_words.MILESTONES


def _event_mark(event: cases.CaseEvent) -> charts.Mark:
    label = f"{filters.date_md(event.happened_on)} {gettext(event.kind.label)}"
    title = f"{filters.date_cn(event.happened_on)} {event_words.title_of(event)}"
    return charts.Mark(event.happened_on, "event", label, f"#e{event.id}", title)


def _due_mark(dated: cases.Dated, nearest: bool) -> charts.Mark:
    row = dated.row
    on = row.due_on or clock.today()
    what = case_words.due_label(row)
    kind = pictures.mark_kind((on - clock.today()).days, row.optional)
    title = f"{filters.date_cn(on)} {what}" + (f"，{gettext('可选')}" if row.optional else "")
    strong = nearest and kind in {"late", "soon"}
    label = f"{filters.date_md(on)} {what}"
    return charts.Mark(on, kind, label, f"#d{row.id}", title, strong)
