"""The second factor: directors and administrators get nowhere without it (threats A12, A13)."""

import re
from pathlib import Path

import pyotp
import pytest
from flask import Flask

import worker_legal
from tests.builders import make_office, make_user
from tests.support.clocks import TestClock
from tests.support.pages import PageClient
from tests.support.settings import Database, make_settings
from worker_legal.domain import access, org
from worker_legal.domain.permissions import Role
from worker_legal.infra import clock as system_clock
from worker_legal.infra.db import db
from worker_legal.web.security import PUBLIC, policy_of

OPEN = {"account.sign_out", "account.second_factor", "account.enrol"}


@pytest.fixture
def centre(app: Flask) -> org.OrgUnit:
    return make_office()


@pytest.fixture
def director(centre: org.OrgUnit) -> access.User:
    return make_user(centre, Role.DIRECTOR)


def _code(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).generate_otp(int(system_clock.now().timestamp()) // 30 + steps)


def _enrolled(user: access.User, clock: TestClock) -> str:
    secret = access.new_totp_secret()
    access.enrol_totp(user, secret, _code(secret))
    clock.advance(minutes=2)
    return secret


def test_without_a_second_factor_every_page_leads_to_the_enrolment(
    app: Flask, client: PageClient, director: access.User
) -> None:
    client.sign_in(director, second_factor=False)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    reached = []
    for rule in app.url_map.iter_rules():
        if policy_of(app, rule.endpoint) in {None, PUBLIC} or rule.endpoint in OPEN:
            continue
        address = re.sub(r"<int:[^>]+>", "1", rule.rule)
        address = re.sub(r"<[^>]+>", "x", address)
        for method in (rule.methods or set()) & {"GET", "POST"}:
            answer = client.open(address, method=method)
            if not answer.headers.get("Location", "").startswith("/second-factor"):
                reached.append((method, address, answer.status_code))
    assert reached == []


def test_a_phone_is_joined_by_its_first_code(client: PageClient, director: access.User) -> None:
    client.sign_in(director, second_factor=False)
    page = client.page("/account")
    assert page.url == "/second-factor/new"
    secret = page.one(".secret code").text.replace(" ", "")
    page = client.submit(page, {"code": _code(secret)})
    assert page.url == "/account"
    assert access.has_second_factor(access.get_user(director.id))


def test_the_picture_for_the_phone_is_part_of_the_page(
    client: PageClient, director: access.User
) -> None:
    client.sign_in(director, second_factor=False)
    picture = client.page("/second-factor/new").one(".qr-screen img")
    assert str(picture["src"]).startswith("data:image/svg+xml")


def test_a_wrong_first_code_keeps_the_secret_that_was_scanned(
    client: PageClient, director: access.User
) -> None:
    client.sign_in(director, second_factor=False)
    page = client.page("/second-factor/new")
    again = client.submit(page, {"code": "000000"})
    assert again.status == 422
    assert again.error_of("code")
    assert again.one(".secret code").text == page.one(".secret code").text


def test_a_new_session_starts_after_the_second_factor(
    client: PageClient, director: access.User, clock: TestClock
) -> None:
    secret = _enrolled(director, clock)
    client.sign_in(director, second_factor=False)
    with client.session_transaction() as session:
        before = session["_user_id"]
    page = client.page("/statistics")
    assert page.url == "/second-factor"
    page = client.submit(page, {"code": _code(secret)})
    assert page.url == "/statistics"
    assert access.find_session(before) is None


def test_a_code_is_good_for_one_session(
    client: PageClient, app: Flask, director: access.User, clock: TestClock
) -> None:
    secret = _enrolled(director, clock)
    client.sign_in(director, second_factor=False)
    client.submit(client.page("/second-factor"), {"code": _code(secret)})
    second = app.test_client()
    assert isinstance(second, PageClient)
    second.sign_in(director, second_factor=False)
    page = second.submit(second.page("/second-factor"), {"code": _code(secret)})
    assert page.status == 422
    assert "动态码不对" in page.error_of("code")


def test_a_wrong_code_is_counted(
    client: PageClient, director: access.User, clock: TestClock
) -> None:
    secret = _enrolled(director, clock)
    client.sign_in(director, second_factor=False)
    for _ in range(5):
        client.submit(client.page("/second-factor"), {"code": "000000"})
    page = client.submit(client.page("/second-factor"), {"code": _code(secret)})
    assert "试的次数太多" in page.error_of("code")


def test_a_clerk_who_has_joined_a_phone_is_asked_too(
    client: PageClient, centre: org.OrgUnit, clock: TestClock
) -> None:
    clerk = make_user(centre, Role.INTAKE)
    _enrolled(clerk, clock)
    client.sign_in(clerk, second_factor=False)
    assert client.page("/account").url == "/second-factor"


def test_a_clerk_without_a_phone_is_not_asked(client: PageClient, centre: org.OrgUnit) -> None:
    client.sign_in(make_user(centre, Role.INTAKE), second_factor=False)
    assert client.page("/account").url == "/account"


def test_a_joined_phone_cannot_be_replaced_by_the_password_alone(
    client: PageClient, director: access.User, clock: TestClock
) -> None:
    _enrolled(director, clock)
    client.sign_in(director, second_factor=False)
    assert client.page("/second-factor/new").url == "/second-factor"


def test_in_the_demonstration_directors_may_do_without(
    database: Database, tmp_path: Path, clock: TestClock
) -> None:
    app = worker_legal.create_app(make_settings(database.url, tmp_path, demo=True))
    app.test_client_class = PageClient
    with app.app_context():
        client = app.test_client()
        assert isinstance(client, PageClient)
        client.sign_in(make_user(make_office(), Role.DIRECTOR), second_factor=False)
        assert client.page("/account").url == "/account"
        db.session.remove()
        db.engine.dispose()
