"""The shape of a rule: one statutory period as one row of reviewed data."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from worker_legal.i18n import N_
from worker_legal.law.arithmetic import Direction, Roll, Unit
from worker_legal.law.enums import EventKind, LabelledEnum, Stage, Who


class Lapse(LabelledEnum):
    """What it means that nobody acted until the last day."""

    WARN = "warn", N_("逾期，应当催办")
    RIGHT_LOST = "right_lost", N_("权利丧失或不再受保护")
    OTHER_MAY_ACT = "other_may_act", N_("对方可以走下一步")
    EFFECT = "effect", N_("到这一天发生法律效果")


class Fact(StrEnum):
    """Dates of a case that start periods without any event; labels in FACT_LABELS."""

    HIRED_ON = "hired_on"
    LEFT_ON = "left_on"
    INJURED_ON = "injured_on"
    DIAGNOSED_ON = "diagnosed_on"
    UNPAID_FROM = "unpaid_from"
    UNPAID_TO = "unpaid_to"
    DISPUTE_KNOWN_ON = "dispute_known_on"
    WAGES_DUE_ON = "wages_due_on"
    WAGES_PAID_ON = "wages_paid_on"
    HEARING_ON = "hearing_on"
    NEGOTIATION_REQUESTED_ON = "negotiation_requested_on"
    AGREED_PAYMENT_ON = "agreed_payment_on"
    EVIDENCE_UNTIL = "evidence_until"
    ENTRUSTED_ON = "entrusted_on"
    VIOLATION_ENDED_ON = "violation_ended_on"
    ORDERED_TO_PAY_BY = "ordered_to_pay_by"
    OBJECTION_PERIOD_ENDED_ON = "objection_period_ended_on"
    PROJECT_COMPLETED_ON = "project_completed_on"
    PERFORMANCE_ENDED_ON = "performance_ended_on"
    IOU_DUE_ON = "iou_due_on"
    OBSTACLE_ENDED_ON = "obstacle_ended_on"
    MISSING_ON = "missing_on"
    RIGHT_ENDS_ON = "right_ends_on"
    FIRST_TREATED_AT = "first_treated_at"
    PRESERVATION_REQUESTED_AT = "preservation_requested_at"
    CUSTODY_REQUEST_AT = "custody_request_at"


FACT_LABELS: dict[Fact, str] = {
    Fact.HIRED_ON: N_("入职"),
    Fact.LEFT_ON: N_("离职"),
    Fact.INJURED_ON: N_("受伤"),
    Fact.DIAGNOSED_ON: N_("诊断或鉴定为职业病"),
    Fact.UNPAID_FROM: N_("最早一笔欠薪"),
    Fact.UNPAID_TO: N_("最后一笔欠薪"),
    Fact.DISPUTE_KNOWN_ON: N_("知道或者应当知道权利被侵害"),
    Fact.WAGES_DUE_ON: N_("约定的工资支付日"),
    Fact.WAGES_PAID_ON: N_("工资支付"),
    Fact.HEARING_ON: N_("开庭"),
    Fact.NEGOTIATION_REQUESTED_ON: N_("提出协商"),
    Fact.AGREED_PAYMENT_ON: N_("协议约定的履行日"),
    Fact.EVIDENCE_UNTIL: N_("举证期限届满"),
    Fact.ENTRUSTED_ON: N_("同意委托调解"),
    Fact.VIOLATION_ENDED_ON: N_("违法行为终了"),
    Fact.ORDERED_TO_PAY_BY: N_("责令支付的最后一天"),
    Fact.OBJECTION_PERIOD_ENDED_ON: N_("复议和起诉期限届满"),
    Fact.PROJECT_COMPLETED_ON: N_("工程完工且工资结清"),
    Fact.PERFORMANCE_ENDED_ON: N_("履行期限届满"),
    Fact.IOU_DUE_ON: N_("工资欠条到期"),
    Fact.OBSTACLE_ENDED_ON: N_("障碍消除"),
    Fact.MISSING_ON: N_("因工外出下落不明"),
    Fact.RIGHT_ENDS_ON: N_("时效或期限届满"),
    Fact.FIRST_TREATED_AT: N_("医疗机构初次诊断"),
    Fact.PRESERVATION_REQUESTED_AT: N_("收到诉前保全申请"),
    Fact.CUSTODY_REQUEST_AT: N_("收到在押人员的法律援助申请"),
}

# what a day given with an event is called
GIVEN_LABELS: dict[str, str] = {
    "at": FACT_LABELS[Fact.HEARING_ON],
    "due_on": FACT_LABELS[Fact.AGREED_PAYMENT_ON],
    "next_on": N_("约定的下一期付款日"),
    "reply_by": N_("请对方答复的最后一天"),
}

FLAG_LABELS: dict[str, str] = {
    "answer_working_days": N_("答辩期按工作日计算"),
    "enterprise_committee": N_("由企业劳动争议调解委员会调解"),
    "collective": N_("十人以上的集体争议"),
    "migrant": N_("工程建设领域农民工"),
}


@dataclass(frozen=True, slots=True)
class Law:
    """One legal basis: statute, article as 29 or 27(4), and whether its text was confirmed."""

    statute: str
    article: str


@dataclass(frozen=True, slots=True)
class When:
    """A condition on what is known about the event, its proceeding or the case."""

    key: str
    values: tuple[str, ...]
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class On:
    """An event that matters; `stage` reaches into other proceedings, `field` holds the date.

    `given` asks for that date; `later` counts only what was written down after the start, by its
    own words; `from_day` only what happened on the day of the start or after it.
    """

    kind: EventKind
    stage: Stage | None = None
    where: tuple[When, ...] = ()
    field: str = ""
    or_kind: EventKind | None = None
    given: bool = False
    later: bool = False
    from_day: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    """How far a period may be extended; length None means as granted in the event (`days`).

    `named` means that only an extension that names this period moves it.
    """

    length: int | None
    unit: Unit
    once: bool = True
    named: bool = False


@dataclass(frozen=True, slots=True)
class Excluded:
    """Time that does not count: from one event to another, or a number of days from it."""

    begins: EventKind
    ends: EventKind | None = None
    days: int = 0


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One statutory period. Amended statutes are new rows with a higher version."""

    code: str
    label: str
    law: Law
    also: tuple[Law, ...] = ()
    text: str
    trigger: tuple[On | Fact, ...]
    length: int | None
    unit: Unit = Unit.DAY
    direction: Direction = Direction.FORWARD
    roll: Roll = Roll.FORWARD
    who: Who
    who_received: bool = False
    stages: tuple[Stage, ...] = ()
    when: tuple[When, ...] = ()
    unless_facts: tuple[Fact, ...] = ()
    met_by: tuple[On, ...] = ()
    cancelled_by: tuple[On, ...] = ()
    # an event of this kind takes the place of the start before it
    replaced_by: EventKind | None = None
    reopened_by: tuple[On, ...] = ()
    extended_by: Extension | None = None
    excluded: tuple[Excluded, ...] = ()
    restarted_by: tuple[On, ...] = ()
    lapse: Lapse = Lapse.WARN
    lapse_text: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    confirmed: bool = False
    optional: bool = False
    informative: bool = False
    version: int = 1

    @property
    def statute(self) -> str:
        """The statute the period stands in."""
        return self.law.statute

    @property
    def article(self) -> str:
        """The article of the statute, such as 29 or 27(4)."""
        return self.law.article

    @cached_property
    def started_by(self) -> frozenset[str]:
        """The names of the events and facts of which one must be known for the rule to apply."""
        names: set[str] = set()
        for source in self.trigger:
            if isinstance(source, Fact):
                names.add(source.value)
            else:
                names.update(kind.value for kind in (source.kind, source.or_kind) if kind)
        return frozenset(names)

    def in_force(self, day: date) -> bool:
        """Whether this version governs a period that starts on a day."""
        after = self.valid_from is None or self.valid_from <= day
        return after and (self.valid_until is None or day <= self.valid_until)


def kinds(*which: EventKind) -> tuple[On, ...]:
    """Events of the same proceeding, whatever their details."""
    return tuple(On(kind) for kind in which)
