"""Signing in and out, one's own password, the one-use link, the language."""

import re

import pytest
from flask import Flask

from tests.builders import PASSWORD, make_actor, make_office, make_user
from tests.support.clocks import TestClock
from tests.support.pages import Page, PageClient
from worker_legal.domain import access, audit, org
from worker_legal.domain.permissions import Actor, Role
from worker_legal.infra.db import db

BETTER = "葡萄架下有三只灰鸽子在睡觉"
WRONG = "错的密码错的密码错的密码"


@pytest.fixture
def centre(app: Flask) -> org.OrgUnit:
    return make_office("开发区职工法律服务中心")


@pytest.fixture
def clerk(centre: org.OrgUnit) -> access.User:
    return make_user(centre, Role.INTAKE, name="林晓舟", password=PASSWORD)


@pytest.fixture
def admin(centre: org.OrgUnit) -> Actor:
    return make_actor(centre, Role.ADMINISTRATOR)


def _sign_in(client: PageClient, username: str, password: str, **query: str) -> Page:
    page = client.page("/sign-in", query_string=query)
    return client.submit(page, {"username": username, "password": password})


def _link_page(client: PageClient, token: str, password: str, again: str = "") -> Page:
    values = {"token": token, "password": password, "again": again or password}
    return client.submit(client.page("/welcome"), values)


def _actions() -> list[str]:
    db.session.commit()
    return [row.action for row in db.session.query(audit.AuditEntry).order_by(audit.AuditEntry.id)]


# --- signing in --------------------------------------------------------------------


def test_the_door_names_the_office(client: PageClient, centre: org.OrgUnit) -> None:
    page = client.page("/sign-in")
    assert "开发区职工法律服务中心" in page.text
    assert page.link("看办到哪里了") == "/s"


def test_a_right_password_leads_to_the_workbench(client: PageClient, clerk: access.User) -> None:
    page = _sign_in(client, clerk.username, PASSWORD)
    assert page.url == "/workbench"
    assert "林晓舟" in page.text
    assert "sign_in" in _actions()


def test_one_goes_on_to_the_page_one_wanted(client: PageClient, clerk: access.User) -> None:
    page = client.page("/account")
    assert page.url == "/sign-in"
    page = client.submit(page, {"username": clerk.username, "password": PASSWORD})
    assert page.url == "/account"


@pytest.mark.parametrize("name", ["known", "unknown", "shut"])
def test_every_refusal_reads_the_same(
    client: PageClient, clerk: access.User, admin: Actor, name: str
) -> None:
    if name == "shut":
        access.disable_user(admin, clerk)
    typed = "nobody" if name == "unknown" else clerk.username
    page = _sign_in(client, typed, PASSWORD if name == "shut" else WRONG)
    seen = re.sub(r'value="[^"]*"', "", str(page.soup.main))
    expected = _sign_in(client, "somebody-else", WRONG)
    assert page.status == 422
    assert page.texts(".error-summary li") == ["用户名或密码不对"]
    assert seen == re.sub(r'value="[^"]*"', "", str(expected.soup.main))


def test_the_password_is_never_sent_back(client: PageClient, clerk: access.User) -> None:
    page = _sign_in(client, clerk.username, WRONG)
    assert WRONG not in str(page.soup)
    assert page.one("input[name=username]")["value"] == clerk.username


def test_a_failure_is_counted_although_the_page_was_refused(
    client: PageClient, clerk: access.User
) -> None:
    for _ in range(5):
        _sign_in(client, clerk.username, WRONG)
    page = _sign_in(client, clerk.username, PASSWORD)
    assert page.status == 429
    assert "请过1分钟再登录" in page.text


def test_after_the_wait_the_right_password_opens(
    client: PageClient, clerk: access.User, clock: TestClock
) -> None:
    for _ in range(5):
        _sign_in(client, clerk.username, WRONG)
    clock.advance(minutes=1)
    assert _sign_in(client, clerk.username, PASSWORD).url == "/workbench"


@pytest.mark.parametrize("field", ["username", "password"])
def test_an_empty_field_is_named(client: PageClient, clerk: access.User, field: str) -> None:
    values = {"username": clerk.username, "password": PASSWORD, field: ""}
    page = client.submit(client.page("/sign-in"), values)
    assert page.status == 422
    assert page.error_of(field)


def test_a_fresh_installation_has_no_password_to_guess(client: PageClient, app: Flask) -> None:
    for name, password in [("admin", "admin"), ("admin", "password"), ("root", "123456")]:
        assert _sign_in(client, name, password).url == "/sign-in"
    assert access.users() == []


# --- sessions ------------------------------------------------------------------------


def test_signing_in_makes_a_new_session_and_ends_the_planted_one(
    client: PageClient, clerk: access.User, admin: Actor
) -> None:
    other = access.get_user(admin.user_id or 0)
    client.sign_in(other)
    with client.session_transaction() as session:
        planted = session["_user_id"]
    page = Page(client.get("/sign-in"))
    assert page.status == 302
    client.submit(client.page("/account"), form="form.signout, .topbar form[action='/sign-out']")
    _sign_in(client, clerk.username, PASSWORD)
    with client.session_transaction() as session:
        assert session["_user_id"] != planted
    assert access.find_session(planted) is None


def test_signing_in_over_a_live_session_ends_it(
    client: PageClient, clerk: access.User, admin: Actor
) -> None:
    page = client.page("/sign-in")
    client.sign_in(access.get_user(admin.user_id or 0))
    with client.session_transaction() as session:
        planted = session["_user_id"]
        session["csrf_token"] = session.get("csrf_token", "")
    values = {"username": clerk.username, "password": PASSWORD}
    client.submit(page, values)
    assert access.find_session(planted) is None


def test_signing_out_is_for_good(client: PageClient, clerk: access.User) -> None:
    client.sign_in(clerk)
    cookie = client.get_cookie("wl")
    assert cookie is not None
    kept = cookie.value
    client.submit(client.page("/account"), form=".signout")
    client.set_cookie("wl", kept)
    assert client.get("/account").headers["Location"].startswith("/sign-in")
    assert "sign_out" in _actions()


def test_a_quarter_of_an_hour_of_silence_asks_for_the_password_again(
    client: PageClient, clerk: access.User, clock: TestClock
) -> None:
    client.sign_in(clerk)
    assert client.page("/account").url == "/account"
    clock.advance(minutes=15)
    page = client.page("/account")
    assert page.url == "/sign-in"
    page = client.submit(page, {"username": clerk.username, "password": PASSWORD})
    assert page.url == "/account"


def test_work_keeps_the_session_awake(
    client: PageClient, clerk: access.User, clock: TestClock
) -> None:
    client.sign_in(clerk)
    for _ in range(3):
        clock.advance(minutes=10)
        assert client.page("/account").url == "/account"


def test_a_shut_account_is_out_at_the_next_click(
    client: PageClient, clerk: access.User, admin: Actor
) -> None:
    client.sign_in(clerk)
    access.disable_user(admin, clerk)
    assert client.page("/account").url == "/sign-in"


def test_a_changed_role_is_felt_at_the_next_click(
    client: PageClient, clerk: access.User, admin: Actor
) -> None:
    client.sign_in(clerk)
    assert client.get("/cases/new").status_code == 200
    new = access.NewUser(clerk.username, "林晓舟", clerk.org_unit_id, (Role.AUDITOR,))
    access.change_user(admin, clerk, new, clerk.version)
    assert client.get("/cases/new").status_code == 403


def test_the_form_of_an_ended_session_leads_back_to_its_page(
    client: PageClient, clerk: access.User, clock: TestClock
) -> None:
    client.sign_in(clerk)
    page = client.page("/account/password")
    clock.advance(hours=1)
    page = client.submit(page, {"old": PASSWORD})
    assert page.url == "/sign-in"
    assert page.one("#next")["value"] == "/account/password"


# --- password ------------------------------------------------------------------------


def test_changing_the_password_ends_the_other_sessions_only(
    client: PageClient, app: Flask, clerk: access.User
) -> None:
    others = [app.test_client() for _ in range(4)]
    for other in others:
        other.sign_in(clerk)  # type: ignore[attr-defined]
    client.sign_in(clerk)
    page = client.page("/account/password")
    page = client.submit(page, {"old": PASSWORD, "password": BETTER, "again": BETTER})
    assert page.url == "/account"
    assert [other.get("/account").status_code for other in others] == [302] * 4
    assert "change_password" in _actions()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"old": WRONG, "password": BETTER, "again": BETTER}, "old"),
        ({"old": PASSWORD, "password": "short", "again": "short"}, "password"),
        ({"old": PASSWORD, "password": BETTER, "again": BETTER + "!"}, "again"),
        ({"old": PASSWORD, "password": "x" * 201, "again": "x" * 201}, "password"),
    ],
    ids=["wrong-old", "weak", "different", "too-long"],
)
def test_a_password_that_will_not_do_changes_nothing(
    client: PageClient, clerk: access.User, values: dict[str, str], field: str
) -> None:
    client.sign_in(clerk)
    page = client.submit(client.page("/account/password"), values)
    assert page.status == 422
    assert page.error_of(field)
    assert access.sign_in(clerk.username, PASSWORD, "10.0.0.9").user is not None


def test_one_can_sign_out_everywhere_else(
    client: PageClient, app: Flask, clerk: access.User
) -> None:
    other = app.test_client()
    other.sign_in(clerk)  # type: ignore[attr-defined]
    client.sign_in(clerk)
    page = client.page("/account")
    assert "1处登录着" in page.text
    page = client.submit(page, form="form[action='/account/sessions/end']")
    assert page.url == "/account"
    assert other.get("/account").status_code == 302


# --- one-use link ----------------------------------------------------------------------


def test_a_link_sets_the_password_and_leads_to_the_door(
    client: PageClient, centre: org.OrgUnit, admin: Actor
) -> None:
    user = make_user(centre, Role.INTAKE)
    page = _link_page(client, access.make_link(admin, user), BETTER)
    assert page.url == "/sign-in"
    assert "密码已设好" in page.text
    assert _sign_in(client, user.username, BETTER).url == "/workbench"


def test_a_link_works_once(client: PageClient, clerk: access.User, admin: Actor) -> None:
    token = access.make_link(admin, clerk)
    _link_page(client, token, BETTER)
    page = _link_page(client, token, BETTER + "了")
    assert page.status == 422
    assert "链接已用过或已过期" in page.error_of("token")


def test_an_invented_link_opens_nothing(client: PageClient, clerk: access.User) -> None:
    page = _link_page(client, "A" * 43, BETTER)
    assert "链接已用过或已过期" in page.error_of("token")


@pytest.mark.parametrize("weak", ["short", "passwordpassword", "开发区职工法律服务中心2026"])
def test_a_weak_password_is_refused_and_the_link_stays_good(
    client: PageClient, clerk: access.User, admin: Actor, weak: str
) -> None:
    token = access.make_link(admin, clerk)
    page = _link_page(client, token, weak)
    assert page.error_of("password")
    assert access.find_link(token)


def test_the_secret_of_a_link_is_in_no_address(client: PageClient, centre: org.OrgUnit) -> None:
    page = client.page("/welcome")
    assert page.form()["action"] == "/welcome"
    assert page.form()["method"] == "post"


# --- language ----------------------------------------------------------------------------


def test_the_language_is_changed_and_kept_at_the_door(
    client: PageClient, clerk: access.User
) -> None:
    client.submit(client.page("/sign-in"), {"lang": "en"}, form="form[action='/language']")
    assert client.page("/sign-in").one("html")["lang"] == "en"
    page = _sign_in(client, clerk.username, PASSWORD)
    assert page.one("html")["lang"] == "en"


def test_a_person_keeps_the_language_on_another_computer(
    client: PageClient, app: Flask, clerk: access.User
) -> None:
    client.sign_in(clerk)
    client.submit(client.page("/account"), {"lang": "en"}, form=".langform")
    second = app.test_client()
    assert isinstance(second, PageClient)
    assert _sign_in(second, clerk.username, PASSWORD).one("html")["lang"] == "en"


def test_an_unknown_language_changes_nothing(client: PageClient, centre: org.OrgUnit) -> None:
    client.submit(client.page("/sign-in"), {"lang": "xx"}, form="form[action='/language']")
    assert client.page("/sign-in").one("html")["lang"] == "zh-CN"


def test_changing_the_language_stays_on_the_page(client: PageClient, clerk: access.User) -> None:
    client.sign_in(clerk)
    page = client.submit(client.page("/account"), {"lang": "en"}, form=".langform")
    assert page.url == "/account"


# --- my account ----------------------------------------------------------------------------


def test_my_account_shows_roles_and_sites(client: PageClient, clerk: access.User) -> None:
    client.sign_in(clerk)
    page = client.page("/account")
    assert "接访员" in page.text
    assert "开发区职工法律服务中心" in page.text


def test_the_frame_offers_what_a_person_may_open(client: PageClient, clerk: access.User) -> None:
    client.sign_in(clerk)
    words = client.page("/account").texts(".rail a")
    assert "登记" in words
    assert "账号" not in words
