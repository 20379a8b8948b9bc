"""Roles, actions and sites; pure."""

import pytest

from worker_legal.domain.permissions import GRANTS, OWN_CASES_ONLY, Action, Actor, Grant, Role
from worker_legal.errors import NotAllowed

HOME, BELOW, ELSEWHERE = 4, 9, 7


def _actor(*roles: Role) -> Actor:
    sites = frozenset({HOME, BELOW})
    return Actor(user_id=1, label="王", grants=tuple(Grant(role, HOME, sites) for role in roles))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_a_role_may_do_what_the_table_grants(role: Role, action: Action) -> None:
    assert _actor(role).can(action) is (action in GRANTS[role])


@pytest.mark.parametrize("site", [HOME, BELOW])
def test_a_grant_covers_its_site_and_those_below(site: int) -> None:
    assert _actor(Role.INTAKE).can(Action.REGISTER_CASE, site)


def test_a_grant_ends_at_its_site() -> None:
    assert not _actor(Role.INTAKE).can(Action.REGISTER_CASE, ELSEWHERE)


def test_without_a_role_nothing_is_allowed() -> None:
    assert not any(_actor().can(action) for action in Action)


@pytest.mark.parametrize("action", Action)
def test_the_program_itself_may_do_everything(action: Action) -> None:
    assert Actor.system("tests").can(action, ELSEWHERE)


def test_the_program_is_named_in_the_log() -> None:
    assert Actor.system("reminders").label == "system:reminders"


def test_a_refusal_is_raised_not_returned() -> None:
    with pytest.raises(NotAllowed):
        _actor(Role.AUDITOR).require(Action.REGISTER_CASE)


def test_what_is_granted_is_not_refused() -> None:
    _actor(Role.DIRECTOR).require(Action.VOID_CASE, BELOW)


def test_two_roles_add_up() -> None:
    both = _actor(Role.AUDITOR, Role.ADMINISTRATOR)
    assert both.can(Action.VIEW_CASE)
    assert both.can(Action.MANAGE_USERS)


def test_roles_are_named_once_in_the_order_of_the_table() -> None:
    assert _actor(Role.AUDITOR, Role.INTAKE, Role.AUDITOR).roles == (Role.INTAKE, Role.AUDITOR)


@pytest.mark.parametrize("role", sorted(OWN_CASES_ONLY))
def test_an_outside_handler_reaches_only_own_cases(role: Role) -> None:
    actor = _actor(role)
    assert actor.site_ids(Action.VIEW_CASE) == frozenset()
    assert actor.own_case_sites(Action.VIEW_CASE) == {HOME, BELOW}


def test_a_mediator_reaches_every_case_of_the_site() -> None:
    actor = _actor(Role.MEDIATOR)
    assert actor.site_ids(Action.VIEW_CASE) == {HOME, BELOW}
    assert actor.own_case_sites(Action.VIEW_CASE) == frozenset()


def test_a_role_reaches_no_site_for_what_it_may_not_do() -> None:
    assert _actor(Role.AUDITOR).site_ids(Action.REGISTER_CASE) == frozenset()
