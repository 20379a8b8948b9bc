"""Setting the office up on a fresh installation, and keeping its tree of sites."""

import pytest
from flask import Flask

from tests.builders import make_office, make_site, make_user
from tests.support.pages import Page, PageClient
from worker_legal.domain import access, org
from worker_legal.domain.permissions import Role
from worker_legal.infra.db import db
from worker_legal.law.enums import OrgKind, Stage


@pytest.fixture
def centre(app: Flask, client: PageClient) -> org.OrgUnit:
    centre = make_office()
    client.sign_in(make_user(centre, Role.ADMINISTRATOR))
    return centre


@pytest.fixture
def station(centre: org.OrgUnit) -> org.OrgUnit:
    return make_site(name="东区工会站", parent=centre)


def _add(client: PageClient, parent: org.OrgUnit, **changes: object) -> Page:
    page = client.page("/admin/office/sites/new", query_string={"under": parent.id})
    return client.submit(page, {"name": "鞋服调解室", "code": "R9", **changes})


def _units() -> dict[str, org.OrgUnit]:
    db.session.commit()
    return {unit.name: unit for unit in org.tree()}


def test_the_first_administrator_is_led_through_the_set_up(app: Flask, client: PageClient) -> None:
    client.sign_in(access.make_first_administrator("admin", "周管理", "法律服务中心"))
    page = client.page("/")
    assert page.heading == "设置本单位"
    values = {"name": "东区职工法律服务中心", "prefix": "东援", "public_url": "https://a.example"}
    page = client.submit(page, values)
    assert page.heading == "单位设置"
    assert "https://a.example/s" in page.text
    assert "东区职工法律服务中心" in _units()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"prefix": ""}, "prefix"),
        ({"prefix": "有 空格"}, "prefix"),
        ({"prefix": "括〔号"}, "prefix"),
        ({"name": "长" * 81}, "name"),
        ({"public_url": "a.example"}, "public_url"),
        ({"public_url": "javascript:alert(1)"}, "public_url"),
        ({"public_url": "https://a.example/path"}, "public_url"),
        ({"public_url": "https://user@a.example"}, "public_url"),
    ],
    ids=["name", "prefix", "space", "bracket", "long", "bare", "script", "path", "user"],
)
def test_particulars_that_will_not_do_are_named(
    client: PageClient, centre: org.OrgUnit, changes: dict[str, str], field: str
) -> None:
    page = client.submit(client.page("/admin/office/edit"), changes)
    assert page.status == 422
    assert page.error_of(field)
    db.session.commit()
    assert org.get_office().prefix == "示援"


def test_a_stale_form_does_not_overwrite_the_particulars(
    client: PageClient, centre: org.OrgUnit
) -> None:
    page = client.page("/admin/office/edit")
    client.submit(page, {"phone": "0595-1"})
    assert client.submit(page, {"phone": "0595-2"}).status == 409
    db.session.commit()
    assert org.get_office().phone == "0595-1"


def test_a_site_is_added_below_another(
    client: PageClient, centre: org.OrgUnit, station: org.OrgUnit
) -> None:
    page = _add(client, station, phone="0595-3", services=["mediation"])
    assert "站点已添加" in page.text
    room = _units()["鞋服调解室"]
    assert (room.kind, room.parent_id, room.phone) == (OrgKind.ROOM, station.id, "0595-3")
    assert room.stages == (Stage.MEDIATION,)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"code": ""}, "code"),
        ({"code": "中文"}, "code"),
        ({"kind": "station"}, "parent_id"),
        ({"kind": "castle"}, "kind"),
        ({"parent_id": "999999"}, "parent_id"),
    ],
    ids=["name", "code", "odd-code", "level", "kind", "parent"],
)
def test_a_site_that_will_not_do_is_not_added(
    client: PageClient,
    centre: org.OrgUnit,
    station: org.OrgUnit,
    changes: dict[str, str],
    field: str,
) -> None:
    page = _add(client, station, **changes)
    assert page.status == 422
    assert page.error_of(field)
    assert "鞋服调解室" not in _units()


def test_a_taken_code_is_said_at_the_field(
    client: PageClient, centre: org.OrgUnit, station: org.OrgUnit
) -> None:
    page = _add(client, station, code=station.code)
    assert "已经用过" in page.error_of("code")


def test_a_site_is_changed(client: PageClient, station: org.OrgUnit) -> None:
    page = client.page(f"/admin/office/sites/{station.id}")
    values = {"name": "东区站", "hours": "9-17", "services": ["consultation"]}
    client.submit(page, values, form="form.panel")
    unit = _units()["东区站"]
    assert (unit.hours, unit.stages) == ("9-17", (Stage.CONSULTATION,))


def test_a_site_is_moved(client: PageClient, centre: org.OrgUnit, station: org.OrgUnit) -> None:
    west = make_site(name="西区工会站", parent=centre)
    room = make_site(OrgKind.ROOM, "调解室", station)
    page = client.page(f"/admin/office/sites/{room.id}/move")
    client.submit(page, {"parent_id": str(west.id)})
    assert _units()["调解室"].parent_id == west.id


def test_a_site_is_not_offered_its_own_children(client: PageClient, station: org.OrgUnit) -> None:
    make_site(OrgKind.ROOM, "调解室", station)
    page = client.page(f"/admin/office/sites/{station.id}/move")
    assert page.texts("#parent_id option") == ["示例区职工法律服务中心"]


def test_a_site_is_closed_and_opened_again(client: PageClient, station: org.OrgUnit) -> None:
    page = client.page(f"/admin/office/sites/{station.id}")
    client.submit(page, form=f"form[action='/admin/office/sites/{station.id}/retire']")
    assert _units()["东区工会站"].retired_on
    page = client.page(f"/admin/office/sites/{station.id}")
    client.submit(page, form=f"form[action='/admin/office/sites/{station.id}/reopen']")
    assert _units()["东区工会站"].retired_on is None


def test_the_centre_cannot_be_closed(client: PageClient, centre: org.OrgUnit) -> None:
    page = client.page(f"/admin/office/sites/{centre.id}")
    assert page.soup.select("form[action$='/retire']") == []


def test_the_overview_shows_the_tree(
    client: PageClient, centre: org.OrgUnit, station: org.OrgUnit
) -> None:
    page = client.page("/admin/office")
    assert page.link("东区工会站") == f"/admin/office/sites/{station.id}"
    assert "示援" in page.text
