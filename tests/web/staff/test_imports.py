"""Bringing a ledger in on screen: checked first, confirmed, whole or not at all."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support import ledgers
from tests.support.pages import Page, PageClient, fields_of
from worker_legal.config import Settings
from worker_legal.domain.cases import Case, changes
from worker_legal.domain.permissions import Actor, Role
from worker_legal.infra import clock
from worker_legal.infra.db import db, transaction
from worker_legal.law.enums import DisputeKind
from worker_legal.web import background
from worker_legal.web.staff import imports

WRONG = ledgers.small({"接访日期": "2022-02-30", "涉及金额（元）": "一大笔"}, {})


@pytest.fixture
def director(app: Flask, client: PageClient) -> PageClient:
    """The director of a centre."""
    with transaction():
        user = make.make_user(make.make_office("示例中心"), Role.DIRECTOR)
    client.sign_in(user)
    return client


def _send(client: PageClient, content: bytes, name: str = "台账.xlsx", source: str = "") -> Page:
    data: dict[str, Any] = {
        **fields_of(client.page("/imports").form()),
        "file": (io.BytesIO(content), name),
        "source": source,
    }
    answer = client.post(
        "/imports", data=data, content_type="multipart/form-data", follow_redirects=True
    )
    return Page(answer)


def _confirm(client: PageClient, page: Page) -> Page:
    sent = client.submit(page, form="form[action$=start]")
    job = background._jobs[page.url.rsplit("/", 1)[-1]]
    assert job.has_ended.wait(60)
    return client.page(sent.url)


def _count() -> int:
    return int(db.session.scalar(sa.select(sa.func.count(Case.id))) or 0)


def _kept(settings: Settings) -> list[Path]:
    return list((settings.instance_dir / "imports").glob("*.sealed"))


def test_a_checked_file_shows_its_totals_and_writes_nothing(director: PageClient) -> None:
    page = _send(director, ledgers.small({}, {"涉及人数": 3}))
    assert "2起" in page.text
    assert "4人（4人次）" in page.text
    assert _count() == 0


def test_the_sites_of_the_file_are_shown_with_their_place(director: PageClient) -> None:
    assert "示例服务点 新建（点）" in _send(director, ledgers.small({})).text


def test_a_confirmed_file_is_brought_in(director: PageClient) -> None:
    done = _confirm(director, _send(director, ledgers.small({}, {})))
    assert done.heading == "导入完成"
    assert _count() == 2


def test_the_end_leads_to_the_figures_and_to_the_missing_days(director: PageClient) -> None:
    done = _confirm(director, _send(director, ledgers.small({})))
    assert done.link("看2022年统计").startswith("/statistics?from=2022-01-01")
    assert done.link("补日期") == "/cases?missing_dates=1"


def test_wrong_cells_are_named_first_and_there_is_no_way_on(director: PageClient) -> None:
    page = _send(director, WRONG)
    assert page.texts("td b")[:2] == ["B2", "K2"]
    assert page.soup.select("form[action$=start]") == []


def test_a_wrong_file_cannot_be_confirmed_by_hand(director: PageClient) -> None:
    page = _send(director, WRONG)
    token = page.form("form.signout").select("input[name=csrf_token]")[0]["value"]
    director.post(f"{page.url}/start", data={"csrf_token": token})
    assert background._jobs[page.url.rsplit("/", 1)[-1]].has_ended.wait(60)
    assert "什么都没有写入" in director.page(f"{page.url}/progress").text
    assert _count() == 0


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.xlsx"),
        (b"not a workbook", "text.xlsx"),
        (ledgers.small({}), "old.xls"),
        (ledgers.small({}), "table.csv"),
        (ledgers.small({}), ""),
        (ledgers.saved([]), "no-ledger.xlsx"),
    ],
    ids=["empty", "text", "xls", "csv", "nothing", "no-ledger"],
)
def test_what_cannot_be_a_ledger_is_refused_at_the_field(
    director: PageClient, content: bytes, name: str
) -> None:
    page = _send(director, content, name)
    assert page.status == 422
    assert page.error_of("file")


def test_a_file_that_is_too_large_is_refused_at_the_field(
    director: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "LARGEST", 1024)
    assert "最大" in _send(director, ledgers.small({})).error_of("file")


def test_a_waiting_file_is_sealed(director: PageClient, settings: Settings) -> None:
    _send(director, ledgers.small({"用人单位": "示例机密制造有限公司"}))
    [path] = _kept(settings)
    assert path.read_bytes()[:2] != b"PK"
    assert path.stat().st_mode & 0o077 == 0


def test_a_file_goes_when_it_was_brought_in(director: PageClient, settings: Settings) -> None:
    _confirm(director, _send(director, ledgers.small({})))
    assert _kept(settings) == []


def test_a_waiting_file_opens_for_nobody_else(director: PageClient) -> None:
    page = _send(director, ledgers.small({}))
    with transaction():
        other = make.make_user(make.org.centre(), Role.DIRECTOR)
    director.sign_in(other)
    assert director.get(page.url).status_code == 404


def test_the_progress_of_another_person_is_not_there(director: PageClient) -> None:
    page = _send(director, ledgers.small({}))
    _confirm(director, page)
    with transaction():
        other = make.make_user(make.org.centre(), Role.DIRECTOR)
    director.sign_in(other)
    assert director.get(f"{page.url}/progress").status_code == 404
    assert director.get(f"{page.url}/state").status_code == 404


def test_the_state_says_how_far_it_is(director: PageClient) -> None:
    page = _send(director, ledgers.small({}, {}))
    _confirm(director, page)
    state = director.get(f"{page.url}/state").get_json()
    assert (state["percent"], state["ended"]) == (100, True)


def test_another_process_sees_how_far_it_is(director: PageClient) -> None:
    page = _send(director, ledgers.small({}, {}))
    _confirm(director, page)
    background._jobs.clear()
    assert director.get(f"{page.url}/state").get_json()["percent"] == 100
    assert director.page(f"{page.url}/progress").heading == "导入完成"


def test_another_process_tells_why_nothing_came_in(director: PageClient) -> None:
    page = _send(director, WRONG)
    token = page.form("form.signout").select("input[name=csrf_token]")[0]["value"]
    director.post(f"{page.url}/start", data={"csrf_token": token})
    assert background._jobs.pop(page.url.rsplit("/", 1)[-1]).has_ended.wait(60)
    assert "台账有2处错误" in director.page(f"{page.url}/progress").text


def test_a_work_cut_off_by_a_restart_says_so(
    director: PageClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = _send(director, ledgers.small({}))
    word = page.url.rsplit("/", 1)[-1]
    with monkeypatch.context() as stopped:
        stopped.setattr(background.threading.Thread, "start", lambda _self: None)
        director.submit(page, form="form[action$=start]")
    background._jobs.clear()
    assert director.page(f"{page.url}/progress").heading == "正在导入"
    path = settings.instance_dir / "imports" / f"{word}.progress"
    state = json.loads(path.read_text())
    state["at"] = (clock.now() - background.SILENCE * 2).isoformat()
    path.write_text(json.dumps(state))
    assert "中断" in director.page(f"{page.url}/progress").text


def test_an_import_is_taken_back_on_screen(director: PageClient) -> None:
    _confirm(director, _send(director, ledgers.small({}, {})))
    page = director.page(director.page("/imports").link("撤销这次导入"))
    assert "2起" in page.text
    done = director.submit(page)
    assert "已撤销导入，2起案件作废" in done.text
    assert "撤销这次导入" not in done.text


def test_a_touched_import_names_its_case_and_has_no_button(director: PageClient) -> None:
    _confirm(director, _send(director, ledgers.small({}, {})))
    with transaction():
        case = db.session.scalars(sa.select(Case)).first()
        assert case is not None
        changes.change_case(Actor.system("t"), case, DisputeKind.WELFARE, (), case.version)
        number = case.case_no
    page = director.page(director.page("/imports").link("撤销这次导入"))
    assert number in page.text
    assert page.soup.select("main form button.btn-danger") == []


def test_an_import_is_listed(director: PageClient) -> None:
    _confirm(director, _send(director, ledgers.small({}, {}), "2022年台账.xlsx"))
    assert "2022年台账.xlsx" in director.page("/imports").text


def test_the_same_file_again_changes_nothing(director: PageClient) -> None:
    content = ledgers.small({}, {})
    _confirm(director, _send(director, content))
    again = _send(director, content)
    assert "没有变化" in again.text
    assert _confirm(director, again).heading == "导入完成"
    assert _count() == 2


@pytest.mark.parametrize("word", ["x", "..%2f..%2fkeys", "a" * 32])
def test_a_word_nobody_gave_opens_nothing(director: PageClient, word: str) -> None:
    assert director.get(f"/imports/{word}").status_code == 404


def test_a_director_of_a_station_may_not_import_for_the_office(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        user = make.make_user(make.make_site(parent=make.make_office()), Role.DIRECTOR)
    client.sign_in(user)
    assert _send(client, ledgers.small({})).status == 403


def test_names_in_the_file_are_shown_as_text(director: PageClient) -> None:
    page = _send(director, ledgers.small({"受理点位": "<b>点</b>"}))
    assert page.soup.select("dt b") == []
    assert "<b>点</b>" in page.text


def test_a_second_ledger_of_the_year_comes_in_under_its_name(director: PageClient) -> None:
    _confirm(director, _send(director, ledgers.small({})))
    other = ledgers.small({"用人单位": "西区第一制衣有限公司"})
    assert "是另一份台账的，请写明是哪一份" in _send(director, other).text
    page = _send(director, other, source="西区站")
    assert "台账.xlsx·西区站" in page.text
    _confirm(director, page)
    assert _count() == 2
    assert "西区站" in director.page("/imports").text
