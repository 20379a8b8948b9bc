"""How cases and their proceedings ended, as the rates of the office count them (statutes §11)."""

from collections.abc import Callable
from datetime import date
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from worker_legal.domain.cases.models import Case, CaseEvent, Deadline, Proceeding
from worker_legal.i18n import N_
from worker_legal.law.enums import Channel, EventKind, LabelledEnum, Outcome, Stage, Status

# the periods within which a body has to bring a proceeding to its end, extensions included
LEGAL_PERIODS = (
    "mediation.end",
    "mediation.committee_end",
    "arbitration.decide",
    "court.first_instance",
    "court.summary",
    "court.small_claims",
    "court.second_judgment",
    "court.second_ruling",
    "inspection.investigate",
    "legal_aid.decide",
    "work_injury.decide",
    "work_injury.decide_clear",
)
IN_PARK = (Stage.CONSULTATION, Stage.LEGAL_AID, Stage.MEDIATION)
BY_MEDIATION = (Outcome.AGREED, Outcome.RECONCILED, Outcome.MEDIATED)
BY_AWARD = (Outcome.AWARDED, Outcome.JUDGMENT_FIRST, Outcome.JUDGMENT_FINAL)


class Ending(LabelledEnum):
    """A proceeding that came to its end in a span of days, and how."""

    MEDIATION = "mediation", N_("调解已结")
    SETTLED = "settled", N_("调解成功")
    AWARD = "award", N_("仲裁已裁决")
    FINAL_AWARD = "final_award", N_("终局裁决")
    TIMED = "timed", N_("有法定期限的程序办结")
    ON_TIME = "on_time", N_("程序按期办结")


class Quality(LabelledEnum):
    """What can be said of a case as a whole."""

    IN_PARK = "in_park", N_("没有出园区")
    ONE_TRIP = "one_trip", N_("最多跑一次")
    BY_MEDIATION = "by_mediation", N_("调解方式结案")
    BY_AWARD = "by_award", N_("裁判方式结案")
    BY_OTHER = "by_other", N_("其他方式结案")
    WORKER_PREVAILED = "worker_prevailed", N_("职工胜诉")
    BOTH_PREVAILED = "both_prevailed", N_("双方部分胜诉")
    EMPLOYER_PREVAILED = "employer_prevailed", N_("单位胜诉")
    RESULT_NOT_RECORDED = "result_not_recorded", N_("结果没有登记")


# what is recorded at an award or a judgment, for each of the results
PREVAILED = {
    Quality.WORKER_PREVAILED: "worker",
    Quality.BOTH_PREVAILED: "both",
    Quality.EMPLOYER_PREVAILED: "employer",
    Quality.RESULT_NOT_RECORDED: "",
}


def ended(ending: Ending, first: date | None, last: date | None) -> sa.ColumnElement[bool]:
    """Cases with a proceeding that ended so between two days."""
    return Case.id.in_(matters(ending, first, last).with_only_columns(Proceeding.case_id))


def matters(ending: Ending, first: date | None, last: date | None) -> sa.Select[tuple[Proceeding]]:
    """The proceedings that ended so between two days."""
    query = sa.select(Proceeding).where(*_endings(ending))
    query = query.where(Proceeding.concluded_on >= first) if first else query
    return query.where(Proceeding.concluded_on <= last) if last else query


def _endings(ending: Ending) -> list[sa.ColumnElement[bool]]:
    mediation = Proceeding.stage == Stage.MEDIATION
    timed: list[sa.ColumnElement[bool]] = [
        Proceeding.status.in_((Status.CONCLUDED, Status.WITHDRAWN)),
        Proceeding.id.in_(_timed()),
    ]
    award = sa.and_(Proceeding.stage == Stage.ARBITRATION, Proceeding.outcome == Outcome.AWARDED)
    return {
        Ending.MEDIATION: [
            mediation,
            Proceeding.status.in_((Status.CONCLUDED, Status.WITHDRAWN)),
        ],
        Ending.SETTLED: [
            mediation,
            Proceeding.status == Status.CONCLUDED,
            Proceeding.outcome.in_((Outcome.AGREED, Outcome.RECONCILED)),
        ],
        Ending.AWARD: [award],
        Ending.FINAL_AWARD: [award, Proceeding.id.in_(_served_as_final())],
        Ending.TIMED: timed,
        Ending.ON_TIME: [*timed, Proceeding.id.not_in(_late())],
    }[ending]


def _served_as_final() -> sa.Select[tuple[int | None]]:
    return sa.select(CaseEvent.proceeding_id).where(
        CaseEvent.kind == EventKind.AWARD_SERVED,
        CaseEvent.proceeding_id.is_not(None),
        CaseEvent.payload["final"].as_string() == "yes",
        stands(CaseEvent),
    )


def stands(event: type[CaseEvent]) -> sa.ColumnElement[bool]:
    """Whether an event stands: neither corrected nor taken back, as `events.effective` reads it."""
    later = aliased(CaseEvent)
    corrected = sa.exists().where(later.corrects_id == event.id).correlate(event)
    return sa.and_(event.is_retraction.is_(False), ~corrected)


def has(quality: Quality) -> sa.ColumnElement[bool]:
    """The condition a case has to meet."""
    found: dict[Quality, Callable[[], sa.ColumnElement[bool]]] = {
        Quality.IN_PARK: _stayed,
        Quality.ONE_TRIP: lambda: trips() <= 1,
        Quality.BY_MEDIATION: lambda: Case.close_outcome.in_(BY_MEDIATION),
        Quality.BY_AWARD: lambda: Case.close_outcome.in_(BY_AWARD),
        Quality.BY_OTHER: lambda: Case.close_outcome.not_in((*BY_MEDIATION, *BY_AWARD)),
        **{kind: partial(_prevailed, value) for kind, value in PREVAILED.items()},
    }
    return found[quality]()


def _prevailed(value: str) -> sa.ColumnElement[bool]:
    """Cases closed by award or judgment, by what the last one that stands says of the result."""
    said = (
        sa.select(CaseEvent.payload["prevailed"].as_string())
        .where(CaseEvent.case_id == Case.id, stands(CaseEvent))
        .where(CaseEvent.kind.in_((EventKind.AWARD_SERVED, EventKind.JUDGMENT_SERVED)))
        .order_by(CaseEvent.happened_on.desc(), CaseEvent.id.desc())
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )
    return sa.and_(Case.close_outcome.in_(BY_AWARD), sa.func.coalesce(said, "") == value)


_TIMED = (
    Deadline.rule_code.in_(LEGAL_PERIODS),
    Deadline.due_on.is_not(None),
    Deadline.proceeding_id.is_not(None),
)


def _timed() -> sa.Select[tuple[int | None]]:
    return sa.select(Deadline.proceeding_id).where(*_TIMED)


def _late() -> sa.Select[tuple[int | None]]:
    """Proceedings that ended after a legal period of theirs, lawful extensions counted in."""
    kept_to = sa.func.coalesce(Deadline.met_on, Proceeding.concluded_on)
    return _timed().join(Proceeding).where(Deadline.due_on < kept_to)


def _stayed() -> sa.ColumnElement[bool]:
    outside = sa.select(Proceeding.case_id).where(Proceeding.stage.not_in(IN_PARK))
    handed_on = sa.func.coalesce(Case.close_outcome, "") == Outcome.REFERRED
    return sa.and_(Case.id.not_in(outside), ~handed_on)


def trips() -> sa.ColumnElement[int]:
    """How often the worker came for a case, as `events.visits_of` counts it."""
    came = sa.case((Case.channel == Channel.WALK_IN, 1), else_=0)
    visits = (
        sa.select(sa.func.count(CaseEvent.id))
        .where(CaseEvent.case_id == Case.id, CaseEvent.kind == EventKind.VISIT, stands(CaseEvent))
        .correlate(Case)
        .scalar_subquery()
    )
    return came + visits


def awarded_fen() -> sa.ColumnElement[int]:
    """What the arbitration awards of a case add up to."""
    total = (
        sa.select(sa.func.coalesce(sa.func.sum(Proceeding.awarded_fen), 0))
        .where(Proceeding.case_id == Case.id, Proceeding.stage == Stage.ARBITRATION)
        .where(Proceeding.outcome == Outcome.AWARDED)
        .correlate(Case)
        .scalar_subquery()
    )
    return sa.cast(total, sa.BigInteger)
