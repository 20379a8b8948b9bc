"""The log and the state of the machinery on screen."""

import pytest
from flask import Flask

from tests.builders import make_office, make_site, make_user
from tests.support.pages import PageClient
from worker_legal.domain import access, audit, org, reminders
from worker_legal.domain.permissions import Actor, Role
from worker_legal.infra import clock
from worker_legal.web.admin.words import action_word, detail_words


@pytest.fixture
def centre(app: Flask) -> org.OrgUnit:
    return make_office()


@pytest.fixture
def station(centre: org.OrgUnit) -> org.OrgUnit:
    return make_site(name="东区工会站", parent=centre)


@pytest.fixture
def clerk(station: org.OrgUnit) -> access.User:
    return make_user(station, Role.INTAKE, name="林晓舟", password="柳树下的第七把椅子-42")


def _note(clerk: access.User, action: str, site: org.OrgUnit, **detail: object) -> None:
    audit.record(access.actor_for(clerk, "10.0.0.7"), action, "case", 5, site.path or "", **detail)


def test_the_log_says_who_did_what_and_why(
    client: PageClient, centre: org.OrgUnit, clerk: access.User, station: org.OrgUnit
) -> None:
    _note(clerk, "reveal", station, reason="送达文书")
    client.sign_in(make_user(centre, Role.AUDITOR))
    first = client.page("/admin/audit").texts("tbody tr")
    row = next(words for words in first if "林晓舟" in words)
    assert "查看敏感信息" in row
    assert "案件 5" in row
    assert "送达文书" in row
    assert "10.0.0.7" in row


def test_a_director_reads_the_log_of_the_own_sites(
    client: PageClient, centre: org.OrgUnit, clerk: access.User, station: org.OrgUnit
) -> None:
    other = make_site(parent=centre)
    _note(clerk, "close", station)
    _note(clerk, "void", other)
    client.sign_in(make_user(station, Role.DIRECTOR))
    text = client.page("/admin/audit").text
    assert "结案" in text
    assert "作废案件" not in text


def test_the_log_is_narrowed_by_person_and_day(
    client: PageClient, centre: org.OrgUnit, clerk: access.User, station: org.OrgUnit
) -> None:
    _note(clerk, "close", station)
    client.sign_in(make_user(centre, Role.AUDITOR))
    page = client.submit(client.page("/admin/audit"), {"person": str(clerk.id)})
    assert len(page.texts("tbody tr")) == 1
    page = client.submit(client.page("/admin/audit"), {"last": "2026-11-22"})
    assert "没有记录" in page.text


@pytest.mark.parametrize(
    "values", [{"first": "昨天"}, {"last": "2026-02-30"}, {"person": "999999"}]
)
def test_a_wrong_condition_is_named(
    client: PageClient, centre: org.OrgUnit, values: dict[str, str]
) -> None:
    client.sign_in(make_user(centre, Role.AUDITOR))
    page = client.submit(client.page("/admin/audit"), values)
    assert page.status == 422
    assert page.error_of(next(iter(values)))


def test_a_long_log_is_read_page_by_page(
    client: PageClient, centre: org.OrgUnit, clerk: access.User, station: org.OrgUnit
) -> None:
    for _ in range(120):
        _note(clerk, "close", station)
    client.sign_in(make_user(centre, Role.AUDITOR))
    page = client.page("/admin/audit")
    assert len(page.texts("tbody tr")) == 100
    assert len(client.page(page.link("下一页")).texts("tbody tr")) >= 20


def test_a_word_nobody_knows_is_shown_as_it_is(app: Flask) -> None:
    with app.test_request_context():
        assert action_word("invented") == "invented"
        assert detail_words({"roles": ["intake"], "empty": ""}) == "角色：接访员"
        assert detail_words({"old": {"place": "福建", "confirmed": True}}) == "原来：福建、是"


def test_the_state_of_the_machinery_is_shown(client: PageClient, centre: org.OrgUnit) -> None:
    client.sign_in(make_user(centre, Role.ADMINISTRATOR))
    page = client.page("/admin/jobs")
    assert "SQLite" in page.text
    assert "还没有运行过" in page.text
    assert "完整" in page.text


def test_a_failed_job_is_seen(client: PageClient, centre: org.OrgUnit) -> None:
    reminders.log_run("seal-log", clock.now(), "disk full", is_failure=True)
    client.sign_in(make_user(centre, Role.DIRECTOR))
    [row] = client.page("/admin/jobs").texts("section[aria-labelledby=h-runs] tbody tr")
    assert "封存前一天的操作日志" in row
    assert "失败" in row


def test_a_silent_timetable_is_said_on_the_workbench(
    client: PageClient, centre: org.OrgUnit
) -> None:
    client.sign_in(make_user(centre, Role.DIRECTOR))
    assert "提醒没有正常运行" in client.page("/workbench").text


def test_a_broken_seal_is_named(client: PageClient, centre: org.OrgUnit) -> None:
    audit.record(Actor.system("tests"), "close", "case", 1)
    audit.seal_day(clock.today())
    audit.record(Actor.system("tests"), "slipped in", "case", 1)
    client.sign_in(make_user(centre, Role.ADMINISTRATOR))
    assert "不一致的日子：2026-11-23 周一" in client.page("/admin/jobs").text
