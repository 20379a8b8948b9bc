"""Exports with identifiers: a reason, a second person above 200, a mark on every sheet, a log."""

import csv
import io
import threading
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support.clocks import TestClock
from tests.support.pages import Page, PageClient
from worker_legal.config import Settings
from worker_legal.domain import access, audit, org, parties
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.statistics import exporting
from worker_legal.domain.statistics.exporting import ExportState
from worker_legal.infra.db import db, transaction
from worker_legal.infra.spreadsheets import read_workbook
from worker_legal.jobs import schedule

NEW = "/exports/new?status=open"
REASON = "报市总工会困难职工名册"
LEADS = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]
NUMBER = make.make_id_number(date(1990, 1, 1), 777)


@pytest.fixture
def director(app: Flask, client: PageClient) -> PageClient:
    """The director of a centre with one case of one worker, whose number and phone are known."""
    with transaction():
        centre = make.make_office("示例中心")
        worker = make.make_party("欧阳小桃", 1_234_567, id_no=NUMBER, phone="13800000001")
        make.make_case(centre, workers=[worker])
        user = make.make_user(centre, Role.DIRECTOR, name="陈主任")
    client.sign_in(user)
    return client


def _second(role: Role = Role.DIRECTOR, site: org.OrgUnit | None = None) -> access.User:
    with transaction():
        return make.make_user(site or org.centre(), role, name="林副主任")


def wait_for_exports() -> None:
    """Wait until the threads that make exports are done."""
    for thread in threading.enumerate():
        if thread.name.startswith("export-"):
            thread.join(60)


def _ask(client: PageClient, address: str = NEW, **values: str) -> Page:
    page = client.submit(client.page(address), {"kind": "xlsx", **values})
    wait_for_exports()
    return page


def _ask_in_clear(client: PageClient, **values: str) -> Page:
    return _ask(client, has_identifiers="y", **{"reason": REASON, **values})


def _last() -> exporting.ExportJob:
    query = sa.select(exporting.ExportJob).order_by(exporting.ExportJob.id.desc()).limit(1)
    db.session.expire_all()
    return db.session.scalars(query).one()


def _file(client: PageClient) -> bytes:
    answer = client.get(f"/exports/{_last().id}/file")
    assert answer.status_code == 200
    return answer.data


def _log(action: str) -> list[audit.AuditEntry]:
    query = sa.select(audit.AuditEntry).where(audit.AuditEntry.action == action)
    return list(db.session.scalars(query))


# --- what the file holds ------------------------------------------------------------------


def test_without_identifiers_it_needs_no_reason_and_names_are_masked(
    director: PageClient,
) -> None:
    _ask(director)
    [sheet] = read_workbook(_file(director))
    assert sheet.rows[1][4] == "欧***"
    assert NUMBER not in str(sheet.rows)


def test_with_identifiers_it_names_everybody_under_a_mark(director: PageClient) -> None:
    _ask_in_clear(director)
    cases, people = read_workbook(_file(director))
    for sheet in (cases, people):
        assert all(part in sheet.rows[0][0] for part in ("陈主任", "2026-11-23 09:30", REASON))
    assert cases.rows[2][4] == "欧阳小桃"
    assert people.rows[2][3:] == [
        "欧阳小桃",
        "居民身份证",
        NUMBER,
        "13800000001",
        12345.67,
    ]


def test_a_csv_with_identifiers_ends_with_the_mark(director: PageClient) -> None:
    _ask_in_clear(director, kind="csv")
    rows = list(csv.reader(io.StringIO(_file(director).decode("utf-8-sig"), newline="")))
    assert rows[1][5] == NUMBER
    assert REASON in rows[-1][0]


def test_the_page_of_a_running_export_speaks_to_its_script(director: PageClient) -> None:
    _ask(director)
    told = director.get(f"/exports/{_last().id}/state").get_json()
    assert told == {"percent": 100, "words": "已生成1 / 1件", "ended": True}


def test_the_cases_are_those_of_the_filter_or_of_the_period(director: PageClient) -> None:
    _ask(director, "/exports/new?status=closed")
    assert _last().cases == 0
    _ask(director, "/exports/new?from=2026-01-01&to=2026-12-31")
    assert _last().cases == 1


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("lead", LEADS, ids=[f"u{ord(lead):04x}" for lead in LEADS])
def test_no_text_of_an_export_in_clear_is_a_formula(
    director: PageClient, lead: str, kind: str
) -> None:
    text = f"{lead}HYPERLINK(1)"
    with transaction():
        site = make.make_site(name=text, parent=org.centre())
        handler = make.make_user(site, Role.MEDIATOR, name=text)
        employer = make.cases.NewRespondent(parties.EmployerInput(name=text))
        worker = make.make_party(text)
        make.make_case(site, workers=[worker], respondents=[employer], handler_id=handler.id)
    _ask_in_clear(director, kind=kind, reason=f"{lead}SUM(1)+1")
    content = _file(director)
    rows: list[list[Any]] = [row for sheet in _sheets(content, kind) for row in sheet]
    cells = [cell for row in rows for cell in row if isinstance(cell, str)]
    assert sum("HYPERLINK" in cell for cell in cells) == (6 if kind == "xlsx" else 2)
    assert [cell for cell in cells if cell.startswith(tuple(LEADS))] == []


def _sheets(content: bytes, kind: str) -> list[list[list[Any]]]:
    if kind == "xlsx":
        return [sheet.rows for sheet in read_workbook(content)]
    return [list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))]


# --- reason, second person ------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["", "  ", "看看", "长" * 201])
def test_identifiers_need_a_reason(director: PageClient, reason: str) -> None:
    page = _ask_in_clear(director, reason=reason)
    assert page.status == 422
    assert page.error_of("reason")
    assert exporting.mine(Actor(user_id=1, label="x")) == []


@pytest.fixture
def crowd(director: PageClient, monkeypatch: pytest.MonkeyPatch) -> PageClient:
    """The same director, with more people than one person may take out alone."""
    monkeypatch.setattr(exporting, "MOST_ALONE", 2)
    with transaction():
        make.make_case(org.centre(), workers=make.make_group(2))
    return director


def test_above_the_limit_it_waits_and_gives_no_file(crowd: PageClient) -> None:
    assert "另一位有权限的同事" in crowd.page(NEW).text
    page = _ask_in_clear(crowd)
    assert "等另一位同意" in page.text
    job = _last()
    assert (job.state, job.people, job.file) == (ExportState.WAITING, 3, "")
    assert crowd.get(f"/exports/{job.id}/file").status_code == 404


def test_without_identifiers_no_second_person_is_needed(crowd: PageClient) -> None:
    _ask(crowd)
    assert _last().state is ExportState.DONE


def test_another_person_agrees_and_the_file_holds_what_was_agreed_to(crowd: PageClient) -> None:
    _ask_in_clear(crowd)
    with transaction():
        make.make_case(org.centre())
    owner = db.session.get(access.User, _last().owner_id)
    assert owner is not None
    crowd.sign_in(_second())
    page = crowd.page(crowd.page("/statistics").link("等您同意的导出（1）"))
    assert REASON in page.text
    assert "已同意" in crowd.submit(page).text
    crowd.sign_in(owner)
    crowd.submit(crowd.page(f"/exports/{_last().id}"))
    wait_for_exports()
    cases, people = read_workbook(_file(crowd))
    assert (len(cases.rows), len(people.rows)) == (4, 5)
    assert "同意人：林副主任" in cases.rows[0][0]


def test_nobody_agrees_to_an_export_of_their_own(crowd: PageClient) -> None:
    _ask_in_clear(crowd)
    assert crowd.page("/exports/waiting").soup.select("main form") == []
    assert _decide(crowd) == 422
    assert _last().state is ExportState.WAITING


def _decide(client: PageClient) -> int:
    token = client.page("/").form("form[method=post]").select("input[name=csrf_token]")[0]["value"]
    job = _last()
    data = {"csrf_token": token, "agrees": "1", "version": str(job.version)}
    return client.post(f"/exports/{job.id}/decision", data=data).status_code


def test_who_refuses_ends_it(crowd: PageClient) -> None:
    _ask_in_clear(crowd)
    owner = db.session.get(access.User, _last().owner_id)
    assert owner is not None
    crowd.sign_in(_second(Role.AUDITOR))
    crowd.submit(
        crowd.page("/exports/waiting"), form="main form:has(input[name=agrees][value='0'])"
    )
    assert _last().state is ExportState.REFUSED
    assert _decide(crowd) == 422
    crowd.sign_in(owner)
    assert "没有同意" in crowd.page(f"/exports/{_last().id}").text
    assert crowd.get(f"/exports/{_last().id}/file").status_code == 404


def test_who_does_not_see_every_case_does_not_agree(crowd: PageClient) -> None:
    _ask_in_clear(crowd)
    with transaction():
        station = make.make_site(parent=org.centre())
    crowd.sign_in(_second(site=station))
    assert crowd.page("/exports/waiting").soup.select("main form") == []
    assert _decide(crowd) == 404


def test_slices_of_one_day_count_together(crowd: PageClient, clock: TestClock) -> None:
    _ask_in_clear(crowd)  # three people: waits
    _ask(crowd, f"{NEW}&q=欧阳小桃", has_identifiers="y", reason=REASON)
    assert _last().state is ExportState.DONE
    _ask(crowd, f"{NEW}&q=张三", has_identifiers="y", reason=REASON)
    assert _last().state is ExportState.WAITING
    _a_day_later(crowd, clock)
    _ask(crowd, f"{NEW}&q=张三", has_identifiers="y", reason=REASON)
    assert _last().state is ExportState.DONE


def _a_day_later(client: PageClient, clock: TestClock) -> None:
    owner = db.session.get(access.User, _last().owner_id)
    assert owner is not None
    clock.advance(hours=25)
    client.sign_in(owner)


# --- the file, the log, the end --------------------------------------------------------------


def test_a_file_is_not_there_for_anybody_else(director: PageClient) -> None:
    _ask_in_clear(director)
    number = _last().id
    director.sign_in(_second())
    for part in ("", "/state", "/file"):
        assert director.get(f"/exports/{number}{part}").status_code == 404


def test_the_file_on_disk_is_sealed(director: PageClient, settings: Settings) -> None:
    _ask_in_clear(director, kind="csv")
    [path] = settings.export_dir.glob("*")
    content = path.read_bytes()
    assert NUMBER.encode() not in content
    assert _last().file in path.name


def test_asking_making_and_fetching_are_in_the_log(director: PageClient) -> None:
    _ask_in_clear(director)
    _file(director)
    for action in ("ask_export", "export", "fetch_export"):
        [entry] = _log(action)
        assert (entry.object_id, entry.detail["rows"]) == (_last().id, 1)
    assert _log("ask_export")[0].detail["reason"] == REASON


def test_a_day_later_the_file_is_gone(
    director: PageClient, clock: TestClock, settings: Settings
) -> None:
    _ask_in_clear(director)
    _a_day_later(director, clock)
    assert director.get(f"/exports/{_last().id}/file").status_code == 404
    assert schedule.forget_exports() == "exports=1"
    assert list(settings.export_dir.glob("*")) == []
    assert (_last().state, _last().case_ids) == (ExportState.EXPIRED, [])
    assert "已过期删除" in director.page("/exports").text


def test_what_failed_is_told_and_can_be_begun_again(
    director: PageClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(exporting, "sheets", lambda *_: 1 / 0)
        _ask(director)
    page = director.page(f"/exports/{_last().id}")
    assert "没有做成" in page.text
    director.submit(page)
    wait_for_exports()
    assert _last().state is ExportState.DONE
    assert "export failed" in caplog.text


def test_what_a_restart_cut_off_can_be_begun_again(director: PageClient, clock: TestClock) -> None:
    _ask(director)
    with transaction():
        exporting._set(_last().id, state=ExportState.RUNNING, file="")
    assert "正在生成" in director.page("/exports").text
    clock.advance(minutes=3)
    assert "被打断了" in director.page(f"/exports/{_last().id}").text


def test_what_is_done_is_not_made_again(director: PageClient) -> None:
    _ask(director)
    token = director.page(NEW).form().select("input[name=csrf_token]")[0]["value"]
    answer = director.post(f"/exports/{_last().id}/start", data={"csrf_token": token})
    assert answer.status_code == 422


def test_an_empty_list_of_exports_says_so(director: PageClient) -> None:
    assert "还没有导出过" in director.page("/exports").text


def test_the_case_list_leads_here(director: PageClient) -> None:
    page = director.page(director.page("/cases?status=open").link("带证件号码导出"))
    assert page.url == "/exports/new"
    assert page.one("input[name=has_identifiers]").has_attr("checked")
