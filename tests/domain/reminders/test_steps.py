"""Steps per kind of date: what holds for which date, and what a change may do (features D7)."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests import builders as make
from tests.support.clocks import TestClock
from worker_legal.domain import org, reminders
from worker_legal.domain.audit import AuditEntry
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.reminders import plan, steps
from worker_legal.errors import BadInput, NotAllowed, NotFound
from worker_legal.infra.db import db

RULE = "mediation.end"
OTHER = "arbitration.accept"


def test_without_a_change_the_usual_steps_hold(centre: org.OrgUnit) -> None:
    assert steps.step_table().of(RULE, date(2026, 1, 1)) == steps.STEPS


def test_a_change_holds_for_dates_known_from_the_next_day_on(
    actor: Actor, clock: TestClock
) -> None:
    reminders.set_steps(actor, steps.EVERY, [10, 2])
    table = steps.step_table()
    assert table.of(RULE, clock.today) == steps.STEPS
    assert table.of(RULE, clock.today + timedelta(days=1)) == (10, 2, 0)


def test_the_nearest_kind_comes_first(actor: Actor, clock: TestClock) -> None:
    for kind, days in ((steps.EVERY, [9]), ("mediation", [8]), (RULE, [7])):
        reminders.set_steps(actor, kind, days)
    tomorrow = clock.today + timedelta(days=1)
    table = steps.step_table()
    found = [table.of(code, tomorrow) for code in (RULE, "mediation.performance", OTHER)]
    assert found == [(7, 0), (8, 0), (9, 0)]


def test_a_kind_can_go_back_to_what_holds_for_the_rest(actor: Actor, clock: TestClock) -> None:
    reminders.set_steps(actor, RULE, [5])
    clock.advance(days=1)
    reminders.set_steps(actor, RULE, [])
    table = steps.step_table()
    assert table.of(RULE, clock.today) == (5, 0)
    assert table.of(RULE, clock.today + timedelta(days=1)) == steps.STEPS


def test_a_second_change_of_one_day_replaces_the_first(actor: Actor, clock: TestClock) -> None:
    reminders.set_steps(actor, RULE, [5])
    reminders.set_steps(actor, RULE, [6])
    assert steps.step_table().of(RULE, clock.today + timedelta(days=1)) == (6, 0)


def test_the_day_itself_is_always_announced(actor: Actor) -> None:
    assert reminders.set_steps(actor, RULE, [14]).days == [14, 0]


@pytest.mark.parametrize("days", [[-1], [steps.MOST_DAYS + 1], list(range(1, 14))])
def test_days_that_cannot_be_are_refused(actor: Actor, days: list[int]) -> None:
    with pytest.raises(BadInput) as refused:
        reminders.set_steps(actor, RULE, days)
    assert refused.value.field == "days"


def test_every_date_cannot_be_without_steps(actor: Actor) -> None:
    with pytest.raises(BadInput):
        reminders.set_steps(actor, steps.EVERY, [])


def test_an_unknown_kind_is_not_there(actor: Actor) -> None:
    with pytest.raises(NotFound):
        reminders.set_steps(actor, "no.such_rule", [1])


def test_only_those_who_lead_or_look_after_the_system_may_change_them(centre: org.OrgUnit) -> None:
    with pytest.raises(NotAllowed):
        reminders.set_steps(make.make_actor(centre, Role.MEDIATOR), RULE, [1])


def test_a_change_is_in_the_log(actor: Actor) -> None:
    reminders.set_steps(actor, RULE, [5])
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "set_steps")).one()
    assert entry.detail == {"kind": RULE, "new": [5, 0]}


def test_a_longer_step_is_planned_when_its_day_has_come(
    centre: org.OrgUnit, actor: Actor, clock: TestClock
) -> None:
    reminders.set_steps(actor, steps.EVERY, [120])
    clock.advance(days=1)
    handler = make.make_user(centre, Role.MEDIATOR)
    case = make.make_case(centre, handler_id=handler.id)
    [row] = make.make_dates(case, 121)
    row.known_on = clock.today
    assert plan.owed() == []
    clock.advance(days=1)
    assert [planned["step"] for planned in plan.owed()] == ["day-120"]


def test_every_rule_belongs_to_a_chapter_with_a_word() -> None:
    chapters = {code.split(".")[0] for code in steps.labels() if "." in code}
    assert chapters == set(steps.CHAPTERS)
