"""Nine services: their state machine, what comes before what, and what usually comes next."""

from collections.abc import Collection, Iterable, Mapping

from worker_legal.errors import RuleBroken
from worker_legal.i18n import N_
from worker_legal.law.enums import EventKind, Outcome, Stage, Status
from worker_legal.law.specs import (
    APPRAISAL,
    EVENT_FIELDS,
    EXTENDED_PERIOD,
    REVIEW,
    SPECS,
    FieldKind,
    FieldSpec,
    StageSpec,
)

__all__ = ["EVENT_FIELDS", "SPECS", "FieldKind", "FieldSpec", "StageSpec"]

E = EventKind
O = Outcome  # noqa: E741 - the tables below read as a sheet
S = Stage

MOVES: dict[tuple[Status, EventKind], Status] = {
    (Status.APPLIED, E.ACCEPTED): Status.ACCEPTED,
    (Status.APPLIED, E.REJECTED): Status.REJECTED,
    (Status.APPLIED, E.WITHDRAWN): Status.WITHDRAWN,
    (Status.ACCEPTED, E.SUSPENDED): Status.SUSPENDED,
    (Status.ACCEPTED, E.WITHDRAWN): Status.WITHDRAWN,
    (Status.ACCEPTED, E.CONCLUDED): Status.CONCLUDED,
    (Status.SUSPENDED, E.RESUMED): Status.ACCEPTED,
    (Status.SUSPENDED, E.WITHDRAWN): Status.WITHDRAWN,
    (Status.SUSPENDED, E.CONCLUDED): Status.CONCLUDED,
}
MOVING = frozenset(kind for _, kind in MOVES)
ENDED = frozenset({Status.REJECTED, Status.WITHDRAWN, Status.CONCLUDED})
OPEN = frozenset(Status) - ENDED

# what must have happened in the same proceeding before this can
CAUSES: dict[EventKind, EventKind] = {
    E.EXTENDED: E.ACCEPTED,
    E.COPY_SERVED: E.ACCEPTED,
    E.ANSWER_RECEIVED: E.ACCEPTED,
    E.CLAIMS_CHANGED: E.ACCEPTED,
    E.HEARING_HELD: E.ACCEPTED,
    E.HEARING_ADJOURNED: E.HEARING_SCHEDULED,
    E.MATERIALS_COMPLETED: E.CORRECTION_NOTICED,
    E.AWARD_SERVED: E.ACCEPTED,
    E.JUDGMENT_SERVED: E.ACCEPTED,
    E.DECISION_MADE: E.ACCEPTED,
    E.AGREEMENT_SIGNED: E.ACCEPTED,
    E.AGREEMENT_EFFECTIVE: E.AGREEMENT_SIGNED,
    E.RATIFICATION_APPLIED: E.AGREEMENT_SIGNED,
    E.RATIFICATION_ACCEPTED: E.RATIFICATION_APPLIED,
    E.RATIFIED: E.RATIFICATION_APPLIED,
    E.ANSWER_SERVED: E.ANSWER_RECEIVED,
    E.TRIBUNAL_NOTICED: E.ACCEPTED,
    E.COUNTERCLAIM_ACCEPTED: E.ACCEPTED,
    E.HEARING_NOTICED: E.HEARING_SCHEDULED,
    E.INVESTIGATED: E.ACCEPTED,
    E.APPRAISAL_CONCLUDED: E.APPRAISAL_APPLIED,
    E.APPRAISAL_SERVED: E.APPRAISAL_APPLIED,
    E.RECONSIDERATION_ACCEPTED: E.RECONSIDERATION_APPLIED,
    E.RECONSIDERATION_SERVED: E.RECONSIDERATION_APPLIED,
    E.LAWYER_ASSIGNED: E.AID_GRANTED,
}

# what still happens when a proceeding has ended: papers arrive, money is paid, reviews begin
AFTER_THE_END = frozenset(
    {
        E.AGREEMENT_EFFECTIVE,
        E.RATIFICATION_APPLIED,
        E.RATIFICATION_ACCEPTED,
        E.RATIFIED,
        E.PAID,
        E.AWARD_SERVED,
        E.JUDGMENT_SERVED,
        E.RULING_SERVED,
        E.DECISION_SERVED,
        E.OBJECTION_FILED,
        E.REPORT_FILED,
        E.DEMAND_SERVED,
        *APPRAISAL,
        *REVIEW,
        E.NOTE,
        E.CALL,
        E.VISIT,
    }
)

FOLLOW_UPS: dict[tuple[Stage, Outcome], tuple[Stage, ...]] = {
    (S.CONSULTATION, O.ADVISED): (S.MEDIATION, S.LEGAL_AID, S.ARBITRATION, S.WORK_INJURY),
    (S.CONSULTATION, O.REFERRED): (),
    (S.CONSULTATION, O.NOT_ACCEPTED): (),
    (S.LEGAL_AID, O.AID_GRANTED): (S.ARBITRATION, S.LITIGATION, S.ENFORCEMENT),
    (S.LEGAL_AID, O.AID_REFUSED): (S.MEDIATION, S.ARBITRATION),
    (S.MEDIATION, O.AGREED): (S.ENFORCEMENT,),
    (S.MEDIATION, O.RECONCILED): (),
    (S.MEDIATION, O.FAILED): (S.ARBITRATION, S.LEGAL_AID, S.INSPECTION),
    (S.ARBITRATION, O.AWARDED): (S.LITIGATION, S.ENFORCEMENT),
    (S.ARBITRATION, O.MEDIATED): (S.ENFORCEMENT,),
    (S.ARBITRATION, O.NOT_ACCEPTED): (S.LITIGATION,),
    (S.ARBITRATION, O.RECONCILED): (),
    (S.LITIGATION, O.JUDGMENT_FIRST): (S.LITIGATION, S.ENFORCEMENT),
    (S.LITIGATION, O.JUDGMENT_FINAL): (S.ENFORCEMENT, S.PROCURATORATE),
    (S.LITIGATION, O.MEDIATED): (S.ENFORCEMENT,),
    (S.ENFORCEMENT, O.PERFORMED): (),
    (S.ENFORCEMENT, O.PARTLY_PERFORMED): (S.ENFORCEMENT,),
    (S.ENFORCEMENT, O.TERMINATED_FOR_NOW): (S.ENFORCEMENT, S.PROCURATORATE),
    (S.ENFORCEMENT, O.RECONCILED): (),
    (S.PROCURATORATE, O.SUIT_SUPPORTED): (S.LITIGATION,),
    (S.PROCURATORATE, O.SUPERVISED): (S.LITIGATION, S.ENFORCEMENT),
    (S.PROCURATORATE, O.NOT_SUPPORTED): (),
    (S.INSPECTION, O.ORDERED): (S.ARBITRATION, S.ENFORCEMENT),
    (S.INSPECTION, O.ORDER_OBEYED): (),
    (S.INSPECTION, O.ORDER_IGNORED): (S.ARBITRATION, S.ENFORCEMENT),
    (S.INSPECTION, O.NO_VIOLATION): (S.ARBITRATION,),
    (S.WORK_INJURY, O.RECOGNISED): (S.MEDIATION, S.ARBITRATION),
    (S.WORK_INJURY, O.NOT_RECOGNISED): (S.LITIGATION,),
}


def next_status(status: Status, kind: EventKind) -> Status:
    """Where an event moves a proceeding; events that move nothing keep the status.

    Raises RuleBroken for a step the state machine does not know.
    """
    if kind not in MOVING:
        return status
    try:
        return MOVES[status, kind]
    except KeyError:
        raise RuleBroken(
            N_("现在是“%(status)s”，不能登记“%(kind)s”，请先登记前一步"),
            code="wrong_order",
            status=status.label,
            kind=kind.label,
        ) from None


def refuse_without_cause(kind: EventKind, before: Collection[EventKind]) -> None:
    """Refuse an event before its cause, such as an extension of what was never accepted.

    Raises RuleBroken naming what has to be recorded first.
    """
    cause = CAUSES.get(kind)
    if cause is not None and cause not in before:
        raise RuleBroken(
            N_("登记“%(kind)s”之前要先登记“%(cause)s”"),
            code="wrong_order",
            kind=kind.label,
            cause=cause.label,
        )


def possible_events(
    stage: Stage, status: Status, before: Collection[EventKind] | None = None
) -> tuple[EventKind, ...]:
    """What can be recorded now for a proceeding; `before`: what has happened in it."""
    listed = _events_in(stage, status)
    if before is None:
        return listed
    return tuple(kind for kind in listed if kind not in CAUSES or CAUSES[kind] in before)


def _events_in(stage: Stage, status: Status) -> tuple[EventKind, ...]:
    if status in ENDED:
        return tuple(kind for kind in SPECS[stage].events if kind in AFTER_THE_END)
    return tuple(
        kind for kind in SPECS[stage].events if kind not in MOVING or (status, kind) in MOVES
    )


def fields_for(stage: Stage | None, kind: EventKind) -> tuple[FieldSpec, ...]:
    """The fields of the one event form for this event of a stage, or of the case itself."""
    if stage is None:
        return EVENT_FIELDS.get(kind, ())
    spec = SPECS[stage]
    if kind is E.APPLIED:
        return spec.fields
    if kind is E.CONCLUDED:
        choices = tuple((outcome.value, outcome.label) for outcome in spec.outcomes)
        outcome = FieldSpec("outcome", N_("结果"), FieldKind.CHOICE, True, choices)
        return (outcome, *spec.money)
    if (stage, kind) == (Stage.WORK_INJURY, E.EXTENDED):
        return (EXTENDED_PERIOD, *EVENT_FIELDS[kind])
    return EVENT_FIELDS.get(kind, ())


def follow_ups(stage: Stage, outcome: Outcome | None) -> tuple[Stage, ...]:
    """What usually comes next after an outcome; a withdrawn matter offers nothing."""
    return FOLLOW_UPS.get((stage, outcome), ()) if outcome else ()


def gate(stage: Stage, ended: Iterable[tuple[Stage, Outcome | None]]) -> str | None:
    """The rule that usually stands before opening a stage, or None; a reason passes it.

    Suit needs an arbitration outcome or refusal (调解仲裁法 5, 29, 50).
    """
    done = {past for past, outcome in ended if outcome is not Outcome.WITHDRAWN}
    if stage is S.LITIGATION and not done & {S.ARBITRATION, S.PROCURATORATE, S.WORK_INJURY}:
        return N_(
            "《劳动争议调解仲裁法》第五条：先申请仲裁，对裁决不服才可以起诉。确有例外请写明理由。"
        )
    documents = {S.ARBITRATION, S.LITIGATION, S.MEDIATION, S.INSPECTION}
    if stage is S.ENFORCEMENT and not done & documents:
        return N_(
            "《劳动争议调解仲裁法》第五十一条：申请执行要有生效的裁决书、调解书等法律文书。确有例外请写明理由。"
        )
    return None


def check_payload(stage: Stage | None, kind: EventKind, payload: Mapping[str, object]) -> None:
    """Refuse an event whose required fields are missing or whose choice is unknown.

    Raises RuleBroken naming the field.
    """
    for spec in fields_for(stage, kind):
        value = payload.get(spec.name)
        if value in (None, ""):
            if spec.required:
                raise RuleBroken(N_("请填写“%(label)s”"), field=spec.name, label=spec.label)
        elif spec.choices and value not in dict(spec.choices):
            raise RuleBroken(N_("“%(label)s”里没有这一项"), field=spec.name, label=spec.label)
