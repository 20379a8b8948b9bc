"""What the office writes down for each of the nine services and each event: the forms as data."""

from dataclasses import dataclass, field
from enum import StrEnum

from worker_legal.i18n import N_
from worker_legal.law.enums import EventKind, Outcome, Stage

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

# who got what was asked for, as the ministry's tables of awards and judgments tell it
PREVAILED = FieldSpec(
    "prevailed",
    N_("谁胜诉"),
    FieldKind.CHOICE,
    choices=(
        ("worker", N_("职工胜诉")),
        ("both", N_("双方部分胜诉")),
        ("employer", N_("单位胜诉")),
    ),
    help=N_("统计“处理结果”用；不清楚可以先不填"),
)

_COMMON = (E.NOTE, E.CALL, E.VISIT, E.EVIDENCE_FILED, E.WITHDRAWN, E.CONCLUDED)
_FORMAL = (E.ACCEPTED, E.REJECTED, E.SUSPENDED, E.RESUMED, E.EXTENDED)
_PAPERS = (E.CORRECTION_NOTICED, E.MATERIALS_COMPLETED)
_HEARINGS = (E.HEARING_SCHEDULED, E.HEARING_NOTICED, E.HEARING_HELD, E.HEARING_ADJOURNED)
REVIEW = (E.RECONSIDERATION_APPLIED, E.RECONSIDERATION_ACCEPTED, E.RECONSIDERATION_SERVED)
APPRAISAL = (E.APPRAISAL_APPLIED, E.APPRAISAL_CONCLUDED, E.APPRAISAL_SERVED)

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
            (
                *_PAPERS,
                *_FORMAL,
                E.AID_GRANTED,
                E.LAWYER_ASSIGNED,
                E.DECISION_SERVED,
                E.OBJECTION_FILED,
                E.REPORT_FILED,
                *_COMMON,
            ),
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
                E.RATIFICATION_ACCEPTED,
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
                E.MATERIALS_RECEIVED,
                *_PAPERS,
                *_FORMAL,
                E.COPY_SERVED,
                E.POSTED,
                E.TRIBUNAL_NOTICED,
                E.ANSWER_RECEIVED,
                E.ANSWER_SERVED,
                E.OBJECTION_FILED,
                E.COUNTERCLAIM_ACCEPTED,
                E.CLAIMS_CHANGED,
                E.PARTY_JOINED,
                E.TRANSFERRED_IN,
                *_HEARINGS,
                E.PUBLIC_NOTICE,
                E.DECISION_MADE,
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
                        ("payment_order", N_("支付令")),
                        ("set_aside", N_("申请撤销仲裁裁决")),
                        ("administrative", N_("行政诉讼普通程序")),
                        ("administrative_summary", N_("行政诉讼简易程序")),
                    ),
                ),
                FieldSpec(
                    "against",
                    N_("对什么上诉"),
                    FieldKind.CHOICE,
                    choices=(("judgment", N_("判决")), ("ruling", N_("裁定"))),
                ),
            ),
            (
                *_PAPERS,
                *_FORMAL,
                E.COPY_SERVED,
                E.ANSWER_RECEIVED,
                E.ANSWER_SERVED,
                E.ORDER_SERVED,
                E.OBJECTION_FILED,
                E.PAID,
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
            (
                *_FORMAL,
                E.NOTICE_SERVED,
                E.PAID,
                E.OBJECTION_FILED,
                E.RULING_SERVED,
                E.RECONSIDERATION_APPLIED,
                *_COMMON,
            ),
            (O.PERFORMED, O.PARTLY_PERFORMED, O.TERMINATED_FOR_NOW, O.RECONCILED, O.WITHDRAWN),
            money=(RECEIVED,),
        ),
        StageSpec(
            S.PROCURATORATE,
            N_("人民检察院"),
            N_("检察院正在审查您的请求。"),
            (
                DOCKET,
                FieldSpec(
                    "matter",
                    N_("请求什么"),
                    FieldKind.CHOICE,
                    choices=(("support", N_("支持起诉")), ("supervision", N_("监督"))),
                ),
            ),
            (*_FORMAL, E.DECISION_SERVED, *_COMMON),
            (O.SUIT_SUPPORTED, O.SUPERVISED, O.NOT_SUPPORTED, O.WITHDRAWN),
        ),
        StageSpec(
            S.INSPECTION,
            N_("劳动保障监察大队"),
            N_("劳动监察正在查单位的问题。"),
            (DOCKET,),
            (
                *_PAPERS,
                *_FORMAL,
                E.INVESTIGATED,
                E.NOTICE_SERVED,
                *_HEARINGS,
                E.DECISION_MADE,
                E.DECISION_SERVED,
                E.DEMAND_SERVED,
                E.PAID,
                *REVIEW,
                *_COMMON,
            ),
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
                FieldSpec("clear", N_("事实清楚、权利义务明确"), FieldKind.YESNO),
            ),
            (
                E.MATERIALS_RECEIVED,
                *_PAPERS,
                *_FORMAL,
                E.NOTICE_SERVED,
                E.DECISION_MADE,
                E.DECISION_SERVED,
                *APPRAISAL,
                *REVIEW,
                *_COMMON,
            ),
            (O.RECOGNISED, O.NOT_RECOGNISED, O.WITHDRAWN),
        ),
    )
}

DOCUMENT = FieldSpec("document", N_("文书或文号"))
REASON = FieldSpec("reason", N_("理由"), required=True)
EXTENDED_PERIOD = FieldSpec(
    "rule",
    N_("延长哪个期限"),
    FieldKind.CHOICE,
    required=True,
    choices=(
        ("work_injury.employer_applies", N_("单位申请工伤认定")),
        ("appraisal.conclude", N_("作出劳动能力鉴定结论")),
        ("administrative.decide_reconsideration", N_("作出复议决定")),
        ("work_injury.paid_leave", N_("停工留薪期最长到")),
    ),
)
REPLY = (
    FieldSpec("reply_by", N_("请对方哪天前答复"), FieldKind.DATE, help=N_("到期会提醒")),
    FieldSpec("answered", N_("对方已经答复"), FieldKind.YESNO),
)
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
        FieldSpec("days", N_("延长几天"), FieldKind.NUMBER, help=N_("不填按法律规定的最长天数")),
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
    E.PAID: (
        FieldSpec("received_fen", N_("到账金额（元）"), FieldKind.MONEY, required=True),
        FieldSpec(
            "next_on", N_("下一期约定哪天付"), FieldKind.DATE, help=N_("到期会提醒，没有下一期不填")
        ),
    ),
    E.AWARD_SERVED: (
        PREVAILED,
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
        *REPLY,
    ),
    E.COPY_SERVED: (DOCUMENT,),
    E.JUDGMENT_SERVED: (PREVAILED, DOCUMENT),
    E.RULING_SERVED: (
        DOCUMENT,
        FieldSpec("appealable", N_("可以上诉的裁定"), FieldKind.YESNO),
        FieldSpec("award_set_aside", N_("裁定撤销仲裁裁决"), FieldKind.YESNO),
        FieldSpec("refused", N_("裁定不予执行"), FieldKind.YESNO),
    ),
    E.DECISION_MADE: (DOCUMENT,),
    E.DECISION_SERVED: (
        DOCUMENT,
        FieldSpec("told", N_("决定书写明了起诉期限"), FieldKind.YESNO),
    ),
    E.RATIFICATION_APPLIED: (
        FieldSpec(
            "route",
            N_("向哪里申请"),
            FieldKind.CHOICE,
            required=True,
            choices=(("review", N_("仲裁委审查")), ("court", N_("法院司法确认"))),
        ),
    ),
    E.NOTICE_SERVED: (DOCUMENT,),
    E.DEMAND_SERVED: (DOCUMENT,),
    E.APPRAISAL_CONCLUDED: (
        FieldSpec("grade", N_("伤残等级（1至10，没有达到不填）"), FieldKind.NUMBER),
        DOCUMENT,
    ),
    E.LAWYER_ASSIGNED: (FieldSpec("lawyer", N_("律师姓名"), required=True),),
    E.INTERRUPTED: (FieldSpec("evidence", N_("什么证据"), required=True),),
}
