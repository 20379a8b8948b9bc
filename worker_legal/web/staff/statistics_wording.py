"""The wording of the report sentence: edit it, try it on a period, go back to an older one."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from worker_legal.domain import org
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics import measures, wording
from worker_legal.domain.statistics.wording import NewWording, Part, ReportTemplate
from worker_legal.infra import clock
from worker_legal.web import forms, language
from worker_legal.web.fields import LegalDateField, LongTextField, TextField, needed
from worker_legal.web.security import current_actor, requires
from worker_legal.web.staff import statistics_scope, statistics_view
from worker_legal.web.staff.statistics import bp
from worker_legal.web.staff.statistics_scope import PeriodForm, Scope
from worker_legal.web.staff.statistics_view import Number

BUILT_IN = "built-in"


class WordingForm(forms.BaseForm):
    """One version of the wording."""

    name = TextField(lazy_gettext("名称"), length=wording.LONGEST_NAME, needs=True)
    text = LongTextField(lazy_gettext("用语"), length=wording.LONGEST_TEXT, needs=True)
    valid_from = LegalDateField(lazy_gettext("从哪天起用"), [needed()])


@bp.route("/statistics/wording", methods=["GET", "POST"])
@requires(Action.EDIT_WORDING)
def edit_wording() -> Response | tuple[str, int]:
    """Change the wording; trying it shows the sentence and keeps nothing."""
    actor, form = current_actor(), WordingForm(request.form or None)
    actor.require(Action.EDIT_WORDING, org.centre().id)
    scope = statistics_scope.scope_of(actor, PeriodForm.of_request().period)
    spoken = language.choose()
    if request.method == "GET":
        _open(form, scope, spoken)
    is_trial = request.form.get("preview") == "1"
    if not is_trial and forms.submit(form, lambda: _save(actor, form, spoken)):
        flash(gettext("用语已保存，原来的留在下面"))
        return redirect(url_for("statistics.edit_wording", **scope.arguments))
    trial = _tried(actor, form, scope) if request.method == "GET" or is_trial else []
    return forms.page(
        "staff/statistics/wording.html",
        form,
        scope=scope,
        trial=trial,
        places=_places(actor, scope),
        known=wording.versions(spoken),
        built_in=gettext(wording.BUILT_IN),
    )


def _open(form: Any, scope: Scope, spoken: str) -> None:
    """Fill the form with the wording in force, an older version, or the built-in one."""
    asked = request.args.get("version", "")
    chosen = next((row for row in wording.versions(spoken) if str(row.version) == asked), None)
    form.valid_from.data = clock.today().replace(month=1, day=1)
    if chosen is not None:
        form.name.data, form.text.data = chosen.name, chosen.text
        form.valid_from.data = chosen.valid_from
    elif asked == BUILT_IN:
        form.name.data, form.text.data = gettext("自带用语"), gettext(wording.BUILT_IN)
    else:
        form.name.data = gettext("%(year)s年用语", year=clock.today().year)
        form.text.data = wording.text_for(spoken, scope.period.last, gettext)


def _save(actor: Actor, form: Any, spoken: str) -> ReportTemplate:
    new = NewWording(form.name.data, spoken, form.text.data, form.valid_from.data)
    return wording.save(actor, new)


def _tried(actor: Actor, form: Any, scope: Scope) -> list[Number]:
    """The sentence as it would read, empty when the text cannot be filled in."""
    found = measures.figures(actor, scope.period, scope.site_ids)

    def filled() -> list[Part]:
        return wording.fill_in(form.text.data or "", scope.period, found, gettext)

    parts = filled() if request.method == "GET" else forms.submit(form, filled)
    return statistics_view.numbers(scope, parts or [])


def _places(actor: Actor, scope: Scope) -> list[tuple[str, str, str, str]]:
    """Every name, what it stands for, and what it is in this period."""
    found = measures.figures(actor, scope.period, scope.site_ids)
    return [
        (
            "{" + place.name + "}",
            "{" + place.english + "}",
            gettext(place.meaning),
            place.value(scope.period, found, gettext) or wording.UNKNOWN,
        )
        for place in wording.PLACES
    ]
