"""Results of the calculators kept with a case as they came out, whatever standards change later."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from worker_legal.domain import audit
from worker_legal.domain.cases.events import add_event, find_event
from worker_legal.domain.cases.models import Case, CaseEvent
from worker_legal.domain.cases.service import check_day, get_event, lock, require_on
from worker_legal.domain.cases.sight import visible_to
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import BadInput, NotFound, RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra import crypto
from worker_legal.infra.db import Base, db
from worker_legal.law.compensation import Kind
from worker_legal.law.enums import CaseStatus, EventKind


class CalculationSheet(Base):
    """The whole sheet of an attached calculation, sealed: wages and injuries are in it."""

    __tablename__ = "calculation_sheet"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("case_event.id"), primary_key=True)
    sheet_enc: Mapped[str] = mapped_column(sa.Text)


@dataclass(frozen=True)
class NewCalculation:
    """A result to be kept: what was calculated, fen, the sheet as plain values, its form's name."""

    kind: Kind
    on: date
    total_fen: int
    sheet: Mapping[str, Any]
    token: str = ""


def attach_calculation(actor: Actor, case: Case, new: NewCalculation) -> CaseEvent:
    """Put a result on the timeline; its lines are kept sealed and never computed again.

    Raises RuleBroken for a void case.
    """
    require_on(actor, Action.RECORD_EVENT, case)
    lock(case)
    done = find_event(case, new.token)
    if done is not None:
        return done
    if case.status is CaseStatus.VOID:
        raise RuleBroken(N_("这个案件已经作废，不能再登记"))
    check_day(new.on, "on")
    payload = {"calculation": new.kind.value, "total_fen": new.total_fen}
    event = add_event(actor, case, EventKind.CALCULATED, new.on, payload=payload, token=new.token)
    text = json.dumps(new.sheet, ensure_ascii=False)
    sealed = crypto.seal(text, f"calculation_sheet:sheet:{event.uid}")
    db.session.add(CalculationSheet(event_id=event.id, sheet_enc=sealed))
    db.session.flush()
    audit.record(actor, "attach_calculation", "case", case.id, kind=new.kind.value)
    return event


def get_calculation(case: Case, event_id: int) -> tuple[CaseEvent, dict[str, Any]]:
    """An attached result with its sheet as it came out on its day.

    Raises NotFound for an event of another sort or another case.
    """
    event = get_event(case, event_id)
    row = db.session.get(CalculationSheet, event.id)
    if row is None:
        raise NotFound(N_("这个案件没有这条记录"))
    sheet: dict[str, Any] = json.loads(
        crypto.unseal(row.sheet_enc, f"calculation_sheet:sheet:{event.uid}")
    )
    return event, sheet


def case_by_number(actor: Actor, number: str) -> Case:
    """The one case with this number, or with this running number in it, where the actor records.

    Raises BadInput when there is none, or more than one.
    """
    text = number.strip()
    mine = visible_to(actor, Action.RECORD_EVENT)
    found = list(db.session.scalars(mine.where(Case.case_no == text)))
    if not found and text:
        tail = Case.case_no.endswith(f"〕{text.removesuffix('号')}号", autoescape=True)
        found = list(db.session.scalars(mine.where(tail).limit(2)))
    if not found:
        raise BadInput(N_("没有这个案号，或不在您的范围内"), field="case_no")
    if len(found) > 1:
        raise BadInput(N_("不止一个案件是这个号，请填写完整的案号"), field="case_no")
    return found[0]
