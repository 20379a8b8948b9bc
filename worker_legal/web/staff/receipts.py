"""Receipts: one A5 sheet per worker with a code that exists only on that sheet."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from worker_legal.domain import portal
from worker_legal.domain.cases import queries
from worker_legal.domain.cases.models import Case, CaseParty
from worker_legal.domain.permissions import Action
from worker_legal.domain.portal import Receipt
from worker_legal.infra import clock, qr
from worker_legal.web import filters, forms, plain
from worker_legal.web.forms import BaseForm
from worker_legal.web.security import current_actor, requires

bp = Blueprint("receipts", __name__)


class ReceiptForm(BaseForm):
    """Whose receipts to print; replacing one asks for a look at the person's paper."""

    parties = SelectMultipleField(
        lazy_gettext("给谁打印"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    identity_checked = BooleanField(lazy_gettext("已核对本人（看过身份证件）"))

    def validate_parties(self, field: SelectMultipleField) -> None:
        """At least one worker."""
        if not field.data:
            raise ValidationError(gettext("请至少选一名职工"))


@bp.get("/cases/<int:case_id>/receipts")
@requires(Action.ISSUE_RECEIPT)
def show(case_id: int) -> Any:
    """Choose whose receipts to print; those who have none yet are chosen already."""
    case = queries.get_case(current_actor(), case_id, Action.ISSUE_RECEIPT)
    return _page(case, _form(case, chosen=_asked_for()))


@bp.post("/cases/<int:case_id>/receipts")
@requires(Action.ISSUE_RECEIPT)
def reissue(case_id: int) -> Any:
    """Issue the codes and answer with the sheets; nothing keeps the codes after this page."""
    case = queries.get_case(current_actor(), case_id, Action.ISSUE_RECEIPT)
    form = _form(case)
    receipts = forms.submit(form, lambda: _issue(case_id, form))
    if receipts is None:
        case = queries.get_case(current_actor(), case_id, Action.ISSUE_RECEIPT)
        return _page(case, form)
    back = url_for("cases.detail", case_id=case_id)
    return render_template("print/receipt.html", receipts=receipts, back_url=back)


def _asked_for() -> int | None:
    return request.args.get("party", type=int)


def _form(case: Case, chosen: int | None = None) -> ReceiptForm:
    form = ReceiptForm()
    workers = _workers(case)
    form.parties.choices = [(party.id, _name(party)) for party in workers]
    if not form.is_submitted():
        living = portal.grants_of(case)
        new = [party.id for party in workers if party.worker_id not in living]
        form.parties.data = [chosen] if chosen else new
    return form


def _page(case: Case, form: ReceiptForm) -> tuple[str, int]:
    living = portal.grants_of(case)
    boxes = {int(box.data): box for box in form.parties}
    rows = [
        {
            "box": boxes[party.id],
            "party": party,
            "number": portal.receipt_number(case, party),
            "grant": living.get(party.worker_id or 0),
        }
        for party in _workers(case)
    ]
    return forms.page("staff/receipts/show.html", form, case=case, rows=rows, any_living=living)


def _workers(case: Case) -> list[CaseParty]:
    return [party for party in queries.parties_of(case) if party.worker_id is not None]


def _name(party: CaseParty) -> str:
    return party.worker.name if party.worker else ""


def _issue(case_id: int, form: ReceiptForm) -> list[dict[str, Any]]:
    actor = current_actor()
    case = queries.get_case(actor, case_id, Action.ISSUE_RECEIPT)
    wanted = set(form.parties.data or ())
    checked = bool(form.identity_checked.data)
    sheets = []
    for party in _workers(case):
        if party.id in wanted and party.worker_id is not None:
            code = portal.issue_code(actor, case, party.worker_id, checked)
            sheets.append(_sheet(portal.receipt_for(case, party.worker_id, code), actor.label))
    return sheets


def _sheet(receipt: Receipt, clerk: str) -> dict[str, Any]:
    """The receipt in the words of the reader, ready for paper."""
    flags = [gettext(flag) for flag in receipt.flags]
    return {
        "office": receipt.office.name,
        "number": receipt.number,
        "on": receipt.on,
        "worker": receipt.worker,
        "masked_id": receipt.masked_id,
        "employer": receipt.employer,
        "matter": _matter(receipt),
        "received": gettext("口头申请，已做笔录") if receipt.is_oral else gettext("书面申请"),
        "flags": gettext("、").join(flags),
        "visit": _visit(receipt),
        "address": receipt.short_address,
        "code_parts": receipt.code_groups,
        "qr": qr.square(receipt.address, gettext("二维码")),
        "rights": [_right(day) for day in receipt.last_days],
        "clerk": clerk,
        "phone_line": _phone_line(receipt),
    }


def _matter(receipt: Receipt) -> str:
    span = filters.month(receipt.unpaid_from)
    last = _last_month(receipt)
    if span and last:
        span = gettext("%(first)s至%(last)s", first=span, last=last)
    words = [span, gettext(receipt.dispute)]
    if receipt.claimed_fen:
        words.append(gettext("%(yuan)s元", yuan=filters.fen(receipt.claimed_fen)))
    return " ".join(word for word in words if word)


def _last_month(receipt: Receipt) -> str:
    first, last = receipt.unpaid_from, receipt.unpaid_to
    if first is not None and last is not None and first.year == last.year:
        return gettext("%(month)s月", month=last.month) if first.month != last.month else ""
    return filters.month(last)


def _visit(receipt: Receipt) -> dict[str, str] | None:
    visit = receipt.visit
    if visit is None:
        return None
    day = filters.date_cn(visit.at.astimezone(clock.SHANGHAI).date())
    return {
        "when": f"{day}\u3000{filters.spoken_time(visit.at)}",
        "place": visit.place,
        "bring": gettext("、").join(plain.things(visit.bring)),
    }


def _right(day: portal.LastDay) -> dict[str, Any]:
    why = plain.reckoning(day)
    if day.provisional:
        why = gettext("%(why)s，暂定", why=why)
    return {"name": gettext(day.name), "why": why, "on": day.on}


def _phone_line(receipt: Receipt) -> str:
    card = receipt.office
    phone = gettext("电话 %(phone)s", phone=card.phone) if card.phone else ""
    return "\u3000".join(part for part in (phone, card.hours) if part)
