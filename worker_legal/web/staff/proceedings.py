"""Moving a case on: open a proceeding, record what happened, correct it, show a date's sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from worker_legal.domain import cases
from worker_legal.domain.permissions import Action
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.law import explain as words
from worker_legal.law import stages
from worker_legal.law.enums import EventKind, Stage
from worker_legal.web.fields import LegalDateField, TextField, needed, not_in_future
from worker_legal.web.forms import page, submit
from worker_legal.web.security import current_actor, requires
from worker_legal.web.staff import reminder_words
from worker_legal.web.staff.case_words import title_parts
from worker_legal.web.staff.event_form import CorrectionForm, NotedForm, WorkersField, event_form
from worker_legal.web.staff.event_words import title_of

bp = Blueprint("proceedings", __name__)
bp.context_processor(lambda: {"title_parts": title_parts})
Answer = str | Response | tuple[str, int]


class OpeningForm(NotedForm):
    """The opening of a proceeding: for whom, when, and the reason where a rule asks for one."""

    filed_on = LegalDateField(
        lazy_gettext("申请日期"), [needed(), not_in_future], default=lambda: clock.today()
    )
    reason = TextField(lazy_gettext("理由"), 200)


@dataclass(frozen=True)
class Step:
    """One kind of event in one proceeding of a case, or in the case itself."""

    kind: EventKind
    proceeding: cases.Proceeding | None
    given: str = ""

    @property
    def specs(self) -> tuple[stages.FieldSpec, ...]:
        """The fields this event has beyond its day and note."""
        return stages.fields_for(self.stage, self.kind)

    @property
    def stage(self) -> Stage | None:
        """The service the event belongs to, none for an event of the case itself."""
        return self.proceeding.stage if self.proceeding else None

    @property
    def code(self) -> str:
        """The step as the box of the case page names it: `12:accepted` or `0:call:yes`."""
        number = self.proceeding.id if self.proceeding else 0
        return f"{number}:{self.kind.value}" + (f":{self.given}" if self.given else "")


@bp.route("/cases/<int:case_id>/record", methods=["GET", "POST"])
@requires(Action.RECORD_EVENT)
def record(case_id: int) -> Answer:
    """Record what happened; the second page for events with fields of their own."""
    case = cases.get_case(current_actor(), case_id, Action.RECORD_EVENT)
    if "what" not in request.values:
        return redirect(url_for("cases.detail", case_id=case_id, _anchor="record"))
    step = _step(case, request.values["what"])
    form = event_form(step.specs, known={"reached": step.given})
    comes_from_box = "box" in request.form and step.specs and not step.given
    if not comes_from_box and submit(form, lambda: _record(case_id, form)):
        flash(_recorded_words(step.kind))
        return redirect(url_for("cases.detail", case_id=case_id))
    case = cases.get_case(current_actor(), case_id, Action.RECORD_EVENT)
    step = _step(case, request.values["what"])
    return page("staff/proceedings/record.html", form, case=case, step=step)


def _recorded_words(kind: EventKind) -> str:
    if kind is EventKind.VISIT:
        return gettext("已记一次到访；记错了，可在经过里撤销")
    return gettext("已记下：%(what)s", what=gettext(kind.label))


def _record(case_id: int, form: Any) -> cases.CaseEvent:
    case = cases.get_case(current_actor(), case_id, Action.RECORD_EVENT)
    step = _step(case, request.values["what"])
    payload = form.payload()
    if step.given:
        payload["reached"] = step.given
    return cases.record_event(
        current_actor(),
        case,
        cases.NewEvent(
            kind=step.kind,
            on=form.on.data,
            proceeding_id=step.proceeding.id if step.proceeding else None,
            payload=payload,
            note=form.note.data,
            token=form.token.data,
        ),
    )


def _step(case: cases.Case, code: str) -> Step:
    number, _, rest = code.partition(":")
    kind, _, given = rest.partition(":")
    known = {each.value: each for each in EventKind}
    if kind not in known or not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotFound(N_("没有这种事项"))
    if given and (known[kind] is not EventKind.CALL or given not in ("yes", "no")):
        raise NotFound(N_("没有这种事项"))
    proceeding = cases.get_proceeding(case, int(number)) if int(number) else None
    return Step(known[kind], proceeding, given)


@bp.route("/cases/<int:case_id>/proceedings/new", methods=["GET", "POST"], endpoint="open")
@requires(Action.RECORD_EVENT)
def open_proceeding(case_id: int) -> Answer:
    """Open a further proceeding; without a stage the nine are offered."""
    case = cases.get_case(current_actor(), case_id, Action.RECORD_EVENT)
    stage = _stage(request.values.get("stage", ""))
    if stage is None:
        return render_template("staff/proceedings/choose.html", case=case, offers=_offers(case))
    form = _opening_form(case, stage)
    if submit(form, lambda: _open(case_id, stage, form)):
        flash(gettext("已开“%(stage)s”程序", stage=gettext(stage.label)))
        return redirect(url_for("cases.detail", case_id=case_id))
    case = cases.get_case(current_actor(), case_id, Action.RECORD_EVENT)
    rule = cases.gate_of(case, stage)
    return page("staff/proceedings/open.html", form, case=case, stage=stage, rule=rule)


def _opening_form(case: cases.Case, stage: Stage) -> Any:
    workers = [(row.id, row.worker.name) for row in cases.parties_of(case) if row.worker]
    free = cases.free_workers(case, stage)
    specs = stages.fields_for(stage, EventKind.APPLIED)
    ticked = [row for row, _ in workers if row in free]
    return event_form(specs, opening_form(workers), party_ids=ticked)


def opening_form(workers: Sequence[tuple[int, str]]) -> type[OpeningForm]:
    """The form of an opening for the workers of one case."""
    field = WorkersField(lazy_gettext("哪些职工"), rows=workers)
    return type("OpeningFormOfCase", (OpeningForm,), {"party_ids": field})


def _open(case_id: int, stage: Stage, form: Any) -> cases.Proceeding:
    follows = request.values.get("follows", "")
    return cases.open_proceeding(
        current_actor(),
        cases.get_case(current_actor(), case_id, Action.RECORD_EVENT),
        cases.NewProceeding(
            stage=stage,
            filed_on=form.filed_on.data,
            party_ids=tuple(form.party_ids.data),
            follows_id=int(follows) if follows.isascii() and follows.isdigit() else None,
            facts=form.payload(),
            reason=form.reason.data,
            note=form.note.data,
            token=form.token.data,
        ),
    )


def _stage(value: str) -> Stage | None:
    if not value:
        return None
    if value not in {stage.value for stage in Stage}:
        raise NotFound(N_("没有这种程序"))
    return Stage(value)


def _offers(case: cases.Case) -> Sequence[tuple[Stage, bool]]:
    """The nine services, each with whether a further one can be opened for somebody."""
    return [(stage, bool(cases.free_workers(case, stage))) for stage in Stage]


@bp.route("/cases/<int:case_id>/events/<int:event_id>/correct", methods=["GET", "POST"])
@requires(Action.RECORD_EVENT)
def correct(case_id: int, event_id: int) -> Answer:
    """Correct an event, or take it back; both stay on the timeline."""
    case = cases.get_case(current_actor(), case_id, Action.RECORD_EVENT)
    event = cases.get_event(case, event_id)
    form = _correction_form(case, event)
    if submit(form, lambda: _correct(case_id, event_id, form)):
        flash(gettext("已更正，原来的记录仍在经过里"))
        return redirect(url_for("cases.detail", case_id=case_id))
    case = cases.get_case(current_actor(), case_id, Action.RECORD_EVENT)
    event = cases.get_event(case, event_id)
    stage = cases.get_proceeding(case, event.proceeding_id).stage if event.proceeding_id else None
    return page(
        "staff/proceedings/correct.html",
        form,
        case=case,
        event=event,
        stage=stage,
        title=title_of(event),
        may=cases.may_correct(case, event),
        may_retract=event.kind not in cases.FIRST,
    )


def _correction_form(case: cases.Case, event: cases.CaseEvent) -> Any:
    stage = cases.get_proceeding(case, event.proceeding_id).stage if event.proceeding_id else None
    specs = () if event.kind in cases.FIRST else stages.fields_for(stage, event.kind)
    note = cases.notes_of([event]).get(event.id, "")
    return event_form(specs, CorrectionForm, event.payload, on=event.happened_on, note=note)


def _correct(case_id: int, event_id: int, form: Any) -> cases.CaseEvent:
    case = cases.get_case(current_actor(), case_id, Action.RECORD_EVENT)
    kind = cases.get_event(case, event_id).kind
    new = cases.NewEvent(
        kind, form.on.data, None, form.payload(), form.note.data, token=form.token.data
    )
    wanted = None if "retract" in request.form else new
    return cases.correct_event(current_actor(), case, event_id, wanted, form.correction.data)


@bp.get("/cases/<int:case_id>/dates/<int:deadline_id>")
@requires(Action.VIEW_CASE)
def explain(case_id: int, deadline_id: int) -> Answer:
    """One date as a numbered sum on paper: event, length, calendar, article, last day."""
    case = cases.get_case(current_actor(), case_id)
    dated = cases.get_dated(case, deadline_id)
    return render_template(
        "staff/proceedings/explain.html",
        case=case,
        dated=dated,
        steps=words.explain(dated.due, gettext),
        laws=[words.law_text(law, gettext) for law in (dated.due.rule.law, *dated.due.rule.also)],
        chain=reminder_words.chain_words(case, dated.row),
        printed_by=current_user.user.display_name,
        today=clock.today(),
    )
