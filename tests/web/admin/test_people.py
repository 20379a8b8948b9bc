"""Accounts on screen: made with a one-use link, moved, shut; nobody learns a password."""

import pytest
from flask import Flask

from tests.builders import PASSWORD, make_office, make_site, make_user
from tests.support.pages import Page, PageClient
from worker_legal.domain import access, org
from worker_legal.domain.permissions import Role
from worker_legal.infra.db import db


@pytest.fixture
def centre(app: Flask) -> org.OrgUnit:
    return make_office()


@pytest.fixture
def station(centre: org.OrgUnit) -> org.OrgUnit:
    return make_site(name="东区工会站", parent=centre)


@pytest.fixture
def admin(client: PageClient, centre: org.OrgUnit, station: org.OrgUnit) -> access.User:
    user = make_user(centre, Role.ADMINISTRATOR)
    client.sign_in(user)
    return user


@pytest.fixture
def clerk(station: org.OrgUnit) -> access.User:
    return make_user(station, Role.INTAKE, name="林晓舟")


def _create(client: PageClient, station: org.OrgUnit, **changes: object) -> Page:
    values = {
        "display_name": "林晓舟",
        "username": "lin",
        "site_id": str(station.id),
        "roles": ["intake", "mediator"],
    }
    return client.submit(client.page("/admin/people/new"), {**values, **changes})


def _held(user_id: int) -> set[tuple[Role, int]]:
    db.session.commit()
    grants = access.grants_of(access.get_user(user_id))
    return {(grant.role, grant.org_unit_id) for grant in grants}


def test_a_new_account_comes_with_a_link_that_is_shown_once(
    client: PageClient, admin: access.User, station: org.OrgUnit
) -> None:
    page = _create(client, station)
    address = str(page.one("#one-use")["value"])
    assert address.startswith("http://localhost/welcome#")
    assert page.heading == "一次性链接"
    again = client.page(page.url)
    assert again.soup.select("#one-use") == []
    user = access.use_link(address.split("#")[1], PASSWORD)
    assert _held(user.id) == {(Role.INTAKE, station.id), (Role.MEDIATOR, station.id)}


def test_the_link_is_shown_for_its_own_account_only(
    client: PageClient, admin: access.User, station: org.OrgUnit, clerk: access.User
) -> None:
    page = client.page("/admin/people/new")
    values = {"display_name": "甲", "username": "jia", "site_id": str(station.id)}
    client.submit(page, values, follow=False)
    other = client.page(f"/admin/people/{clerk.id}/link")
    assert other.soup.select("#one-use") == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"display_name": ""}, "display_name"),
        ({"username": ""}, "username"),
        ({"username": "有空格 的"}, "username"),
        ({"username": "x" * 61}, "username"),
        ({"display_name": "长" * 61}, "display_name"),
        ({"site_id": "999999"}, "site_id"),
        ({"roles": ["emperor"]}, "roles"),
    ],
    ids=["no-name", "no-username", "odd-username", "long-username", "long-name", "site", "role"],
)
def test_what_will_not_do_is_named_and_nothing_is_made(
    client: PageClient,
    admin: access.User,
    station: org.OrgUnit,
    changes: dict[str, object],
    field: str,
) -> None:
    before = len(access.users())
    page = _create(client, station, **changes)
    assert page.status == 422
    assert page.soup.select(".error-summary")
    if field != "roles":
        assert page.error_of(field)
    assert len(access.users()) == before


def test_a_taken_name_is_said_at_the_field_and_the_rest_is_kept(
    client: PageClient, admin: access.User, station: org.OrgUnit, clerk: access.User
) -> None:
    page = _create(client, station, username=clerk.username)
    assert page.status == 422
    assert "已经有人用了" in page.error_of("username")
    assert page.one("#display_name")["value"] == "林晓舟"


def test_the_list_shows_people_and_apart_the_names_of_old_ledgers(
    client: PageClient, admin: access.User, clerk: access.User, station: org.OrgUnit
) -> None:
    access.add_nameless_account("吴丽萍", station.id)
    page = client.page("/admin/people")
    assert page.link("林晓舟") == f"/admin/people/{clerk.id}"
    assert page.texts("section h2") == ["工作人员", "只有姓名的经办人"]


def test_a_person_is_moved_with_new_roles(
    client: PageClient, admin: access.User, clerk: access.User, centre: org.OrgUnit
) -> None:
    page = client.page(f"/admin/people/{clerk.id}")
    page = client.submit(page, {"site_id": str(centre.id), "roles": ["auditor"]})
    assert "账号已保存" in page.text
    assert _held(clerk.id) == {(Role.AUDITOR, centre.id)}


def test_a_form_that_somebody_overtook_changes_nothing(
    client: PageClient, admin: access.User, clerk: access.User
) -> None:
    page = client.page(f"/admin/people/{clerk.id}")
    client.submit(page, {"display_name": "林大舟"})
    late = client.submit(page, {"display_name": "林小舟"})
    assert late.status == 409
    db.session.commit()
    assert access.get_user(clerk.id).display_name == "林大舟"


def test_a_further_site_is_added_and_taken_away(
    client: PageClient, admin: access.User, clerk: access.User, centre: org.OrgUnit
) -> None:
    page = client.page(f"/admin/people/{clerk.id}/grant")
    page = client.submit(page, {"role": "lawyer", "site_id": str(centre.id)})
    assert (Role.LAWYER, centre.id) in _held(clerk.id)
    revoke = f"form[action='/admin/people/{clerk.id}/sites/{centre.id}/revoke']"
    client.submit(page, form=revoke)
    assert (Role.LAWYER, centre.id) not in _held(clerk.id)


def test_shutting_an_account_ends_its_sessions(
    client: PageClient, app: Flask, admin: access.User, clerk: access.User
) -> None:
    other = app.test_client()
    assert isinstance(other, PageClient)
    other.sign_in(clerk)
    page = client.page(f"/admin/people/{clerk.id}")
    page = client.submit(page, form=f"form[action='/admin/people/{clerk.id}/disable']")
    assert "已停用" in page.text
    assert other.get("/account").status_code == 302
    client.submit(page, form=f"form[action='/admin/people/{clerk.id}/enable']")
    db.session.commit()
    assert access.get_user(clerk.id).disabled_at is None


def test_a_lost_phone_is_forgotten(
    client: PageClient, admin: access.User, clerk: access.User
) -> None:
    clerk.totp_secret_enc = "sealed"
    page = client.page(f"/admin/people/{clerk.id}")
    client.submit(page, form=f"form[action='/admin/people/{clerk.id}/second-factor/reset']")
    db.session.commit()
    assert not access.has_second_factor(access.get_user(clerk.id))


def test_a_new_link_ends_the_old_one(
    client: PageClient, admin: access.User, clerk: access.User
) -> None:
    first = access.make_link(access.actor_for(admin), clerk)
    page = client.page(f"/admin/people/{clerk.id}/link")
    page = client.submit(page)
    assert page.one("#one-use")
    assert access.find_link(first) is None


def test_the_own_account_offers_nothing_to_change(client: PageClient, admin: access.User) -> None:
    page = client.page(f"/admin/people/{admin.id}")
    assert "请另一位管理员办理" in page.text
    actions = [str(form["action"]) for form in page.soup.select("main form")]
    assert actions == [f"/admin/people/{admin.id}", f"/admin/people/{admin.id}/link"]
    answer = client.submit(page, {"display_name": "皇帝", "roles": ["director"]}, follow=False)
    assert answer.status == 403


def test_people_of_other_sites_do_not_exist_for_a_local_administrator(
    client: PageClient, centre: org.OrgUnit, station: org.OrgUnit
) -> None:
    foreign = make_user(centre, Role.INTAKE)
    client.sign_in(make_user(station, Role.ADMINISTRATOR))
    for address in (f"/admin/people/{foreign.id}", f"/admin/people/{foreign.id}/link"):
        assert client.get(address).status_code == 404
    choices = client.page("/admin/people/new").texts("#site_id option")
    assert choices == ["东区工会站"]


def test_markup_in_a_name_is_shown_as_text(
    client: PageClient, admin: access.User, station: org.OrgUnit
) -> None:
    _create(client, station, display_name="<b onclick=x>张</b>")
    page = client.page("/admin/people")
    assert "<b onclick=x>张</b>" in page.text
