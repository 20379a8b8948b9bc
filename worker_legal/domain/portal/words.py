"""Plain words for workers: the road of each of the nine services, and how it can end. Pure."""

from dataclasses import dataclass

from worker_legal.i18n import N_
from worker_legal.law.enums import EventKind, Outcome, Stage

E = EventKind
S = Stage
O = Outcome  # noqa: E741 - the table below reads as a sheet


@dataclass(frozen=True)
class RoadStep:
    """One step a worker can picture; it is done once one of these events has happened."""

    name: str
    text: str
    done_by: frozenset[EventKind]
    is_meeting: bool = False


def _step(name: str, text: str, *done_by: EventKind, meeting: bool = False) -> RoadStep:
    return RoadStep(name, text, frozenset(done_by), meeting)


_START = _step(N_("收下申请"), "", E.REGISTERED, E.APPLIED)
_CHECK = _step(N_("看材料够不够"), N_("缺什么会打电话告诉您。"), E.ACCEPTED)

ROADS: dict[Stage, tuple[RoadStep, ...]] = {
    S.CONSULTATION: (
        _START,
        _step(N_("回答您的问题"), N_("说清楚您可以怎么办。"), E.CONCLUDED, E.REFERRED),
        _step(N_("您决定怎么办"), N_("要调解、要申请仲裁，我们都帮您，不收费。")),
    ),
    S.LEGAL_AID: (
        _START,
        _step(N_("审查申请"), N_("一般7天内答复。"), E.AID_GRANTED, E.CONCLUDED),
        _step(N_("派律师给您"), N_("律师会打电话找您。"), E.LAWYER_ASSIGNED, E.CONCLUDED),
        _step(N_("律师帮您打官司"), N_("不收您的钱。")),
    ),
    S.MEDIATION: (
        _START,
        _step(N_("约单位来谈"), N_("我们在联系单位。"), E.HEARING_HELD, E.AGREEMENT_SIGNED),
        _step(N_("一起谈，商量怎么付"), "", E.AGREEMENT_SIGNED, meeting=True),
        _step(N_("谈成了就签字领钱"), N_("谈不成我们帮您往下走，不收费。"), E.PAID),
    ),
    S.ARBITRATION: (
        _START,
        _CHECK,
        _step(N_("通知单位"), N_("单位可以写答复。"), E.ANSWER_RECEIVED, E.HEARING_HELD),
        _step(N_("开庭"), N_("您要到场，讲清楚经过。"), E.HEARING_HELD, meeting=True),
        _step(N_("等裁决"), N_("裁决书会送到您手里。"), E.AWARD_SERVED),
    ),
    S.LITIGATION: (
        _START,
        _step(N_("法院立案"), N_("缺什么会告诉您。"), E.ACCEPTED),
        _step(N_("开庭"), N_("您要到场，讲清楚经过。"), E.HEARING_HELD, meeting=True),
        _step(N_("等判决"), N_("判决书会送到您手里。"), E.JUDGMENT_SERVED, E.RULING_SERVED),
    ),
    S.ENFORCEMENT: (
        _START,
        _step(N_("法院立案"), N_("缺什么会告诉您。"), E.ACCEPTED),
        _step(N_("查单位的钱和东西"), N_("您知道线索请告诉我们。"), E.PAID),
        _step(N_("把钱付给您"), N_("到账会告诉您。")),
    ),
    S.PROCURATORATE: (
        _START,
        _CHECK,
        _step(N_("审查"), N_("检察院会看全部材料。"), E.DECISION_SERVED),
        _step(N_("告诉您结果"), ""),
    ),
    S.INSPECTION: (
        _START,
        _step(N_("决定立案"), N_("缺什么会告诉您。"), E.ACCEPTED),
        _step(N_("查单位"), N_("监察员会去单位查。"), E.DECISION_MADE, E.DECISION_SERVED),
        _step(N_("让单位改正"), N_("该付的钱要付给您。"), E.PAID),
    ),
    S.WORK_INJURY: (
        _START,
        _CHECK,
        _step(N_("调查核实"), N_("会问单位，也会问您。"), E.DECISION_MADE, E.DECISION_SERVED),
        _step(N_("告诉您是不是工伤"), N_("决定书会送到您手里。"), E.DECISION_SERVED),
        _step(N_("评伤残，算待遇"), N_("我们帮您算，不收费。")),
    ),
}

NOT_YET = N_("您的申请已收下，我们正在看。")
PAUSED = N_("您的事暂时停一下，恢复了会告诉您。")
BETWEEN = N_("这一步办完了，下一步请打电话问我们。")
CLOSED = N_("您的事已经办完了。")

ENDS: dict[Outcome, str] = {
    O.ADVISED: N_("您的问题已经解答了。"),
    O.REFERRED: N_("您的事已转给别的单位办。"),
    O.NOT_ACCEPTED: N_("这次没有受理，请打电话问我们。"),
    O.AID_GRANTED: N_("免费律师已经批准了。"),
    O.AID_REFUSED: N_("免费律师没有批准，请打电话问我们。"),
    O.AGREED: N_("谈成了，单位要按约定付钱。"),
    O.RECONCILED: N_("您和单位自己谈好了。"),
    O.FAILED: N_("没有谈成，可以接着申请仲裁。"),
    O.AWARDED: N_("仲裁结果出来了。"),
    O.MEDIATED: N_("已经调解好，写成了调解书。"),
    O.JUDGMENT_FIRST: N_("一审判决出来了。"),
    O.JUDGMENT_FINAL: N_("判决出来了，不能再上诉。"),
    O.PERFORMED: N_("钱已经付清了。"),
    O.PARTLY_PERFORMED: N_("已经付了一部分钱。"),
    O.TERMINATED_FOR_NOW: N_("单位现在没有钱可查，有线索再办。"),
    O.ORDERED: N_("已经要求单位改正。"),
    O.ORDER_OBEYED: N_("单位已经改正了。"),
    O.ORDER_IGNORED: N_("单位没有改正，可以走下一步。"),
    O.NO_VIOLATION: N_("没有查到单位违法，请打电话问我们。"),
    O.RECOGNISED: N_("认定是工伤。"),
    O.NOT_RECOGNISED: N_("没有认定为工伤，可以不服。"),
    O.SUIT_SUPPORTED: N_("检察院支持您起诉。"),
    O.SUPERVISED: N_("检察院已经提出意见。"),
    O.NOT_SUPPORTED: N_("检察院这次没有支持。"),
    O.WITHDRAWN: N_("申请已经撤回。"),
}

BRING = (N_("身份证"), N_("工资条，或银行工资记录"), N_("这张回执"))
