"""Nine services: their fields, outcomes, state machine and what usually comes next."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from worker_legal.errors import RuleBroken
from worker_legal.i18n import N_
from worker_legal.law.enums import EventKind, Outcome, Stage, Status

E = EventKind
O = Outcome  # noqa: E741 - the tables below read as a sheet
S = Stage


class FieldKind(StrEnum):
    """How a field of a stage or event is asked for and checked."""

    TEXT = "text"
    MONEY = "money"
    DATE = "date"
    INSTANT = "instant"
    CHOICE = "choice"
    NUMBER = "number"
    YESNO = "yesno"


@dataclass(frozen=True)
class FieldSpec:
    """One field of the generated form; choices are (value, Chinese label)."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""


@dataclass(frozen=True)
class StageSpec:
    """What the office writes down for one of the nine services."""

    stage: Stage
    forum: str
    now: str
    fields: tuple[FieldSpec, ...]
    events: tuple[EventKind, ...]
    outcomes: tuple[Outcome, ...]
    in_park: bool = False
    money: tuple[FieldSpec, ...] = field(default=())


DOCKET = FieldSpec("docket_no", N_("对方案号"))
AGREED = FieldSpec("agreed_fen", N_("协议金额（元）"), FieldKind.MONEY)
AWARDED = FieldSpec("awarded_fen", N_("裁判金额（元）"), FieldKind.MONEY)
RECEIVED = FieldSpec("received_fen", N_("实际到账（元）"), FieldKind.MONEY)

_COMMON = (E.NOTE, E.CALL, E.VISIT, E.EVIDENCE_FILED, E.WITHDRAWN, E.CONCLUDED)
_FORMAL = (E.ACCEPTED, E.REJECTED, E.SUSPENDED, E.RESUMED, E.EXTENDED)
_PAPERS = (E.CORRECTION_NOTICED, E.MATERIALS_COMPLETED)
_HEARINGS = (E.HEARING_SCHEDULED, E.HEARING_HELD, E.HEARING_ADJOURNED)

SPECS: dict[Stage, StageSpec] = {
    spec.stage: spec
    for spec in (
        StageSpec(
            S.CONSULTATION,
            N_("本中心"),
            N_("工作人员正在解答您的问题。"),
            (FieldSpec("question", N_("咨询事项")),),
            (E.ACCEPTED, E.REFERRED, *_COMMON),
            (O.ADVISED, O.REFERRED, O.NOT_ACCEPTED, O.WITHDRAWN),
            in_park=True,
        ),
        StageSpec(
            S.LEGAL_AID,
            N_("法律援助机构"),
            N_("正在为您办理免费律师的申请。"),
            (
                DOCKET,
                FieldSpec("lawyer", N_("援助律师")),
                FieldSpec("waiver", N_("免予核查经济状况"), FieldKind.YESNO),
            ),
            (*_PAPERS, *_FORMAL, E.AID_GRANTED, E.LAWYER_ASSIGNED, E.DECISION_SERVED, *_COMMON),
            (O.AID_GRANTED, O.AID_REFUSED, O.WITHDRAWN),
            in_park=True,
        ),
        StageSpec(
            S.MEDIATION,
            N_("调解室"),
            N_("调解员正在帮您和单位商量。"),
            (FieldSpec("place", N_("调解地点")),),
            (
                *_FORMAL,
                *_HEARINGS,
                E.AGREEMENT_SIGNED,
                E.AGREEMENT_EFFECTIVE,
                E.RATIFICATION_APPLIED,
                E.RATIFIED,
                E.PAID,
                *_COMMON,
            ),
            (O.AGREED, O.RECONCILED, O.FAILED, O.WITHDRAWN),
            in_park=True,
            money=(AGREED,),
        ),
        StageSpec(
            S.ARBITRATION,
            N_("劳动人事争议仲裁委员会"),
            N_("仲裁委员会正在办理您的案子。"),
            (DOCKET, FieldSpec("tribunal", N_("仲裁庭"))),
            (
                *_PAPERS,
                *_FORMAL,
                E.COPY_SERVED,
                E.ANSWER_RECEIVED,
                E.CLAIMS_CHANGED,
                *_HEARINGS,
                E.PUBLIC_NOTICE,
                E.AWARD_SERVED,
                *_COMMON,
            ),
            (O.AWARDED, O.MEDIATED, O.RECONCILED, O.WITHDRAWN),
            money=(AWARDED,),
        ),
        StageSpec(
            S.LITIGATION,
            N_("人民法院"),
            N_("法院正在审理您的案子。"),
            (
                DOCKET,
                FieldSpec(
                    "instance",
                    N_("审级"),
                    FieldKind.CHOICE,
                    choices=(
                        ("first", N_("一审")),
                        ("second", N_("二审")),
                        ("retrial", N_("再审")),
                    ),
                ),
                FieldSpec(
                    "procedure",
                    N_("程序"),
                    FieldKind.CHOICE,
                    choices=(
                        ("ordinary", N_("普通程序")),
                        ("summary", N_("简易程序")),
                        ("small_claims", N_("小额诉讼")),
                    ),
                ),
            ),
            (
                *_PAPERS,
                *_FORMAL,
                E.COPY_SERVED,
                E.ANSWER_RECEIVED,
                *_HEARINGS,
                E.PUBLIC_NOTICE,
                E.JUDGMENT_SERVED,
                E.RULING_SERVED,
                *_COMMON,
            ),
            (O.JUDGMENT_FIRST, O.JUDGMENT_FINAL, O.MEDIATED, O.WITHDRAWN),
            money=(AWARDED,),
        ),
        StageSpec(
            S.ENFORCEMENT,
            N_("执行法院"),
            N_("法院正在帮您把钱要回来。"),
            (DOCKET,),
            (*_FORMAL, E.PAID, *_COMMON),
            (O.PERFORMED, O.PARTLY_PERFORMED, O.TERMINATED_FOR_NOW, O.RECONCILED, O.WITHDRAWN),
            money=(RECEIVED,),
        ),
        StageSpec(
            S.PROCURATORATE,
            N_("人民检察院"),
            N_("检察院正在审查您的请求。"),
            (DOCKET,),
            (*_FORMAL, E.DECISION_SERVED, *_COMMON),
            (O.SUIT_SUPPORTED, O.SUPERVISED, O.NOT_SUPPORTED, O.WITHDRAWN),
        ),
        StageSpec(
            S.INSPECTION,
            N_("劳动保障监察大队"),
            N_("劳动监察正在查单位的问题。"),
            (DOCKET,),
            (*_PAPERS, *_FORMAL, E.DECISION_MADE, E.DECISION_SERVED, E.PAID, *_COMMON),
            (O.ORDERED, O.ORDER_OBEYED, O.ORDER_IGNORED, O.NO_VIOLATION, O.WITHDRAWN),
            money=(RECEIVED,),
        ),
        StageSpec(
            S.WORK_INJURY,
            N_("社会保险行政部门"),
            N_("人社部门正在认定是不是工伤。"),
            (
                DOCKET,
                FieldSpec(
                    "applicant",
                    N_("申请人"),
                    FieldKind.CHOICE,
                    choices=(
                        ("worker", N_("职工本人")),
                        ("kin", N_("近亲属")),
                        ("union", N_("工会")),
                        ("employer", N_("用人单位")),
                    ),
                ),
                FieldSpec("insured", N_("参加工伤保险"), FieldKind.YESNO),
            ),
            (*_PAPERS, *_FORMAL, E.DECISION_MADE, E.DECISION_SERVED, *_COMMON),
            (O.RECOGNISED, O.NOT_RECOGNISED, O.WITHDRAWN),
        ),
    )
}

DOCUMENT = FieldSpec("document", N_("文书或文号"))
REASON = FieldSpec("reason", N_("理由"), required=True)
EVENT_FIELDS: dict[EventKind, tuple[FieldSpec, ...]] = {
    E.HEARING_SCHEDULED: (
        FieldSpec("at", N_("日期和时间"), FieldKind.INSTANT, required=True),
        FieldSpec("place", N_("地点"), required=True),
        FieldSpec("bring", N_("请职工带什么")),
    ),
    E.HEARING_ADJOURNED: (
        FieldSpec("at", N_("改到"), FieldKind.INSTANT, required=True),
        FieldSpec("place", N_("地点"), required=True),
        REASON,
    ),
    E.EXTENDED: (
        FieldSpec("approved_by", N_("批准人"), required=True),
        REASON,
    ),
    E.SUSPENDED: (REASON,),
    E.REJECTED: (REASON, DOCUMENT),
    E.WITHDRAWN: (REASON,),
    E.CORRECTION_NOTICED: (FieldSpec("missing", N_("还缺什么"), required=True),),
    E.PUBLIC_NOTICE: (FieldSpec("ends_on", N_("公告期满"), FieldKind.DATE), DOCUMENT),
    E.AGREEMENT_SIGNED: (
        FieldSpec("agreed_fen", N_("协议金额（元）"), FieldKind.MONEY, required=True),
        FieldSpec("due_on", N_("约定付款日"), FieldKind.DATE),
        DOCUMENT,
    ),
    E.PAID: (FieldSpec("received_fen", N_("到账金额（元）"), FieldKind.MONEY, required=True),),
    E.AWARD_SERVED: (
        FieldSpec(
            "final",
            N_("是否终局裁决"),
            FieldKind.CHOICE,
            required=True,
            choices=(("no", N_("非终局")), ("yes", N_("终局"))),
        ),
        FieldSpec(
            "recipient",
            N_("谁签收"),
            FieldKind.CHOICE,
            required=True,
            choices=(("worker", N_("职工")), ("employer", N_("单位"))),
        ),
        DOCUMENT,
    ),
    E.REFERRED: (FieldSpec("target", N_("转介到哪里"), required=True),),
    E.CALL: (
        FieldSpec(
            "reached",
            N_("是否接通"),
            FieldKind.CHOICE,
            choices=(("yes", N_("接通")), ("no", N_("未接通"))),
        ),
    ),
    E.COPY_SERVED: (DOCUMENT,),
    E.JUDGMENT_SERVED: (DOCUMENT,),
    E.RULING_SERVED: (DOCUMENT,),
    E.DECISION_MADE: (DOCUMENT,),
    E.DECISION_SERVED: (DOCUMENT,),
    E.LAWYER_ASSIGNED: (FieldSpec("lawyer", N_("律师姓名"), required=True),),
    E.INTERRUPTED: (FieldSpec("evidence", N_("什么证据"), required=True),),
}

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
    E.RATIFIED: E.RATIFICATION_APPLIED,
    E.LAWYER_ASSIGNED: E.AID_GRANTED,
}

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
        after = (E.AGREEMENT_EFFECTIVE, E.RATIFICATION_APPLIED, E.RATIFIED, E.PAID, E.AWARD_SERVED)
        late = (E.JUDGMENT_SERVED, E.RULING_SERVED, E.DECISION_SERVED, E.NOTE, E.CALL, E.VISIT)
        return tuple(kind for kind in SPECS[stage].events if kind in (*after, *late))
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
