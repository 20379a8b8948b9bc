"""The award: time to decide, suits and set-aside after it, service and keeping of files."""

from worker_legal.i18n import N_
from worker_legal.law.arithmetic import Roll, Unit
from worker_legal.law.enums import EventKind as E
from worker_legal.law.enums import Stage, Who
from worker_legal.law.rules import statutes as s
from worker_legal.law.rules.row import Excluded, Extension, Lapse, Law, On, Rule, When, kinds

_HERE = (Stage.ARBITRATION,)
_LAW = s.MEDIATION_ARBITRATION
_WITHDRAWN = kinds(E.WITHDRAWN)
_FINAL = When("final", ("yes",))
_NOT_FINAL = When("final", ("no",), unknown=True)
_SUED = (On(E.APPLIED, Stage.LITIGATION),)

DECISION = (
    Rule(
        code="arbitration.decide",
        label=N_("作出裁决"),
        law=Law(_LAW, "43(1)"),
        also=(Law(s.CASE_RULES, "45"), Law(s.CASE_RULES, "46")),
        text=N_("受理之日起45日内结束；案情复杂的经批准可以延长一次，不超过15日。"),
        trigger=kinds(E.ACCEPTED),
        length=45,
        who=Who.AGENCY,
        stages=_HERE,
        met_by=kinds(E.DECISION_MADE, E.AWARD_SERVED, E.CONCLUDED),
        cancelled_by=_WITHDRAWN,
        extended_by=Extension(15, Unit.DAY),
        excluded=(Excluded(E.SUSPENDED, E.RESUMED), Excluded(E.PUBLIC_NOTICE, days=30)),
        restarted_by=kinds(
            E.PARTY_JOINED,
            E.CLAIMS_CHANGED,
            E.COUNTERCLAIM_ACCEPTED,
            E.MATERIALS_COMPLETED,
            E.TRANSFERRED_IN,
        ),
        lapse=Lapse.OTHER_MAY_ACT,
        lapse_text=N_("当事人可以就该争议向人民法院起诉。"),
        valid_from=s.SINCE_2008,
        confirmed=True,
    ),
    Rule(
        code="arbitration.sue_final",
        label=N_("职工不服终局裁决起诉"),
        law=Law(_LAW, "48"),
        text=N_("职工对终局裁决不服的，收到裁决书之日起15日内可以起诉。"),
        trigger=(On(E.AWARD_SERVED, where=(_FINAL, When("recipient", ("worker",), unknown=True))),),
        length=15,
        who=Who.WORKER,
        stages=_HERE,
        met_by=_SUED,
        lapse=Lapse.RIGHT_LOST,
        lapse_text=N_("裁决自作出之日起已经生效，可以申请执行。"),
        valid_from=s.SINCE_2008,
        confirmed=True,
        optional=True,
    ),
    Rule(
        code="arbitration.set_aside",
        label=N_("单位申请撤销终局裁决"),
        law=Law(_LAW, "49(1)"),
        also=(Law(s.LABOUR_NOTES_1, "21"),),
        text=N_("单位不能起诉；有法定理由的，收到裁决书之日起30日内可以向中级法院申请撤销。"),
        trigger=(
            On(E.AWARD_SERVED, where=(_FINAL, When("recipient", ("employer",), unknown=True))),
        ),
        length=30,
        who=Who.EMPLOYER,
        stages=_HERE,
        met_by=(On(E.APPLIED, Stage.LITIGATION, where=(When("procedure", ("set_aside",)),)),),
        lapse=Lapse.RIGHT_LOST,
        valid_from=s.SINCE_2008,
        confirmed=True,
        optional=True,
    ),
    Rule(
        code="arbitration.set_aside_again",
        label=N_("职工的诉讼结束后申请撤销"),
        law=Law(s.LABOUR_NOTES_1, "21"),
        text=N_("职工撤诉或者被驳回起诉的，单位自收到裁定书之日起30日内可以申请撤销终局裁决。"),
        trigger=(On(E.RULING_SERVED, where=(When("suit_on_final", ("yes",)),)),),
        length=30,
        who=Who.EMPLOYER,
        stages=(Stage.LITIGATION,),
        met_by=(On(E.APPLIED, Stage.LITIGATION, where=(When("procedure", ("set_aside",)),)),),
        lapse=Lapse.RIGHT_LOST,
        valid_from=s.SINCE_LABOUR_NOTES,
        confirmed=True,
        optional=True,
    ),
    Rule(
        code="arbitration.sue_after_set_aside",
        label=N_("裁决被撤销后起诉"),
        law=Law(_LAW, "49(3)"),
        text=N_("仲裁裁决被裁定撤销的，当事人自收到裁定书之日起15日内可以起诉。"),
        trigger=(On(E.RULING_SERVED, where=(When("award_set_aside", ("yes",)),)),),
        length=15,
        who=Who.EITHER,
        stages=(Stage.LITIGATION,),
        met_by=(On(E.APPLIED, Stage.LITIGATION),),
        lapse=Lapse.RIGHT_LOST,
        valid_from=s.SINCE_2008,
        confirmed=True,
        optional=True,
    ),
    Rule(
        code="arbitration.sue",
        label=N_("不服裁决起诉"),
        law=Law(_LAW, "50"),
        also=(Law(s.LABOUR_NOTES_1, "16"),),
        text=N_("对非终局裁决不服的，收到裁决书之日起15日内可以起诉；期满不起诉，裁决生效。"),
        trigger=(On(E.AWARD_SERVED, where=(_NOT_FINAL,)),),
        length=15,
        who=Who.EITHER,
        who_received=True,
        stages=_HERE,
        met_by=_SUED,
        lapse=Lapse.RIGHT_LOST,
        lapse_text=N_("裁决书发生法律效力，可以申请执行。"),
        valid_from=s.SINCE_2008,
        confirmed=True,
        optional=True,
    ),
)

FILES = (
    Rule(
        code="service.posted",
        label=N_("留置或张贴视为送达"),
        law=Law(s.CASE_RULES, "20"),
        text=N_("停业且涉及十人以上或者拒收的，在住所留置、张贴并拍照，满3日视为送达。"),
        trigger=kinds(E.POSTED),
        length=3,
        roll=Roll.NONE,
        who=Who.AGENCY,
        stages=_HERE,
        lapse=Lapse.EFFECT,
        valid_from=s.SINCE_CASE_RULES,
        confirmed=True,
        informative=True,
    ),
    Rule(
        code="arbitration.keep_award",
        label=N_("裁决案卷保存期满"),
        law=Law(s.CASE_RULES, "24"),
        text=N_("裁决结案的案卷至少保存10年。"),
        trigger=(On(E.CONCLUDED, where=(When("outcome", ("awarded",)),)),),
        length=10,
        unit=Unit.YEAR,
        roll=Roll.NONE,
        who=Who.AGENCY,
        stages=_HERE,
        lapse=Lapse.EFFECT,
        valid_from=s.SINCE_CASE_RULES,
        informative=True,
    ),
    Rule(
        code="arbitration.keep_other",
        label=N_("调解及其他案卷保存期满"),
        law=Law(s.CASE_RULES, "24"),
        text=N_("调解和其他方式结案的案卷至少保存5年。"),
        trigger=(
            On(E.CONCLUDED, where=(When("outcome", ("mediated", "reconciled", "withdrawn")),)),
        ),
        length=5,
        unit=Unit.YEAR,
        roll=Roll.NONE,
        who=Who.AGENCY,
        stages=_HERE,
        lapse=Lapse.EFFECT,
        valid_from=s.SINCE_CASE_RULES,
        informative=True,
    ),
)

ROWS = (*DECISION, *FILES)
