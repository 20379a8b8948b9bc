"""Leave cover: who may say that somebody is away, who can stand in, who is told."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support.clocks import TestClock
from worker_legal.domain import access, audit, cases, org, reminders
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.reminders import deliver
from worker_legal.domain.reminders.models import LeaveCover, OutboxMessage
from worker_legal.errors import BadInput, NotFound
from worker_legal.infra import clock as wall
from worker_legal.infra.db import db, transaction
from worker_legal.law.enums import OrgKind

pytestmark = pytest.mark.both_databases


@dataclass
class Station:
    """A station below the centre: a handler with a case, a colleague, and a date of the case."""

    centre: org.OrgUnit
    site: org.OrgUnit
    handler: access.User
    colleague: access.User
    case: cases.Case


@pytest.fixture
def station(app: Flask, clock: TestClock) -> Station:
    with transaction():
        centre = make.make_office()
        site = make.make_site(OrgKind.STATION, parent=centre)
        handler = make.make_user(site, Role.MEDIATOR, name="甲")
        colleague = make.make_user(site, Role.INTAKE, name="乙")
        case = make.make_case(site, handler_id=handler.id)
        db.session.execute(sa.delete(cases.models.Deadline))
        make.make_dates(case, 0)
    return Station(centre, site, handler, colleague, case)


def _someone(site: org.OrgUnit, role: Role) -> access.User:
    with transaction():
        return make.make_user(site, role)


def _site(kind: OrgKind, parent: org.OrgUnit) -> org.OrgUnit:
    with transaction():
        return make.make_site(kind, parent=parent)


def _day(ahead: int) -> date:
    return wall.today() + timedelta(days=ahead)


def _enter(
    station: Station,
    deputy: access.User | None = None,
    days: tuple[int, int] = (0, 3),
    actor: Actor | None = None,
    person: access.User | None = None,
) -> LeaveCover:
    person = person or station.handler
    deputy = deputy or station.colleague
    new = reminders.Leave(person.id, deputy.id, _day(days[0]), _day(days[1]))
    with transaction():
        return reminders.enter_leave(actor or access.actor_for(station.handler), new)


def _refusal(station: Station, deputy: access.User | None = None, **changes: object) -> str:
    with pytest.raises(BadInput) as caught:
        _enter(station, deputy, **changes)  # type: ignore[arg-type]
    assert caught.value.field
    return caught.value.field


def _told() -> set[int]:
    deliver.plan_owed()
    return set(db.session.scalars(sa.select(OutboxMessage.addressee_id)))


# --- who is told ---------------------------------------------------------------------------


def test_while_a_person_is_away_the_deputy_is_told_as_well(station: Station) -> None:
    _enter(station)
    assert _told() == {station.handler.id, station.colleague.id}


@pytest.mark.parametrize("days", [(1, 3), (0, 0)])
def test_outside_the_days_only_the_person_is_told(
    station: Station, clock: TestClock, days: tuple[int, int]
) -> None:
    _enter(station, days=days)
    clock.advance(days=1 if days == (0, 0) else 0)
    assert station.colleague.id not in _told()


@pytest.mark.parametrize("day", [0, 3])
def test_the_first_and_the_last_day_count(station: Station, clock: TestClock, day: int) -> None:
    with transaction():
        make.make_dates(station.case, day)
    _enter(station, days=(0, 3))
    clock.advance(days=day)
    assert station.colleague.id in _told()


def test_the_deputy_of_a_director_is_told_of_what_climbs(station: Station) -> None:
    with transaction():
        head = make.make_user(station.site, Role.DIRECTOR)
        access.disable_user(Actor.system("tests"), station.handler)
    _enter(station, person=head, actor=access.actor_for(head))
    assert _told() == {head.id, station.colleague.id}


def test_a_deputy_who_left_or_lost_sight_is_not_told(station: Station) -> None:
    _enter(station)
    with transaction():
        user = db.session.get_one(access.User, station.colleague.id)
        access.revoke_roles(Actor.system("tests"), user, station.site.id)
        access.grant_role(Actor.system("tests"), user, Role.LAWYER, station.site.id)
    assert _told() == {station.handler.id}


def test_the_page_of_a_date_names_who_stands_in(station: Station) -> None:
    _enter(station)
    [row] = db.session.scalars(sa.select(cases.models.Deadline))
    assert reminders.chain_of(station.case, row)[0].names == ("甲", "乙")


def test_what_is_taken_back_counts_no_more(station: Station) -> None:
    row = _enter(station)
    with transaction():
        reminders.take_back_leave(access.actor_for(station.handler), row.id)
    assert _told() == {station.handler.id}
    assert reminders.absences(access.actor_for(station.handler)) == []


# --- who may enter it ----------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.ADMINISTRATOR])
def test_who_leads_or_manages_the_site_may_enter_it_for_others(
    station: Station, role: Role
) -> None:
    actor = access.actor_for(_someone(station.centre, role))
    row = _enter(station, actor=actor)
    assert row.entered_by == actor.user_id
    assert [away.person for away in reminders.absences(actor)] == ["甲"]


def test_a_colleague_may_neither_enter_it_nor_take_it_back(station: Station) -> None:
    actor = access.actor_for(station.colleague)
    with pytest.raises(NotFound):
        _enter(station, station.colleague, actor=actor)
    row = _enter(station)
    with pytest.raises(NotFound):
        reminders.take_back_leave(actor, row.id)
    [seen] = reminders.absences(actor)
    assert (seen.deputy, seen.may_take_back) == ("乙", False)


def test_the_director_of_another_site_may_not(station: Station) -> None:
    stranger = _someone(_site(OrgKind.STATION, station.centre), Role.DIRECTOR)
    with pytest.raises(NotFound):
        _enter(station, actor=access.actor_for(stranger))


def test_both_steps_are_in_the_log(station: Station) -> None:
    row = _enter(station)
    with transaction():
        reminders.take_back_leave(access.actor_for(station.handler), row.id)
    query = sa.select(audit.AuditEntry).where(audit.AuditEntry.action.like("%leave"))
    lines = list(db.session.scalars(query.order_by(audit.AuditEntry.id)))
    assert [line.action for line in lines] == ["enter_leave", "take_back_leave"]
    assert all(line.object_id == station.handler.id for line in lines)
    assert lines[1].detail["deputy"] == station.colleague.id


# --- what is refused -----------------------------------------------------------------------


def test_nobody_stands_in_for_oneself(station: Station) -> None:
    assert _refusal(station, station.handler) == "deputy_id"


def test_a_shut_account_cannot_stand_in(station: Station) -> None:
    with transaction():
        user = db.session.get_one(access.User, station.colleague.id)
        access.disable_user(Actor.system("tests"), user)
    assert _refusal(station) == "deputy_id"


def test_who_may_not_see_the_cases_cannot_stand_in(station: Station) -> None:
    other = _site(OrgKind.STATION, station.centre)
    room = _site(OrgKind.ROOM, station.site)
    assert _refusal(station, _someone(other, Role.MEDIATOR)) == "deputy_id"
    assert _refusal(station, _someone(station.site, Role.LAWYER)) == "deputy_id"
    assert _refusal(station, _someone(room, Role.MEDIATOR)) == "deputy_id"


def test_somebody_above_can_stand_in(station: Station) -> None:
    _enter(station, _someone(station.centre, Role.MEDIATOR))


@pytest.mark.parametrize("days", [(3, 5), (-2, 0), (1, 2), (-1, 9)])
def test_days_may_not_overlap(station: Station, days: tuple[int, int]) -> None:
    _enter(station)
    assert _refusal(station, days=days) == "first_on"


def test_days_may_follow_one_another(station: Station) -> None:
    _enter(station)
    _enter(station, days=(4, 4))


def test_who_is_away_cannot_stand_in(station: Station) -> None:
    third = _someone(station.site, Role.MEDIATOR)
    _enter(station, third, person=station.colleague, actor=access.actor_for(station.colleague))
    assert _refusal(station) == "deputy_id"


@pytest.mark.parametrize("days", [(3, 2), (-3, -1)])
def test_days_must_be_in_order_and_not_over(station: Station, days: tuple[int, int]) -> None:
    assert _refusal(station, days=days) == "last_on"
