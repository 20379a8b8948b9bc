"""The form of the ledger that goes out, and the ledger made in it."""

import io
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support import ledgers, office_ledgers
from tests.support.pages import Page, PageClient, fields_of
from tests.web.staff.test_exports import wait_for_exports
from worker_legal.domain import audit, org
from worker_legal.domain.permissions import Role
from worker_legal.infra.db import db, transaction
from worker_legal.infra.spreadsheets import read_workbook

FORM = "/imports/form"
NAME = "柳依依"


@pytest.fixture
def director(app: Flask, client: PageClient) -> PageClient:
    """The director of a centre with one case."""
    with transaction():
        centre = make.make_office("示例中心")
        make.make_case(centre, workers=[make.make_party(NAME, 1_234_500)])
        user = make.make_user(centre, Role.DIRECTOR)
    client.sign_in(user)
    return client


def _give(client: PageClient, content: bytes, name: str = "本站台账.xlsx") -> Page:
    data: dict[str, Any] = {
        **fields_of(client.page(FORM).form("form[action='/imports/form']")),
        "file": (io.BytesIO(content), name),
    }
    kind = "multipart/form-data"
    return Page(client.post(FORM, data=data, content_type=kind, follow_redirects=True))


def _ledger(client: PageClient, **asked: str) -> list[Any]:
    made = client.submit(client.page("/exports/new?kind=ledger"), {"kind": "ledger", **asked})
    wait_for_exports()
    content = client.get(f"/exports/{made.url.rsplit('/', 1)[-1]}/file").data
    return read_workbook(content)


def test_before_a_form_was_given_the_usual_columns_are_shown(director: PageClient) -> None:
    page = director.page(FORM)
    assert "还没有给过本单位的台账" in page.text
    assert {"接访台账", "职工名册"} <= set(page.texts("dt"))
    assert "序号、接访日期、来访方式" in page.text


def test_a_form_that_was_given_is_shown_and_used(director: PageClient) -> None:
    page = _give(director, office_ledgers.months_as_sheets().content)
    assert "已记住这份台账的格式" in page.text
    assert "本站台账.xlsx" in page.text
    [sheet] = _ledger(director)
    assert sheet.name.endswith("月")
    assert any("12345" in str(cell) or cell == 1.2345 for row in sheet.rows for cell in row)


def test_nobody_of_the_given_file_is_kept(director: PageClient) -> None:
    _give(director, ledgers.original())
    kept = str(db.session.connection().exec_driver_sql("SELECT pages FROM ledger_template").all())
    people = {row[6] for row in read_workbook(ledgers.original())[0].rows[3:] if row[6]}
    assert people
    assert not any(str(value) in kept for value in people)


def test_the_usual_form_can_be_had_back(director: PageClient) -> None:
    page = _give(director, ledgers.original())
    director.submit(page, form="form[action='/imports/form/forget']")
    assert "还没有给过本单位的台账" in director.page(FORM).text
    done = db.session.scalars(sa.select(audit.AuditEntry.action)).all()
    assert {"save_ledger_template", "forget_ledger_template"} <= set(done)


def test_a_form_in_strange_words_is_sent_to_be_confirmed_first(director: PageClient) -> None:
    page = _give(director, office_ledgers.one_row_per_worker().content)
    assert "请先在“导入台账”里上传它并确认各列" in page.text
    assert "还没有给过本单位的台账" in director.page(FORM).text


@pytest.mark.parametrize("content", [b"", b"no workbook", ledgers.saved([])])
def test_what_is_no_ledger_is_refused(director: PageClient, content: bytes) -> None:
    assert _give(director, content).soup.select(".error-summary")


def test_names_are_masked_until_a_reason_is_given(director: PageClient) -> None:
    masked = str([sheet.rows for sheet in _ledger(director)])
    assert (NAME in masked, "柳**" in masked) == (False, True)
    asked = {"has_identifiers": "y", "reason": "报市总工会名册"}
    sheets = _ledger(director, **asked)
    assert NAME in str([sheet.rows for sheet in sheets])
    assert all("报市总工会名册" in str(sheet.rows[0][0]) for sheet in sheets)


def test_a_clerk_has_no_say_in_the_form(app: Flask, client: PageClient) -> None:
    with transaction():
        make.make_office("示例中心")
        user = make.make_user(org.centre(), Role.INTAKE)
    client.sign_in(user)
    assert client.get(FORM).status_code == 403
