"""The figures on screen: every number leads to rows that add up to it, and to nothing else."""

import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import Tag
from flask import Flask

from tests import builders as make
from tests.support import ledgers
from tests.support.pages import Page, PageClient
from worker_legal.domain import imports, org
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.statistics import report
from worker_legal.domain.statistics.measures import Period
from worker_legal.infra import clock
from worker_legal.infra.db import transaction
from worker_legal.law.enums import EventKind, Stage

SYSTEM = Actor.system("tests")
NUMBER = re.compile(r"[\d,]+(?:\.\d+)?")
OVERVIEW = "/statistics?from=2022-01-01&to=2022-12-31"
METHODS = {
    "咨询": ("已答复", "转介", "办理中"),
    "调解": ("达成调解协议", "调解不成", "撤回", "办理中"),
    "仲裁": ("裁决", "仲裁调解", "办理中"),
    "劳动监察": ("责令改正", "办理中"),
}


def random_ledger(chance: random.Random, size: int = 14) -> bytes:
    """A ledger of two years with whatever may come."""
    rows: list[dict[str, Any]] = []
    for _ in range(size):
        day = date(2021, 1, 1) + timedelta(days=chance.randrange(730))
        method = chance.choice(list(METHODS))
        result = chance.choice(METHODS[method])
        closed = day + timedelta(days=chance.randrange(90)) if result != "办理中" else ""
        rows.append(
            {
                "接访日期": day,
                "来访方式": chance.choice(["来访", "来电", "12351", "网上"]),
                "受理点位": chance.choice(["示例中心", "东区工作站", "南园服务点"]),
                "涉及人数": chance.choice([1, 1, 1, 3, 12]),
                "纠纷类型": chance.choice(["劳动报酬", "工伤待遇", "社会保险", "其他"]),
                "涉及金额（元）": chance.choice(["", 0.01, 500, 12345.67, 99999]),
                "办理方式": method,
                "办理结果": result,
                "结案日期": closed,
            }
        )
    return ledgers.small(*rows)


@pytest.fixture
def director(app: Flask, client: PageClient) -> PageClient:
    """The director of a centre with nothing in its books."""
    with transaction():
        user = make.make_user(make.make_office("示例中心"), Role.DIRECTOR)
    client.sign_in(user)
    return client


@pytest.fixture
def books(director: PageClient) -> PageClient:
    """The same director, with two years of a made-up ledger."""
    with transaction():
        imports.commit(SYSTEM, random_ledger(random.Random(2022)), "ledger.xlsx")  # noqa: S311
    return director


def _value(text: str) -> float:
    found = NUMBER.search(text)
    return float(found[0].replace(",", "")) if found else 0.0


def _numbered_links(page: Page) -> Iterator[Tag]:
    for link in page.soup.select("main a[href]"):
        lists = str(link["href"]).startswith(("/cases?", "/statistics/rows/"))
        if lists and NUMBER.search(link.get_text()):
            yield link


def _shown(link: Tag) -> float:
    if "stat" in (link.get("class") or []):
        return _value(link.select(".stat-num")[0].get_text())
    return _value((link.select("text.c-num") or [link])[0].get_text())


def _listed(client: PageClient, address: str) -> int:
    """The cases of a list, counted page by page."""
    rows = 0
    while address:
        page = client.page(address)
        rows += len(page.soup.select("main table.tbl tbody tr"))
        following = page.soup.select("a[rel=next]")
        address = str(following[0]["href"]) if following else ""
    return rows


def _added(client: PageClient, address: str) -> tuple[int, float]:
    """The number at the head of the rows of a figure, and the rows added up."""
    page, rows = client.page(address), 0
    head = _value(page.one("[data-total]").get_text())
    while True:
        rows += sum(int(str(row["data-value"])) for row in page.soup.select("tr[data-row]"))
        following = page.soup.select("a[rel=next]")
        if not following:
            return rows, head
        page = client.page(str(following[0]["href"]))


def _behind(client: PageClient, address: str) -> float:
    if address.startswith("/cases"):
        return _listed(client, address)
    rows, head = _added(client, address)
    is_money = any(part in address for part in ("/amount", "/agreed", "/received", "/awarded"))
    assert rows == round(head * 100) if is_money else rows == head
    return round(rows / 1_000_000, 2) if is_money else rows


@pytest.mark.parametrize(
    "address", [OVERVIEW, "/statistics?from=2021-07-15&to=2022-08-20"], ids=["year", "across"]
)
def test_every_number_leads_to_rows_that_add_up_to_it(books: PageClient, address: str) -> None:
    links = list(_numbered_links(books.page(address)))
    known: dict[str, float] = {}
    wrong = []
    for link in links:
        target = str(link["href"])
        if target not in known:
            known[target] = _behind(books, target)
        if abs(known[target] - _shown(link)) > 0.005:
            wrong.append((link.get_text(" ", strip=True), target, known[target]))
    assert wrong == []
    assert len(known) > 40


@pytest.mark.parametrize("sheet", ["quality", "official", "patterns"])
@pytest.mark.parametrize(
    "days",
    ["from=2022-01-01&to=2022-12-31", "from=2021-07-15&to=2022-08-20"],
    ids=["year", "across"],
)
def test_every_cell_of_the_further_tables_leads_to_its_rows(
    books: PageClient, sheet: str, days: str
) -> None:
    links = list(_numbered_links(books.page(f"/statistics/{sheet}?{days}")))
    wrong = [
        (link.get_text(" ", strip=True), link["href"])
        for link in links
        if abs(_behind(books, str(link["href"])) - _shown(link)) > 0.005
    ]
    assert wrong == []
    assert len(links) > 10


def test_every_visit_way_and_employer_leads_to_its_rows(director: PageClient) -> None:
    with transaction():
        for hour in (9, 9, 15):
            day = clock.start_of(clock.today())
            with clock.frozen(day + timedelta(hours=hour)):
                case = make.make_case(org.centre(), workers=make.make_group(2))
        first = make.first_proceeding(case)
        make.open_stage(case, Stage.ARBITRATION, reason="直接申请仲裁", follows_id=first.id)
        make.record(case, EventKind.VISIT)
    page = director.page("/statistics/patterns")
    links = list(_numbered_links(page))
    assert [_behind(director, str(link["href"])) for link in links] == [
        _shown(link) for link in links
    ]
    drawn = page.soup.select("svg.chart a text.c-num")
    assert sorted(_value(number.get_text()) for number in drawn) == [1, 1, 3]
    assert page.one("[data-table=visits] tfoot").get_text().endswith("4")


def test_the_manners_of_handling_add_up_to_the_closed_cases(books: PageClient) -> None:
    page = books.page("/statistics/quality?from=2022-01-01&to=2022-12-31")
    parts = page.soup.select("[data-table=manner] [data-label='分子']")
    whole = page.soup.select("[data-table=manner] [data-label='分母']")[0]
    assert sum(_value(cell.get_text()) for cell in parts) == _value(whole.get_text())


def test_a_rate_without_cases_is_no_number(director: PageClient) -> None:
    page = director.page("/statistics/quality?from=2022-01-01&to=2022-12-31")
    assert set(page.texts("[data-table=rates] [data-label='比例']")) == {"—"}


@pytest.mark.parametrize("sheet", ["quality", "official", "patterns"])
def test_a_wrong_day_is_told_on_the_further_tables(director: PageClient, sheet: str) -> None:
    page = director.page(f"/statistics/{sheet}?from=2022-05-01&to=2022-04-01")
    assert (page.status, bool(page.error_of("to"))) == (422, True)


def test_every_number_of_a_site_leads_to_rows_of_it(books: PageClient) -> None:
    site = next(unit for unit in org.tree() if unit.name == "东区工作站")
    page = books.page(f"{OVERVIEW}&site={site.id}")
    targets = {str(link["href"]) for link in _numbered_links(page)}
    assert {parse_qs(urlsplit(target).query)["site"][0] for target in targets} == {str(site.id)}


def test_the_sites_add_up_to_the_centre(books: PageClient) -> None:
    page = books.page(OVERVIEW)
    cells = page.soup.select("[data-table=site] tbody [data-label='起']")
    whole = page.one("[data-table=site] tfoot [data-label='起']")
    assert sum(_value(cell.get_text()) for cell in cells) == _value(whole.get_text())


def test_the_sentence_stands_first(director: PageClient) -> None:
    page = director.page(OVERVIEW)
    assert page.texts("main h2")[0] == "报告用语"
    assert page.one("#sentence").get_text().startswith("2022年，园区职工法律服务一体化平台")


def test_the_sentence_speaks_english_on_an_english_page(director: PageClient) -> None:
    page = director.page(OVERVIEW)
    token = page.form("form[action$='language']").select("input[name=csrf_token]")[0]["value"]
    director.post("/language", data={"csrf_token": token, "lang": "en"})
    assert director.page(OVERVIEW).soup.html["lang"] == "en"  # type: ignore[index]


def test_without_days_the_page_is_about_this_year(director: PageClient) -> None:
    assert "2026-01-01 至 2026-11-23" in director.page("/statistics").text


@pytest.mark.parametrize(
    ("query", "field"),
    [("from=2022-13-01", "from"), ("from=x", "from"), ("from=2022-05-01&to=2022-04-01", "to")],
)
def test_a_wrong_day_is_told_at_its_field(director: PageClient, query: str, field: str) -> None:
    page = director.page(f"/statistics?{query}")
    assert page.status == 422
    assert page.error_of(field)


@pytest.mark.parametrize(
    "address",
    [
        "/statistics?site=999",
        "/statistics?site=x",
        "/statistics/rows/nothing",
        "/statistics/rows/work-injury",
        "/statistics/rows/amount?after=x",
        "/statistics/rows/people?after=1_",
        "/statistics/rows/amount?registered_from=x",
    ],
)
def test_an_address_nobody_gave_is_not_there(director: PageClient, address: str) -> None:
    assert director.get(address).status_code == 404


def test_a_director_of_a_station_sees_its_figures_only(books: PageClient) -> None:
    site = next(unit for unit in org.tree() if unit.name == "东区工作站")
    with transaction():
        user = make.make_user(site, Role.DIRECTOR)
    books.sign_in(user)
    assert "东区工作站" in books.page(OVERVIEW).one(".page-sub").get_text()
    assert books.get(f"/statistics?site={org.centre().id}").status_code == 404


def test_the_basis_of_the_change_names_the_source(director: PageClient) -> None:
    with transaction():
        make.make_case(org.centre(), registered_on=date(2022, 5, 5), source="ledger")
        year = Period(date(2021, 1, 1), date(2021, 12, 31))
        report.set_comparison(SYSTEM, year, 407, "园区2021年总结")
    page = director.page(director.page(OVERVIEW).link("下降"))
    assert "园区2021年总结" in page.text
    assert "407" in page.text


def test_a_typed_in_figure_is_kept(director: PageClient) -> None:
    page = director.page("/statistics/comparison?from=2021-01-01&to=2021-12-31")
    saved = director.submit(page, {"cases": "407", "source": "园区2021年总结"})
    assert "园区2021年总结" in saved.text


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        *(("cases", text) for text in ("", "-1", "四百", "4.5", "9" * 12)),
        *(("source", text) for text in ("", "x", "长" * 201)),
        *(("first", text) for text in ("", "2021-02-30", "2022-01-01")),
        *(("last", text) for text in ("", "2031-12-31")),
    ],
)
def test_a_wrong_figure_is_refused_at_its_field(
    director: PageClient, field: str, typed: str
) -> None:
    page = director.page("/statistics/comparison?from=2021-01-01&to=2021-12-31")
    values = {"cases": "407", "source": "园区2021年总结", field: typed}
    refused = director.submit(page, values)
    at = "last" if (field, typed) == ("first", "2022-01-01") else field
    assert refused.status == 422
    assert refused.error_of(at)


def test_an_auditor_reads_but_types_nothing_in(app: Flask, client: PageClient) -> None:
    with transaction():
        user = make.make_user(make.make_office(), Role.AUDITOR)
    client.sign_in(user)
    assert client.page(OVERVIEW).soup.select("a[href*='/comparison']") == []
    assert client.get("/statistics/comparison").status_code == 403


def test_an_empty_office_has_a_page_of_noughts(app: Flask, client: PageClient) -> None:
    with transaction():
        user = make.make_user(make.make_office(), Role.DIRECTOR)
    client.sign_in(user)
    page = client.page(OVERVIEW)
    assert page.status == 200
    assert "这段时间没有案件" in page.text
