"""Locked figures: later edits never change them, they only show as differences."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from tests import builders as make
from worker_legal.domain import cases
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.statistics import locks
from worker_legal.domain.statistics.measures import Period
from worker_legal.domain.statistics.models import AnnualFigure, AnnualSnapshot
from worker_legal.errors import BadInput, NotAllowed, NotFound, RuleBroken
from worker_legal.infra.db import db, transaction

SYSTEM = Actor.system("tests")
YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))


@pytest.fixture
def case(centre: OrgUnit) -> cases.Case:
    """A dispute of the year that is to be locked."""
    with transaction():
        worker = make.make_party("张三", claimed_fen=500_000)
        return make.make_case(
            centre, registered_on=date(2025, 5, 5), workers=[worker], source="ledger"
        )


@pytest.fixture
def locked(centre: OrgUnit, case: cases.Case, actor: Actor) -> AnnualSnapshot:
    """The year as it was reported."""
    with transaction():
        return locks.lock(actor, YEAR, centre.id)


def test_a_lock_keeps_the_figures(locked: AnnualSnapshot) -> None:
    kept = locks.figures_of(locked)
    assert (kept["cases", ""], kept["amount_fen", ""]) == (1, 500_000)
    assert kept["cases", "cause:pay"] == 1


def test_nothing_has_moved_at_first(locked: AnnualSnapshot, actor: Actor) -> None:
    assert locks.differences(actor, locked) == []
    assert locks.moved_figures(actor, locked) == []


def test_a_case_added_to_the_year_is_a_difference(
    locked: AnnualSnapshot, centre: OrgUnit, actor: Actor
) -> None:
    with transaction():
        late = make.make_case(centre, registered_on=date(2025, 6, 6), source="ledger")
        number = late.case_no
    [moved] = locks.differences(actor, locked)
    assert (moved.case_no, moved.before, moved.now) == (number, None, date(2025, 6, 6))


def test_a_voided_case_is_a_difference(
    locked: AnnualSnapshot, case: cases.Case, actor: Actor
) -> None:
    with transaction():
        cases.void(SYSTEM, cases.get_case(SYSTEM, case.id), "误登")
    [moved] = locks.differences(actor, locked)
    assert (moved.field, moved.now) == ("case", None)
    assert ("cases", 1, 0) in locks.moved_figures(actor, locked)


def test_a_changed_amount_shows_both_values(
    locked: AnnualSnapshot, case: cases.Case, actor: Actor
) -> None:
    with transaction():
        cases.get_case(SYSTEM, case.id).claimed_fen = 600_000
    [moved] = locks.differences(actor, locked)
    assert (moved.field, moved.before, moved.now) == ("amount_fen", 500_000, 600_000)


def test_the_locked_figures_stay_as_they_were(
    locked: AnnualSnapshot, case: cases.Case, actor: Actor
) -> None:
    before = locks.figures_of(locked)
    with transaction():
        cases.get_case(SYSTEM, case.id).claimed_fen = 600_000
    assert locks.figures_of(locked) == before
    assert locks.is_whole(locked)


def test_the_digest_tells_a_figure_that_was_slipped_in(locked: AnnualSnapshot) -> None:
    db.session.add(AnnualFigure(snapshot_id=locked.id, measure="won", dimension="", value=1))
    db.session.flush()
    assert not locks.is_whole(locked)


@pytest.mark.parametrize("table", ["annual_snapshot", "annual_figure", "annual_case"])
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
def test_the_database_refuses_to_change_a_lock(
    locked: AnnualSnapshot, table: str, verb: str
) -> None:
    column = "revision" if table == "annual_snapshot" else "snapshot_id"
    with pytest.raises(DatabaseError), transaction():
        db.session.execute(sa.text(verb.format(table, column, column)))


def test_a_locked_period_is_not_locked_again(
    locked: AnnualSnapshot, centre: OrgUnit, actor: Actor
) -> None:
    with pytest.raises(RuleBroken):
        locks.lock(actor, YEAR, centre.id)


def test_a_period_that_runs_is_not_locked(centre: OrgUnit, actor: Actor) -> None:
    with pytest.raises(RuleBroken):
        locks.lock(actor, Period(date(2026, 1, 1), date(2026, 11, 23)), centre.id)


def test_unlocking_is_a_revision_with_a_reason(locked: AnnualSnapshot, actor: Actor) -> None:
    with transaction():
        lifted = locks.unlock(actor, locks.get_lock(actor, locked.id), "上级要求更正")
    assert (lifted.revision, lifted.is_lock, lifted.reason) == (2, False, "上级要求更正")


def test_an_unlocked_period_can_be_locked_anew(
    locked: AnnualSnapshot, centre: OrgUnit, actor: Actor
) -> None:
    with transaction():
        locks.unlock(actor, locks.get_lock(actor, locked.id), "上级要求更正")
        again = locks.lock(actor, YEAR, centre.id)
    assert again.revision == 3


@pytest.mark.parametrize("reason", ["", "   ", "改", "长" * 301])
def test_unlocking_needs_a_reason(locked: AnnualSnapshot, actor: Actor, reason: str) -> None:
    with pytest.raises(BadInput):
        locks.unlock(actor, locked, reason)


def test_a_lock_is_lifted_once(locked: AnnualSnapshot, actor: Actor) -> None:
    with transaction():
        locks.unlock(actor, locks.get_lock(actor, locked.id), "上级要求更正")
    with pytest.raises(RuleBroken):
        locks.unlock(actor, locks.get_lock(actor, locked.id), "再来一次")


def test_an_auditor_locks_nothing(app: Flask, centre: OrgUnit) -> None:
    with transaction():
        auditor = make.make_actor(centre, Role.AUDITOR)
    with pytest.raises(NotAllowed):
        locks.lock(auditor, YEAR, centre.id)


def test_the_locks_of_another_site_are_not_there(locked: AnnualSnapshot, centre: OrgUnit) -> None:
    with transaction():
        stranger = make.make_actor(make.make_site(parent=centre), Role.DIRECTOR)
    assert locks.all_locks(stranger) == []
    with pytest.raises(NotFound):
        locks.get_lock(stranger, locked.id)
