"""Importing a year's notice on screen: first what moves, then the confirmation."""

from datetime import date
from io import BytesIO

import pytest
from flask import Flask

from tests.builders import make_case, make_office, make_user
from tests.support.clocks import TestClock
from tests.support.pages import Page, PageClient
from worker_legal.domain import access, cases, holidays, org
from worker_legal.domain.permissions import Role
from worker_legal.infra.db import db
from worker_legal.law.calendar import statutory_days
from worker_legal.law.enums import DeadlineState
from worker_legal.web.admin.holidays import decoded

NOTICE = "\n".join(f"{day},放假,{name}" for day, name in statutory_days(2027).items())


@pytest.fixture
def centre(app: Flask) -> org.OrgUnit:
    return make_office()


@pytest.fixture
def admin(client: PageClient, centre: org.OrgUnit) -> access.User:
    user = make_user(centre, Role.ADMINISTRATOR)
    client.sign_in(user)
    return user


def _preview(client: PageClient, text: str, **changes: object) -> Page:
    values = {"year": "2027", "document": "国办发明电", "text": text, **changes}
    return client.submit(client.page("/admin/holidays/import"), values)


def _open_dates() -> dict[str, date | None]:
    db.session.commit()
    query = db.session.query(cases.Deadline).filter_by(state=DeadlineState.OPEN)
    return {row.rule_code: row.due_on for row in query}


def _moving(centre: org.OrgUnit) -> tuple[cases.Deadline, str]:
    """A case with a date in 2027, and a notice by which that day becomes a rest day."""
    make_case(centre, facts=cases.FactDates(left_on=date(2026, 3, 2)))
    db.session.commit()
    query = db.session.query(cases.Deadline).filter_by(state=DeadlineState.OPEN)
    row = next(row for row in query if row.due_on and row.due_on.year == 2027)
    assert row.due_on is not None
    return row, f"{NOTICE}\n{row.due_on},放假,临时放假"


def test_a_missing_year_is_said_on_the_workbench(client: PageClient, admin: access.User) -> None:
    page = client.page("/workbench")
    assert "2027年的放假安排还没有导入" in page.text
    assert page.link("导入通知") == "/admin/holidays/import"


def test_before_november_nobody_is_disturbed(
    client: PageClient, centre: org.OrgUnit, clock: TestClock
) -> None:
    clock.move_to(date(2026, 10, 31))
    client.sign_in(make_user(centre, Role.ADMINISTRATOR))
    assert "放假安排还没有导入" not in client.page("/workbench").text


def test_a_clerk_is_not_asked_to_import(client: PageClient, centre: org.OrgUnit) -> None:
    client.sign_in(make_user(centre, Role.INTAKE))
    assert "放假安排还没有导入" not in client.page("/workbench").text


def test_the_preview_shows_old_and_new_days_and_changes_nothing(
    client: PageClient, admin: access.User, centre: org.OrgUnit
) -> None:
    row, text = _moving(centre)
    old = row.due_on
    page = _preview(client, text)
    assert page.status == 200
    assert page.heading == "2027年放假安排"
    assert any(str(old) in words for words in page.texts("tbody tr"))
    assert old in _open_dates().values()
    assert holidays.notices() == []


def test_the_confirmation_keeps_the_notice_and_recomputes(
    client: PageClient, admin: access.User, centre: org.OrgUnit
) -> None:
    row, text = _moving(centre)
    code, old = row.rule_code, row.due_on
    page = client.submit(_preview(client, text), form="form[action$='/confirm']")
    assert "2027年放假安排已导入，1件案件的期限已重算" in page.text
    moved = _open_dates()[code]
    assert old is not None
    assert moved is not None
    assert moved > old


def test_one_can_go_back_and_mend_what_was_typed(client: PageClient, admin: access.User) -> None:
    preview = _preview(client, NOTICE)
    values = {"edit": "1", "text": NOTICE, "year": "2027", "document": "国办发明电"}
    token = preview.one("main form input[name=csrf_token]")["value"]
    page = Page(client.post("/admin/holidays/import", data={**values, "csrf_token": token}))
    assert page.one("textarea").text.strip() == NOTICE
    assert page.one("#document")["value"] == "国办发明电"


def test_a_file_is_taken_as_well(client: PageClient, admin: access.User) -> None:
    for encoding in ("utf-8-sig", "gb18030"):
        upload = (BytesIO(NOTICE.encode(encoding)), "2027.csv")
        page = client.page("/admin/holidays/import")
        token = page.one("main input[name=csrf_token]")["value"]
        values = {"year": "2027", "document": "通知", "file": upload, "csrf_token": token}
        answer = client.post("/admin/holidays/import", data=values)
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "乱写"}, "text"),
        ({"text": "2027-13-01,放假"}, "text"),
        ({"year": ""}, "year"),
        ({"year": "27"}, "year"),
        ({"year": "明年"}, "year"),
        ({"document": ""}, "document"),
    ],
    ids=["empty", "nonsense", "no-such-day", "no-year", "short-year", "word", "no-document"],
)
def test_a_notice_that_cannot_be_right_is_named(
    client: PageClient, admin: access.User, changes: dict[str, str], field: str
) -> None:
    page = _preview(client, changes.pop("text", NOTICE), **changes)
    assert page.status == 422
    assert page.error_of(field)
    assert holidays.notices() == []


def test_what_was_typed_stays_after_a_refusal(client: PageClient, admin: access.User) -> None:
    page = _preview(client, "乱写一行")
    assert page.one("textarea").text.strip() == "乱写一行"


def test_the_list_names_what_was_imported(client: PageClient, admin: access.User) -> None:
    client.submit(_preview(client, NOTICE), form="form[action$='/confirm']")
    assert "国办发明电" in client.page("/admin/holidays").text


def test_a_file_that_is_no_text_reads_empty() -> None:
    assert decoded(b"\xff\xfe\x00\x81") == ""
