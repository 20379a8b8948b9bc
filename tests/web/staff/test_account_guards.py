"""What holds on every address: rights by role, forged forms, copied cookies, headers, `next`."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

import worker_legal
from tests.builders import PASSWORD, make_case, make_office, make_user
from tests.support.clocks import TestClock
from tests.support.pages import PageClient
from tests.support.settings import Database, make_settings
from worker_legal.domain import access, org
from worker_legal.domain.permissions import GRANTS, Action, Role
from worker_legal.infra.db import Base, db, transaction
from worker_legal.web.security import FRAMEWORK_ENDPOINTS, PUBLIC, policy_of, safe_next

MISSING = "999999"
LIVING_TABLES = {"web_session", "throttle", "audit_entry", "portal_session", "submit_token"}
FORGED_NEXT = [
    "//evil.example",
    "///evil.example",
    "////evil.example/x",
    "/////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "\\/\\/evil.example",
    "https://evil.example",
    "http:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "HTTPS://evil.example/x",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "/\r\nLocation: https://evil.example",
    "\x00//evil.example",
    " //evil.example",
    "evil.example",
    "?next=//evil.example",
    "",
]


def _rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in FRAMEWORK_ENDPOINTS]


def _address(rule: Rule, number: str = MISSING) -> str:
    return re.sub(r"<[^>]+>", "x", re.sub(r"<int:[^>]+>", number, rule.rule))


def _requests(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Every method and address of the staff's faces with the right it asks for."""
    for rule in _rules(app):
        policy = policy_of(app, rule.endpoint) or ""
        if policy != PUBLIC:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, _address(rule), policy


@pytest.fixture
def centre(app: Flask) -> org.OrgUnit:
    return make_office()


@pytest.fixture
def clerk(centre: org.OrgUnit) -> access.User:
    return make_user(centre, Role.INTAKE, password=PASSWORD)


# --- rights ----------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_the_table_grants_and_nothing_else(
    app: Flask, client: PageClient, centre: org.OrgUnit, role: Role
) -> None:
    user = make_user(centre, role)
    client.checks_pages = False
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    wrong = []
    for method, address, policy in _requests(app):
        client.sign_in(user)
        answer = client.open(address, method=method)
        granted = Action(policy) in GRANTS[role]
        if (answer.status_code == 403) is granted or answer.status_code >= 500:
            wrong.append((method, address, policy, answer.status_code))
    assert wrong == []


def test_a_person_without_a_role_opens_nothing(
    app: Flask, client: PageClient, centre: org.OrgUnit
) -> None:
    user = make_user(centre)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    for method, address, _ in _requests(app):
        client.sign_in(user)
        assert client.open(address, method=method).status_code == 403, address


# --- forged forms (A17) --------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "forged"])
def test_no_form_is_taken_without_its_secret(
    app: Flask, client: PageClient, clerk: access.User, token: str
) -> None:
    client.sign_in(clerk)
    taken = []
    for rule in _rules(app):
        if "POST" in (rule.methods or set()):
            answer = client.post(_address(rule), data={"csrf_token": token})
            if answer.status_code != 400:
                taken.append((rule.rule, answer.status_code))
    assert taken == []


@pytest.mark.parametrize("role", [Role.INTAKE, Role.DIRECTOR, Role.ADMINISTRATOR])
def test_looking_changes_nothing(
    app: Flask, client: PageClient, centre: org.OrgUnit, role: Role
) -> None:
    make_case(centre)
    client.sign_in(make_user(centre, role))
    client.checks_pages = False
    before = _rows()
    for rule in _rules(app):
        if "GET" in (rule.methods or set()):
            client.get(_address(rule, "1"))
    assert _rows() == before


def _rows() -> dict[str, list[str]]:
    db.session.commit()
    return {
        name: sorted(repr(row) for row in db.session.execute(sa.select(table)))
        for name, table in Base.metadata.tables.items()
        if name not in LIVING_TABLES
    }


# --- copied cookies (A8) ----------------------------------------------------------------


def test_a_copied_cookie_opens_nothing_after_signing_out(
    app: Flask, client: PageClient, clerk: access.User
) -> None:
    client.sign_in(clerk)
    client.page("/account")
    cookie = client.get_cookie("wl")
    assert cookie is not None
    client.submit(client.page("/account"), form=".signout")
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    reached = []
    for method, address, _ in _requests(app):
        client.set_cookie("wl", cookie.value)
        answer = client.open(address, method=method)
        if answer.status_code != 302 or "/sign-in" not in answer.headers["Location"]:
            reached.append((method, address, answer.status_code))
    assert reached == []


# --- one count for all processes (A3) ----------------------------------------------------


def test_four_processes_count_together(
    app: Flask,
    database: Database,
    tmp_path: Path,
    clerk: access.User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checked: list[str] = []
    monkeypatch.setattr(
        "worker_legal.domain.access.attempts.matches", lambda *_: bool(checked.append("x"))
    )
    name = clerk.username
    db.session.commit()
    apps = [worker_legal.create_app(make_settings(database.url, tmp_path)) for _ in range(4)]
    for turn in range(100):
        with apps[turn % 4].app_context(), transaction():
            access.sign_in(name, "wrong", "10.0.0.1")
    for other in apps:
        with other.app_context():
            db.engine.dispose()
    assert len(checked) == access.TRIES


# --- where to go on (A18) ----------------------------------------------------------------


@pytest.mark.parametrize("target", FORGED_NEXT)
def test_nobody_is_sent_to_a_foreign_page(target: str) -> None:
    assert safe_next(target, "/home") == "/home"


@pytest.mark.parametrize("target", ["/", "/cases?stage=mediation&q=%E5%BC%A0", "/cases/1#date-3"])
def test_a_page_of_our_own_is_gone_on_to(target: str) -> None:
    assert safe_next(target, "/home") == target


@pytest.mark.parametrize("target", FORGED_NEXT)
def test_the_door_sends_nobody_away(client: PageClient, clerk: access.User, target: str) -> None:
    client.sign_in(clerk)
    answer = client.get("/sign-in", query_string={"next": target})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/")
    assert "evil" not in answer.headers["Location"]


# --- cookies and headers (A19) --------------------------------------------------------------


def test_the_cookie_is_bound_to_the_host_and_hidden_from_scripts(
    database: Database, tmp_path: Path, clock: TestClock
) -> None:
    app = worker_legal.create_app(make_settings(database.url, tmp_path, secure_cookies=True))
    app.test_client_class = PageClient
    with app.app_context():
        user = make_user(make_office(), Role.INTAKE, password=PASSWORD)
        db.session.commit()
        answer = app.test_client().get("/sign-in", base_url="https://localhost")
        [cookie] = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-wl=")]
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        assert answer.headers["Strict-Transport-Security"]
        assert user.id
        db.session.remove()
        db.engine.dispose()


def test_no_answer_of_ours_is_kept_by_a_cache(
    app: Flask, client: PageClient, clerk: access.User
) -> None:
    client.sign_in(clerk)
    client.checks_pages = False
    kept = []
    for rule in _rules(app):
        answer = client.open(_address(rule), method="GET")
        headers = answer.headers
        if headers.get("Cache-Control") != "no-store" or "Cookie" not in headers.get("Vary", ""):
            kept.append(rule.rule)
    assert kept == []


@pytest.mark.parametrize("address", ["/sign-in", "/no-such-page", "/cases", "/static/app.css"])
def test_every_answer_carries_the_safe_headers(
    client: PageClient, centre: org.OrgUnit, address: str
) -> None:
    with client.get(address) as answer:
        headers = answer.headers
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


# --- passwords of others (A16) ----------------------------------------------------------------


def test_no_page_of_the_administrator_takes_a_password(
    app: Flask, client: PageClient, centre: org.OrgUnit
) -> None:
    client.sign_in(make_user(centre, Role.ADMINISTRATOR))
    other = make_user(centre, Role.INTAKE)
    db.session.commit()
    for rule in _rules(app):
        if rule.rule.startswith("/admin") and "GET" in (rule.methods or set()):
            page = client.page(_address(rule, str(other.id)))
            assert page.soup.select("input[type=password]") == []
