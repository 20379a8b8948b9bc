"""The ladder: who is told next when nobody answers, and how long that waits (features D11)."""

from dataclasses import dataclass

from worker_legal.domain import audit
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.reminders.models import ReminderLadder
from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.infra.db import db, expect_version

# The rungs: who handles the case, who leads its site, who leads the centre.
HANDLER, DIRECTOR, CENTRE = range(3)
MOST = 60


@dataclass(frozen=True)
class Ladder:
    """When the next rung is told: days before the date without an answer, working days after."""

    director_before: int = 3
    centre_before: int = 1
    owner_after: int = 1
    director_after: int = 3
    centre_after: int = 5


def ladder() -> Ladder:
    """The ladder of the office, the usual one before anybody has changed it."""
    row = ladder_row()
    if row is None:
        return Ladder()
    return Ladder(
        row.director_before,
        row.centre_before,
        row.owner_after,
        row.director_after,
        row.centre_after,
    )


def ladder_row() -> ReminderLadder | None:
    """The ladder as it was saved, if it was."""
    return db.session.get(ReminderLadder, 1, populate_existing=True)


def set_ladder(actor: Actor, wanted: Ladder, version: int = 0) -> ReminderLadder:
    """Change the distances of the ladder; they hold for every date at once.

    Raises BadInput for an order in which a later rung would be told before an earlier one.
    """
    actor.require(Action.MANAGE_REMINDERS)
    _check(wanted)
    row = ladder_row()
    if row is None:
        row = ReminderLadder(id=1)
    else:
        expect_version(row, version)
    for name, value in vars(wanted).items():
        setattr(row, name, value)
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "set_ladder", "reminder_ladder", 1, new=vars(wanted))
    return row


def _check(wanted: Ladder) -> None:
    for name, value in vars(wanted).items():
        if not 0 <= value <= MOST:
            raise BadInput(N_("天数要在0到%(n)s之间"), field=name, n=MOST)
    if wanted.centre_before > wanted.director_before:
        raise BadInput(N_("中心主任不能比站点主任先收到"), field="centre_before")
    if wanted.director_after < wanted.owner_after:
        raise BadInput(N_("站点主任不能比经办人先收到"), field="director_after")
    if wanted.centre_after < wanted.director_after:
        raise BadInput(N_("中心主任不能比站点主任先收到"), field="centre_after")
