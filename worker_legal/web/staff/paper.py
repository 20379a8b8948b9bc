"""The dates of a site on paper: which sites have printed theirs this week, and the sheet itself."""

from dataclasses import dataclass
from datetime import date

from flask import render_template
from flask_babel import gettext

from worker_legal.domain import cases, org
from worker_legal.domain.permissions import Action
from worker_legal.infra import clock
from worker_legal.infra.db import transaction
from worker_legal.web.security import current_actor, requires
from worker_legal.web.staff import case_words
from worker_legal.web.staff.home import bp


@dataclass(frozen=True)
class PaperLine:
    """One date on the sheet; no names of workers or employers, the paper lies about."""

    on: date
    provisional: bool
    case_no: str
    what: str
    stage: str
    who: str


@bp.get("/dates/paper")
@requires(Action.HAND_OUT)
def paper() -> str:
    """Which sites have printed their dates this week."""
    first, last = cases.span_of_paper()
    sheets = cases.site_sheets(current_actor())
    return render_template("staff/home/paper.html", sheets=sheets, first=first, last=last)


@bp.post("/dates/paper/<int:site_id>")
@requires(Action.HAND_OUT)
def print_dates(site_id: int) -> str:
    """The sheet of a site; by a form, because printing is written down."""
    actor = current_actor()
    with transaction():
        lines = [_line(row) for row in cases.dates_on_paper(actor, site_id)]
        cases.note_printing(actor, site_id)
        site = org.get_unit(site_id).name
    first, last = cases.span_of_paper()
    return render_template(
        "print/dates.html",
        lines=lines,
        site=site,
        first=first,
        last=last,
        printed_at=clock.now(),
        printed_by=actor.label,
        today=clock.today(),
    )


def _line(row: cases.Deadline) -> PaperLine:
    stage = gettext(row.proceeding.stage.label) if row.proceeding else gettext("职工的时效")
    handler = row.case.handler
    return PaperLine(
        row.due_on or clock.today(),
        row.provisional,
        row.case.case_no,
        case_words.due_label(row),
        stage,
        handler.display_name if handler else gettext("还没有人办"),
    )
