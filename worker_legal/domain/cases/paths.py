"""From which proceeding a case went on to which: mediation, arbitration, court, enforcement."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from worker_legal.domain.cases.models import Case, Proceeding
from worker_legal.law.enums import Stage

FOLLOWING: Any = aliased(Proceeding)
EARLIER: Any = aliased(Proceeding)


def steps() -> sa.Subquery:
    """Every proceeding that followed another: case, the stage it came from, its own stage.

    It follows the one it was opened from; without one, the last concluded before it was filed.
    """
    before = sa.or_(
        EARLIER.filed_on < FOLLOWING.filed_on,
        sa.and_(EARLIER.filed_on == FOLLOWING.filed_on, EARLIER.id < FOLLOWING.id),
    )
    concluded = sa.and_(
        FOLLOWING.follows_id.is_(None), EARLIER.concluded_on <= FOLLOWING.filed_on, before
    )
    came_from = (
        sa.select(EARLIER.stage)
        .where(EARLIER.case_id == FOLLOWING.case_id)
        .where(sa.or_(EARLIER.id == FOLLOWING.follows_id, concluded))
        .order_by(EARLIER.concluded_on.desc(), EARLIER.id.desc())
        .limit(1)
        .correlate(FOLLOWING)
        .scalar_subquery()
    )
    return sa.select(
        FOLLOWING.case_id.label("case_id"),
        came_from.label("came_from"),
        FOLLOWING.stage.label("went_to"),
    ).subquery("step")


def went(first: Stage | None, second: Stage | None) -> sa.ColumnElement[bool]:
    """Cases that went on from one stage to another; without one, from or to any."""
    step = steps().c
    query = sa.select(step.case_id).where(step.came_from.is_not(None))
    query = query.where(step.came_from == first) if first else query
    query = query.where(step.went_to == second) if second else query
    return Case.id.in_(query)
