"""Days that people agreed or were summoned to: hearings, instalments, answers (约定日期).

They have no length of their own: the day is said with the event, and is reminded of like any other.
"""

from worker_legal.i18n import N_
from worker_legal.law.arithmetic import Roll
from worker_legal.law.enums import EventKind as E
from worker_legal.law.enums import Who
from worker_legal.law.rules import statutes as s
from worker_legal.law.rules.row import Lapse, Law, On, Rule, When, kinds

_ENDED = kinds(E.WITHDRAWN, E.CONCLUDED)
_ANSWERED = (When("answered", ("yes",)),)

ROWS = (
    Rule(
        code="agreed.hearing",
        label=N_("开庭、调解会"),
        law=Law(s.MEDIATION_ARBITRATION, "36"),
        text=N_(
            "按通知的时间到场。申请人无正当理由不到的，可以视为撤回；被申请人不到的，可以缺席裁决。"
        ),
        trigger=(On(E.HEARING_SCHEDULED, field="at", given=True, or_kind=E.HEARING_ADJOURNED),),
        length=0,
        roll=Roll.NONE,
        who=Who.BOTH,
        met_by=(On(E.HEARING_HELD, from_day=True),),
        cancelled_by=_ENDED,
        replaced_by=E.HEARING_ADJOURNED,
        lapse_text=N_("开过的请登记“开庭或调解会”，没有开的请登记“改期”。"),
    ),
    Rule(
        code="agreed.instalment",
        label=N_("下一期付款"),
        law=Law(s.MEDIATION_ARBITRATION, "15"),
        text=N_("分期付款的，每一期都应当在约定的日子付清。"),
        trigger=(On(E.PAID, field="next_on", given=True),),
        length=0,
        roll=Roll.NONE,
        who=Who.EMPLOYER,
        met_by=(On(E.PAID, later=True),),
        lapse=Lapse.OTHER_MAY_ACT,
        lapse_text=N_("可以催付；协议已经确认或者有生效文书的，可以申请执行。"),
        valid_from=s.SINCE_2008,
        confirmed=True,
    ),
    Rule(
        code="agreed.reply",
        label=N_("对方答复"),
        law=Law(s.NEGOTIATION_RULES, "10"),
        text=N_("一方提出协商，另一方应当在约定的时间内回应。"),
        trigger=(On(E.CALL, field="reply_by", given=True),),
        length=0,
        roll=Roll.NONE,
        who=Who.EMPLOYER,
        met_by=(On(E.CALL, where=_ANSWERED, later=True),),
        cancelled_by=_ENDED,
        lapse=Lapse.OTHER_MAY_ACT,
        lapse_text=N_("没有答复的，不必再等，可以走下一步。"),
    ),
)
