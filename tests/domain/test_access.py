"""Accounts: made by an administrator, with roles per site, shut at once."""

import pytest
from flask import Flask

from tests.builders import make_actor, make_office, make_site, make_user
from worker_legal.domain import access, audit, org
from worker_legal.domain.permissions import Action, Actor, Role
from worker_legal.errors import BadInput, NotAllowed, NotFound, StaleEdit
from worker_legal.infra.db import db
from worker_legal.law.enums import OrgKind


@pytest.fixture
def centre(app: Flask) -> org.OrgUnit:
    return make_office()


@pytest.fixture
def stations(centre: org.OrgUnit) -> list[org.OrgUnit]:
    return [make_site(parent=centre) for _ in range(3)]


@pytest.fixture
def admin(centre: org.OrgUnit, stations: list[org.OrgUnit]) -> Actor:
    return make_actor(centre, Role.ADMINISTRATOR)


def _new(site: org.OrgUnit, username: str = "zhangsan", *roles: Role) -> access.NewUser:
    return access.NewUser(username, "张三", site.id, roles)


def _actions() -> list[str]:
    return [row.action for row in db.session.query(audit.AuditEntry).order_by(audit.AuditEntry.id)]


def test_a_fresh_installation_has_no_account(app: Flask) -> None:
    assert access.users() == []
    assert not access.has_administrator()


def test_the_first_administrator_brings_the_centre_along(app: Flask) -> None:
    user = access.make_first_administrator("admin", "周管理", "法律服务中心")
    assert org.centre().id == user.org_unit_id
    assert access.has_administrator()


def test_setting_the_office_up_names_the_centre_that_was_made_first(app: Flask) -> None:
    user = access.make_first_administrator("admin", "周管理", "法律服务中心")
    org.set_up_office(access.actor_for(user), "东区职工法律服务中心", "东援")
    assert org.centre().name == "东区职工法律服务中心"


def test_a_new_account_cannot_sign_in_before_its_link_was_used(
    admin: Actor, centre: org.OrgUnit
) -> None:
    user = access.add_user(admin, _new(centre, "zhangsan", Role.INTAKE))
    assert user.password_hash is None
    assert access.sign_in("zhangsan", "", "10.0.0.1").user is None


def test_a_name_is_given_once_whatever_its_capitals(admin: Actor, centre: org.OrgUnit) -> None:
    access.add_user(admin, _new(centre, "zhangsan"))
    with pytest.raises(BadInput) as refusal:
        access.add_user(admin, _new(centre, "ZhangSan"))
    assert refusal.value.field == "username"


def test_a_clerk_makes_no_accounts(centre: org.OrgUnit) -> None:
    with pytest.raises(NotAllowed):
        access.add_user(make_actor(centre, Role.INTAKE), _new(centre))


def test_an_administrator_of_a_station_makes_no_accounts_at_the_centre(centre: org.OrgUnit) -> None:
    station = make_site(parent=centre)
    with pytest.raises(NotAllowed):
        access.add_user(make_actor(station, Role.ADMINISTRATOR), _new(centre))


def test_an_administrator_of_a_station_does_not_see_people_of_the_centre(
    centre: org.OrgUnit,
) -> None:
    station = make_site(parent=centre)
    local = make_actor(station, Role.ADMINISTRATOR)
    other = make_user(centre, Role.INTAKE)
    with pytest.raises(NotFound):
        access.get_person(local, other.id)
    assert other.id not in [user.id for user in access.people(local)]


def test_a_role_covers_the_site_and_everything_below(centre: org.OrgUnit) -> None:
    station = make_site(parent=centre)
    room = make_site(OrgKind.ROOM, parent=station)
    actor = make_actor(station, Role.INTAKE)
    assert actor.site_ids(Action.VIEW_CASE) == {station.id, room.id}


def test_a_changed_role_is_felt_at_once(admin: Actor, centre: org.OrgUnit) -> None:
    user = make_user(centre, Role.INTAKE)
    access.change_user(admin, user, _new(centre, user.username, Role.AUDITOR), user.version)
    assert access.actor_for(user).roles == (Role.AUDITOR,)


def test_moving_a_person_leaves_the_roles_at_further_sites(
    admin: Actor, stations: list[org.OrgUnit]
) -> None:
    first, second, third = stations
    user = make_user(first, Role.INTAKE)
    access.grant_role(admin, user, Role.MEDIATOR, third.id)
    access.change_user(admin, user, _new(second, user.username, Role.INTAKE), user.version)
    held = {(grant.role, grant.org_unit_id) for grant in access.grants_of(user)}
    assert held == {(Role.INTAKE, second.id), (Role.MEDIATOR, third.id)}


def test_a_form_that_was_open_too_long_changes_nobody(admin: Actor, centre: org.OrgUnit) -> None:
    user = make_user(centre, Role.INTAKE)
    with pytest.raises(StaleEdit):
        access.change_user(admin, user, _new(centre, user.username), user.version - 1)


def test_a_role_given_twice_is_held_once(admin: Actor, stations: list[org.OrgUnit]) -> None:
    user, station = make_user(stations[1]), stations[0]
    access.grant_role(admin, user, Role.LAWYER, station.id)
    access.grant_role(admin, user, Role.LAWYER, station.id)
    assert len(access.grants_of(user)) == 1


def test_roles_at_a_site_can_be_taken_away(admin: Actor, stations: list[org.OrgUnit]) -> None:
    user, station = make_user(stations[1], Role.INTAKE), stations[0]
    access.grant_role(admin, user, Role.LAWYER, station.id)
    access.revoke_roles(admin, user, station.id)
    assert [grant.role for grant in access.grants_of(user)] == [Role.INTAKE]


@pytest.mark.parametrize("verb", ["change", "grant", "revoke", "disable", "enable"])
def test_nobody_changes_the_own_account(centre: org.OrgUnit, verb: str) -> None:
    me = make_user(centre, Role.ADMINISTRATOR)
    actor = access.actor_for(me)
    steps = {
        "change": lambda: access.change_user(actor, me, _new(centre, me.username), me.version),
        "grant": lambda: access.grant_role(actor, me, Role.DIRECTOR, centre.id),
        "revoke": lambda: access.revoke_roles(actor, me, centre.id),
        "disable": lambda: access.disable_user(actor, me),
        "enable": lambda: access.enable_user(actor, me),
    }
    with pytest.raises(NotAllowed):
        steps[verb]()


def test_a_shut_account_keeps_no_session(admin: Actor, centre: org.OrgUnit) -> None:
    user = make_user(centre, Role.INTAKE)
    token = access.open_session(user)
    access.disable_user(admin, user)
    assert access.find_session(token) is None
    access.enable_user(admin, user)
    assert user.disabled_at is None


def test_a_handler_of_an_old_ledger_cannot_sign_in(centre: org.OrgUnit) -> None:
    user = access.add_nameless_account("吴丽萍", centre.id)
    assert access.sign_in(user.username, "", "10.0.0.1").user is None
    assert access.grants_of(user) == []


def test_every_step_over_an_account_is_logged(
    admin: Actor, centre: org.OrgUnit, stations: list[org.OrgUnit]
) -> None:
    user = access.add_user(admin, _new(centre, "zhangsan", Role.INTAKE))
    access.change_user(admin, user, _new(centre, "zhangsan", Role.MEDIATOR), user.version)
    access.grant_role(admin, user, Role.LAWYER, stations[0].id)
    access.revoke_roles(admin, user, stations[0].id)
    access.make_link(admin, user)
    access.disable_user(admin, user)
    access.enable_user(admin, user)
    access.reset_totp(admin, user)
    steps = [action for action in _actions() if "site" not in action and "office" not in action]
    assert steps[-8:] == [
        *("create_user", "change_user", "grant_role", "revoke_roles"),
        *("make_link", "disable_user", "enable_user", "reset_second_factor"),
    ]


def test_people_to_give_a_case_to_can_record_at_its_site(centre: org.OrgUnit) -> None:
    station = make_site(parent=centre)
    mediator = make_user(station, Role.MEDIATOR)
    lawyer = make_user(centre, Role.LAWYER)
    make_user(make_site(parent=centre), Role.MEDIATOR)
    make_user(station, Role.AUDITOR)
    ids = {user.id for user in access.handlers(frozenset({station.id}))}
    assert ids == {mediator.id, lawyer.id}
