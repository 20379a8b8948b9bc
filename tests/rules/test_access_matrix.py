"""Every address against every role, and against people of another station (threats 3.1)."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.builders import make_actor, make_case, make_office, make_site, make_user
from tests.support.pages import PageClient
from worker_legal.domain import org
from worker_legal.domain.cases import Case
from worker_legal.domain.permissions import GRANTS, Action, Role
from worker_legal.infra.db import transaction
from worker_legal.web.security import FRAMEWORK_ENDPOINTS, PUBLIC, policy_of

PLACE = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")
CASE_ROLES = sorted(set(Role) - {Role.ADMINISTRATOR})
SAMPLES = {"int": "1", "date": "2026-11-23"}


def _address(rule: str, **known: object) -> str:
    return PLACE.sub(lambda p: str(known.get(p[2], SAMPLES.get(p[1] or "", "x"))), rule)


def _guarded(app: Flask) -> Iterator[tuple[str, str, Action]]:
    """Method, rule and action of every endpoint that asks for one."""
    for rule in app.url_map.iter_rules():
        policy = policy_of(app, rule.endpoint)
        if rule.endpoint in FRAMEWORK_ENDPOINTS or policy in {None, PUBLIC}:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield method, rule.rule, Action(policy)


def _send(client: PageClient, method: str, address: str) -> int:
    if method == "GET":
        return client.get(address).status_code
    token = client.page("/").form("form[method=post]").select("input[name=csrf_token]")[0]["value"]
    return client.post(address, data={"csrf_token": token}).status_code


@pytest.fixture
def foreign_case(app: Flask) -> Case:
    """A case of one station; the tests sign in at another."""
    with transaction():
        centre = make_office()
        home = make_site(parent=centre)
        return make_case(home, make_actor(home, Role.INTAKE))


@pytest.mark.parametrize("role", Role)
def test_a_role_is_refused_what_it_is_not_granted(
    app: Flask, client: PageClient, foreign_case: Case, role: Role
) -> None:
    with transaction():
        user = make_user(make_site(parent=org.centre()), role)
    client.sign_in(user)
    reached = []
    for method, rule, action in _guarded(app):
        if action not in GRANTS[role]:
            status = _send(client, method, _address(rule, case_id=foreign_case.id))
            reached += [(method, rule, status)] if status != 403 else []
    assert reached == []


def test_a_case_of_another_station_is_not_there(
    app: Flask, client: PageClient, foreign_case: Case
) -> None:
    with transaction():
        user = make_user(make_site(parent=org.centre()), *CASE_ROLES)
    client.sign_in(user)
    granted = set().union(*(GRANTS[role] for role in CASE_ROLES))
    reached = []
    for method, rule, action in _guarded(app):
        if action in granted and "case_id>" in rule:
            status = _send(client, method, _address(rule, case_id=foreign_case.id))
            reached += [(method, rule, status)] if status != 404 else []
    assert reached == []
