"""Files that leave the office: numbers are numbers, text is never a formula, each is logged."""

import csv
import io
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support import documents
from tests.support.pages import PageClient
from worker_legal.domain import audit, org, parties
from worker_legal.domain.permissions import Actor, Role
from worker_legal.infra.db import db, transaction
from worker_legal.infra.documents import DOCX
from worker_legal.infra.spreadsheets import XLSX, read_workbook
from worker_legal.web.staff import statistics_download

SYSTEM = Actor.system("tests")
DAYS = "from=2026-01-01&to=2026-12-31"
LEADS = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]


@pytest.fixture
def director(app: Flask, client: PageClient) -> PageClient:
    """The director of a centre with one case."""
    with transaction():
        centre = make.make_office("示例中心")
        make.make_case(centre, workers=[make.make_party("张三", claimed_fen=1_234_567)])
        user = make.make_user(centre, Role.DIRECTOR)
    client.sign_in(user)
    return client


def _cases(client: PageClient, query: str = DAYS) -> list[list[Any]]:
    sheets = read_workbook(client.get(f"/statistics/export?{query}").data)
    [sheet] = [sheet for sheet in sheets if sheet.name == "案件清单"]
    return sheet.rows


def test_amounts_are_numbers_in_yuan(director: PageClient) -> None:
    rows = _cases(director)
    assert rows[1][rows[0].index("涉案金额（元）")] == 12345.67


def test_what_is_closed_now_is_not_called_as_what_was_closed_in_the_period(
    director: PageClient,
) -> None:
    # the page of the same period balances 结案 and 未结 at the end of the period
    [sheet] = [
        each
        for each in read_workbook(director.get(f"/statistics/export?{DAYS}").data)
        if each.name == "总数"
    ]
    names = {row[0] for row in sheet.rows}
    assert {"其中至今已结", "其中至今未结"} <= names
    assert not {"已结", "未结", "结案"} & names


def test_days_are_days(director: PageClient) -> None:
    rows = _cases(director)
    assert rows[1][rows[0].index("登记日期")] == date(2026, 11, 23)


def test_there_is_one_sheet_per_table(director: PageClient) -> None:
    sheets = read_workbook(director.get(f"/statistics/export?{DAYS}").data)
    assert [sheet.name for sheet in sheets] == [
        "总数",
        "结转与未结",
        "每月受理",
        "因为什么",
        "办了哪些程序",
        "怎样结案",
        "在哪里受理",
        "怎么来的",
        "案件最多的单位",
        "90天内3起以上欠薪争议的单位",
        "哪个行业的单位",
        "多大的单位",
        "各项比例",
        "平均数",
        "处理方式",
        "处理结果",
        "裁决金额",
        "处理情况（各月）",
        "处理情况（各站点）",
        "来访时间",
        "程序流转",
        "案件清单",
    ]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_name_of_the_file_is_plain_and_chinese(director: PageClient, kind: str) -> None:
    answer = director.get(f"/statistics/export?{DAYS}&format={kind}", buffered=True)
    name = answer.headers["Content-Disposition"]
    assert f'20260101-20261231.{kind}"' in name
    assert "filename*=UTF-8''%E" in name
    assert name.isascii()


def test_the_report_is_a_document_with_the_sentence_and_the_tables(director: PageClient) -> None:
    answer = director.get(f"/statistics/export?{DAYS}&format=docx")
    assert answer.mimetype == DOCX
    assert len(documents.tables(answer.data)) == 21
    assert "共受理劳动争议1起" in " ".join(documents.paragraphs(answer.data))


def test_the_kind_of_the_file_is_told(director: PageClient) -> None:
    assert director.get(f"/statistics/export?{DAYS}").mimetype == XLSX
    assert (
        director.get(f"/statistics/export?{DAYS}&format=csv", buffered=True).mimetype == "text/csv"
    )


def test_an_export_is_in_the_log_with_its_length(director: PageClient) -> None:
    director.get(f"/statistics/export?{DAYS}")
    query = sa.select(audit.AuditEntry).where(audit.AuditEntry.action == "export")
    [entry] = db.session.scalars(query)
    assert entry.detail["rows"] == 1


def test_a_list_of_the_case_page_is_exported_under_its_filter(director: PageClient) -> None:
    assert len(_cases(director, "status=open")) == 2
    assert len(_cases(director, "status=closed")) == 1


def test_an_export_holds_no_number_of_a_person(director: PageClient) -> None:
    number = make.make_id_number()
    with transaction():
        worker = make.make_party("李四", id_no=number, phone="13800000001")
        make.make_case(org.centre(), workers=[worker])
    text = director.get(f"/statistics/export?{DAYS}&format=csv", buffered=True).data.decode()
    assert number not in text
    assert number[-4:] not in text
    assert "13800000001" not in text


def test_names_of_people_are_masked(director: PageClient) -> None:
    with transaction():
        boss = parties.EmployerInput(name="王包工头", is_individual=True)
        make.make_case(
            org.centre(),
            workers=[make.make_party("欧阳小桃")],
            respondents=[make.cases.NewRespondent(boss)],
        )
    for rows in (_cases(director), _cases(director, "status=open")):
        names = {row[4] for row in rows[1:]} | {row[6] for row in rows[1:]}
        assert {"欧***", "王***", "张*"} <= names


def test_a_long_list_is_made_beside_the_pages(
    director: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics_download, "LONGEST_AT_ONCE", 0)
    for kind in ("csv", "xlsx"):
        answer = director.get(f"/statistics/export?status=open&format={kind}")
        assert answer.headers["Location"] == f"/exports/new?status=open&format={kind}"
    assert "请在案件页单独导出" in str(_cases(director))


def test_an_auditor_takes_nothing_out(director: PageClient) -> None:
    with transaction():
        user = make.make_user(org.centre(), Role.AUDITOR)
    director.sign_in(user)
    assert director.get(f"/statistics/export?{DAYS}").status_code == 403


def test_a_director_who_is_a_guest_elsewhere_takes_out_the_own_cases(
    director: PageClient,
) -> None:
    with transaction():
        station = make.make_site(name="东区站", parent=org.centre())
        make.make_case(station)
        user = make.make_user(station, Role.DIRECTOR)
        make.access.grant_role(SYSTEM, user, Role.AUDITOR, org.centre().id)
    director.sign_in(user)
    assert {row[3] for row in _cases(director, "status=open")[1:]} == {"东区站"}
    assert director.get(f"/statistics/export?{DAYS}").status_code == 403


@pytest.mark.parametrize("lead", LEADS, ids=[f"u{ord(lead):04x}" for lead in LEADS])
def test_no_text_becomes_a_formula(director: PageClient, lead: str) -> None:
    with transaction():
        _make_case_named(f"{lead}HYPERLINK(1)")
    answer = director.get(f"/statistics/export?{DAYS}&format=csv", buffered=True)
    lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    for rows in (_cases(director), list(lines)):
        found = [cell for row in rows for cell in row if "HYPERLINK" in str(cell)]
        # the name of the worker is masked: only its lead is left, and that is harmless too
        assert len(found) == 3
        every = [str(cell) for row in rows for cell in row]
        assert [cell for cell in every if cell.startswith(tuple(LEADS))] == []


def _make_case_named(text: str) -> None:
    """A case whose worker, employer, site and handler all bear this text."""
    site = make.make_site(name=text, parent=org.centre())
    handler = make.make_user(site, Role.MEDIATOR, name=text)
    employer = make.cases.NewRespondent(parties.EmployerInput(name=text))
    make.make_case(
        site, workers=[make.make_party(text)], respondents=[employer], handler_id=handler.id
    )


def test_the_figures_as_csv_are_those_of_the_workbook(director: PageClient) -> None:
    answer = director.get(f"/statistics/export?{DAYS}&format=figures", buffered=True)
    lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    told = {tuple(line[:3]): line[3] for line in lines}
    assert told["总数", "受理案件（起）", "数值"] == "1"
    assert told["总数", "涉案金额（元）", "数值"] == "12345.67"
    assert told["总数", "涉案金额（万元）", "数值"] == "1.23"
    assert told["处理情况（各月）", "合计", "新收"] == "1"
    sheets = read_workbook(director.get(f"/statistics/export?{DAYS}").data)
    [shares] = [sheet for sheet in sheets if sheet.name == "各项比例"]
    for row in shares.rows[1:]:
        assert told["各项比例", str(row[0]), "分母"] == str(int(row[3]))
