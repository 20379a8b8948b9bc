"""The wording of the report on screen: tried before it is kept, refused by name, undone."""

import pytest
from flask import Flask

from tests import builders as make
from tests.support import documents
from tests.support.pages import PageClient
from worker_legal.domain import org
from worker_legal.domain.permissions import Role
from worker_legal.domain.statistics import wording
from worker_legal.infra.db import transaction

DAYS = "from=2026-01-01&to=2026-11-23"
ADDRESS = f"/statistics/wording?{DAYS}"


@pytest.fixture
def director(app: Flask, client: PageClient) -> PageClient:
    """The director of a centre with one case of two workers."""
    with transaction():
        centre = make.make_office("示例中心")
        make.make_case(centre, workers=make.make_group(2))
        user = make.make_user(centre, Role.DIRECTOR)
    client.sign_in(user)
    return client


def _save(client: PageClient, text: str, **more: str) -> str:
    page = client.submit(client.page(ADDRESS), {"text": text, **more})
    return page.text


def test_the_page_of_figures_leads_to_its_wording(director: PageClient) -> None:
    page = director.page(director.page(f"/statistics?{DAYS}").link("修改用语"))
    assert page.one("textarea[name=text]").get_text().strip() == wording.BUILT_IN
    assert "共受理劳动争议1起，涉及职工2人" in page.one("#trial").get_text()


def test_a_saved_wording_is_on_the_page_and_on_paper(director: PageClient) -> None:
    assert "用语已保存" in _save(director, "今年收{案件数}件，{人数}人[，同比{同比}]。")
    page = director.page(f"/statistics?{DAYS}")
    assert page.one("#sentence").get_text() == "今年收1件，2人。"
    assert [link.get_text() for link in page.soup.select("#sentence a")] == ["1", "2"]
    paper = director.get(f"/statistics/export?{DAYS}&format=docx").data
    assert "今年收1件，2人。" in documents.paragraphs(paper)


def test_earlier_periods_keep_their_wording(director: PageClient) -> None:
    _save(director, "今年收{案件数}件。")
    page = director.page("/statistics?from=2022-01-01&to=2022-12-31")
    assert page.one("#sentence").get_text().startswith("2022年，园区职工法律服务一体化平台")


def test_trying_shows_the_sentence_and_keeps_nothing(director: PageClient) -> None:
    page = director.submit(director.page(ADDRESS), {"text": "试{案件数}", "preview": "1"})
    assert page.one("#trial").get_text() == "试1"
    assert page.one("textarea[name=text]").get_text().strip() == "试{案件数}"
    assert wording.versions("zh") == []


@pytest.mark.parametrize("preview", ["", "1"])
def test_an_unknown_name_is_refused_with_the_known_ones(director: PageClient, preview: str) -> None:
    page = director.submit(director.page(ADDRESS), {"text": "共{件数}起", "preview": preview})
    assert page.status == 422
    assert "{件数}" in page.error_of("text")
    assert "案件数、cases" in page.error_of("text")
    assert page.one("textarea[name=text]").get_text().strip() == "共{件数}起"


def test_older_versions_and_the_built_in_one_come_back_into_the_form(
    director: PageClient,
) -> None:
    _save(director, "甲{案件数}", name="甲")
    _save(director, "乙{案件数}", name="乙")
    page = director.page(ADDRESS)
    older = director.page(page.link("第1版"))
    assert older.one("textarea[name=text]").get_text().strip() == "甲{案件数}"
    first = director.page(page.link("恢复自带"))
    assert first.one("textarea[name=text]").get_text().strip() == wording.BUILT_IN


def test_a_wording_in_english_is_one_of_its_own(director: PageClient) -> None:
    _save(director, "今年收{案件数}件。")
    page = director.page(ADDRESS)
    token = page.form("form[action$='language']").select("input[name=csrf_token]")[0]["value"]
    director.post("/language", data={"csrf_token": token, "lang": "en"})
    assert "今年收" not in director.page(f"/statistics?{DAYS}").text


def test_a_text_with_marks_of_html_stays_text(director: PageClient) -> None:
    _save(director, "<b>{案件数}</b>")
    page = director.page(f"/statistics?{DAYS}")
    assert page.one("#sentence").get_text() == "<b>1</b>"


def test_the_director_of_a_station_is_not_offered_it(director: PageClient) -> None:
    with transaction():
        user = make.make_user(make.make_site(parent=org.centre()), Role.DIRECTOR)
    director.sign_in(user)
    assert director.page(f"/statistics?{DAYS}").soup.select("a[href*='/wording']") == []
    assert director.get(ADDRESS).status_code == 403
