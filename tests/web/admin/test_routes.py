"""The ways outside on screen: set up, tried, kept secret, turned off."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from tests.builders import make_office, make_user
from tests.support.outside import Desk, web_server
from tests.support.pages import Page, PageClient
from worker_legal.domain import org
from worker_legal.domain.permissions import Role
from worker_legal.domain.reminders import Route, routes
from worker_legal.domain.reminders.routes import OfficeRoute
from worker_legal.infra import clock, outward
from worker_legal.infra.db import db, transaction

MAIL = {"is_on": "y", "host": "smtp.office.example", "port": "587", "sender": "a@office.example"}


@pytest.fixture
def admin(app: Flask, client: PageClient) -> PageClient:
    with transaction():
        user = make_user(make_office(), Role.ADMINISTRATOR)
    client.sign_in(user)
    return client


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(outward, "_inner", frozenset({"127.0.0.1"}))
    with web_server() as opened:
        yield opened


def _save(client: PageClient, kind: str, **values: str) -> Page:
    return client.submit(client.page(f"/admin/routes/{kind}"), {"is_on": "y", **values})


def _settings(kind: Route) -> dict[str, str]:
    db.session.rollback()
    return routes.settings_of(db.session.get_one(OfficeRoute, kind))


def test_every_way_is_listed_with_its_state(admin: PageClient) -> None:
    page = admin.page("/admin/routes")
    assert [page.link(route.label) for route in Route]
    assert page.text.count("没有用") == len(Route)


@pytest.mark.parametrize("kind", [route.value for route in Route])
def test_every_way_has_a_page(admin: PageClient, kind: str) -> None:
    assert admin.page(f"/admin/routes/{kind}").status == 200


def test_an_unknown_way_is_not_there(admin: PageClient) -> None:
    assert admin.page("/admin/routes/pigeon").status == 404


def test_a_mail_server_is_set_up(admin: PageClient) -> None:
    page = _save(admin, "email", **MAIL, username="office", password="canary-word")
    assert "已保存" in page.text
    assert "canary-word" not in str(page.soup)
    assert _settings(Route.EMAIL)["password"] == "canary-word"


def test_a_secret_left_empty_stays(admin: PageClient) -> None:
    _save(admin, "email", **MAIL, username="office", password="canary-word")
    _save(admin, "email", **{**MAIL, "port": "465"}, username="office")
    settings = _settings(Route.EMAIL)
    assert (settings["port"], settings["password"]) == ("465", "canary-word")


def test_a_password_is_never_carried_to_another_server(admin: PageClient) -> None:
    _save(admin, "email", **MAIL, username="office", password="canary-word")
    page = _save(admin, "email", **{**MAIL, "host": "evil.example"}, username="office")
    assert page.error_of("password")
    assert _settings(Route.EMAIL)["host"] == "smtp.office.example"


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("email", {**MAIL, "host": ""}, "host"),
        ("email", {**MAIL, "host": "https://smtp.example/"}, "host"),
        ("email", {**MAIL, "port": "0"}, "port"),
        ("email", {**MAIL, "port": "x"}, "port"),
        ("email", {**MAIL, "sender": "nobody"}, "sender"),
        ("wecom", {"url": ""}, "url"),
        ("wecom", {"url": "http://robot.example/"}, "url"),
        ("wecom", {"url": "https://127.0.0.1/"}, "url"),
        ("dingtalk", {"url": "https://[::ffff:10.0.0.1]/"}, "url"),
        ("webhook", {"url": "https://a.example/", "secret": ""}, "secret"),
        ("sms", {"url": "https://a.example/", "secret": "s", "template": "{"}, "template"),
        ("sms", {"url": "https://a.example/", "secret": "s", "template": "{}"}, "template"),
    ],
)
def test_settings_that_will_not_do_are_named(
    admin: PageClient, kind: str, values: dict[str, str], field: str
) -> None:
    page = _save(admin, kind, **values)
    assert (page.status, bool(page.error_of(field))) == (422, True)
    assert db.session.get(OfficeRoute, Route(kind)) is None


def test_a_stale_page_does_not_overwrite(admin: PageClient) -> None:
    _save(admin, "email", **MAIL)
    page = admin.page("/admin/routes/email")
    admin.submit(page, {**MAIL, "port": "465"})
    assert admin.submit(page, {**MAIL, "port": "25"}).status == 409
    assert _settings(Route.EMAIL)["port"] == "465"


def _try(client: PageClient, kind: str, to: str) -> Page:
    return client.submit(client.page(f"/admin/routes/{kind}"), {"to": to}, form="form[action$=try]")


def test_the_test_button_says_that_it_was_accepted(admin: PageClient, desk: Desk) -> None:
    desk.answer = '{"id": "m-77"}'
    _save(admin, "webhook", url=desk.url, secret="canary")
    page = _try(admin, "webhook", "staff-1")
    assert "m-77" in page.text
    assert desk.calls[0].body["to"] == "staff-1"
    assert "试发" in desk.calls[0].body["text"]


def test_the_test_button_says_why_not(admin: PageClient, desk: Desk) -> None:
    _save(admin, "webhook", url=desk.url, secret="canary")
    desk.status = 401
    page = _try(admin, "webhook", "staff-1")
    assert page.status == 422
    assert "服务器不接受密钥或签名" in page.text


def test_the_test_button_refuses_what_is_no_address(admin: PageClient, desk: Desk) -> None:
    _save(admin, "wecom", url=desk.url)
    page = _try(admin, "wecom", "nobody")
    assert page.error_of("to")
    assert desk.calls == []


def test_a_way_that_rests_says_until_when_and_why(admin: PageClient) -> None:
    with transaction():
        way = routes.set_office_route(Route.EMAIL, True, {})
        way.failures, way.last_error = 4, "timeout"
        way.rests_until = clock.now() + timedelta(minutes=5)
    page = admin.page("/admin/routes")
    assert "超过时间没有答复" in page.text
    assert "要处理" in page.text


def test_the_administrator_sees_which_ways_a_person_uses_and_not_where(admin: PageClient) -> None:
    with transaction():
        user = make_user(org.centre(), Role.MEDIATOR)
        routes.set_office_route(Route.EMAIL, True, {})
        routes.set_person_route(user.id, Route.EMAIL, "canary@office.example")
    page = admin.page(f"/admin/people/{user.id}")
    assert "电子邮件" in page.text
    assert "canary" not in str(page.soup)
