"""Enforcement: the two years to apply, and the court's own periods."""

from datetime import date

from worker_legal.i18n import N_
from worker_legal.law.arithmetic import Roll, Unit
from worker_legal.law.enums import EventKind as E
from worker_legal.law.enums import Stage, Who
from worker_legal.law.rules import statutes as s
from worker_legal.law.rules.row import Excluded, Fact, Lapse, Law, On, Rule, When, kinds

_HERE = (Stage.ENFORCEMENT,)
_LAW = s.CIVIL_PROCEDURE

ROWS = (
    Rule(
        code="enforcement.apply",
        label=N_("申请强制执行"),
        law=Law(_LAW, "250"),
        also=(Law(s.MEDIATION_ARBITRATION, "51"), Law(s.CIVIL_PROCEDURE_NOTES, "481")),
        text=N_("申请执行的期间为2年，从履行期最后一天起算；没有规定履行期的从文书生效起算。"),
        trigger=(
            On(E.PERFORMANCE_ENDED),
            On(E.DOCUMENT_EFFECTIVE),
            Fact.PERFORMANCE_ENDED_ON,
        ),
        length=2,
        unit=Unit.YEAR,
        who=Who.WORKER,
        met_by=(On(E.APPLIED, Stage.ENFORCEMENT),),
        reopened_by=(On(E.WITHDRAWN, Stage.ENFORCEMENT),),
        restarted_by=(On(E.INTERRUPTED), On(E.PAID)),
        excluded=(Excluded(E.SUSPENDED, E.RESUMED),),
        lapse=Lapse.RIGHT_LOST,
        lapse_text=N_("仍会受理，但对方提出异议成立的，不予执行。"),
        valid_from=date(2008, 4, 1),
        confirmed=True,
    ),
    Rule(
        code="enforcement.notice",
        label=N_("发出执行通知"),
        law=Law(s.CIVIL_PROCEDURE_NOTES, "480"),
        text=N_("执行法院收到申请后10日内发出执行通知。"),
        trigger=kinds(E.APPLIED),
        length=10,
        who=Who.AGENCY,
        stages=_HERE,
        met_by=kinds(E.ACCEPTED, E.NOTICE_SERVED, E.PAID, E.CONCLUDED),
        cancelled_by=kinds(E.WITHDRAWN, E.REJECTED),
        confirmed=True,
    ),
    Rule(
        code="enforcement.higher_court",
        label=N_("可以向上一级法院申请执行"),
        law=Law(_LAW, "237"),
        text=N_("法院收到申请之日起超过6个月没有执行的，可以向上一级法院申请执行。"),
        trigger=kinds(E.APPLIED),
        length=6,
        unit=Unit.MONTH,
        roll=Roll.NONE,
        who=Who.WORKER,
        stages=_HERE,
        met_by=kinds(E.CONCLUDED),
        cancelled_by=kinds(E.WITHDRAWN, E.REJECTED),
        lapse=Lapse.EFFECT,
        confirmed=True,
        optional=True,
        informative=True,
    ),
    Rule(
        code="enforcement.objection",
        label=N_("审查执行异议"),
        law=Law(_LAW, "236"),
        text=N_("法院收到执行异议之日起15日内审查。"),
        trigger=kinds(E.OBJECTION_FILED),
        length=15,
        who=Who.AGENCY,
        stages=_HERE,
        met_by=kinds(E.RULING_SERVED, E.CONCLUDED),
        cancelled_by=kinds(E.WITHDRAWN),
        confirmed=True,
    ),
    Rule(
        code="enforcement.reconsider",
        label=N_("对异议裁定申请复议"),
        law=Law(_LAW, "236"),
        text=N_("不服异议裁定的，裁定送达之日起10日内向上一级法院申请复议。"),
        trigger=(On(E.RULING_SERVED, where=(When("refused", ("no",), unknown=True),)),),
        length=10,
        who=Who.EITHER,
        who_received=True,
        stages=_HERE,
        met_by=kinds(E.RECONSIDERATION_APPLIED),
        lapse=Lapse.RIGHT_LOST,
        confirmed=True,
        optional=True,
    ),
    Rule(
        code="enforcement.sue_after_refusal",
        label=N_("裁决不予执行后起诉"),
        law=Law(s.LABOUR_NOTES_1, "24"),
        text=N_("仲裁裁决、调解书被裁定不予执行的，收到裁定书之次日起30日内可以起诉。"),
        trigger=(On(E.RULING_SERVED, where=(When("refused", ("yes",)),)),),
        length=30,
        who=Who.EITHER,
        stages=_HERE,
        met_by=(On(E.APPLIED, Stage.LITIGATION),),
        lapse=Lapse.RIGHT_LOST,
        valid_from=s.SINCE_LABOUR_NOTES,
        confirmed=True,
        optional=True,
    ),
)
