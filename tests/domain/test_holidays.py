"""Imported holiday years: read from a notice, checked, kept, and what they move."""

from datetime import date

import pytest
from flask import Flask

from tests.builders import make_actor, make_office
from tests.support.clocks import TestClock
from worker_legal.domain import holidays
from worker_legal.domain.permissions import Actor, Role
from worker_legal.errors import BadInput, NotAllowed
from worker_legal.law.calendar import statutory_days

SYSTEM = Actor.system("tests")
NEXT = 2027


def make_notice_text(year: int = NEXT) -> str:
    """A notice of a year with its statutory days only, as an office would paste it."""
    return "\n".join(f"{day},放假,{name}" for day, name in statutory_days(year).items())


def _parsed(extra: str = "") -> object:
    return holidays.parse_notice(NEXT, f"{make_notice_text()}\n{extra}", "国办发明电")


def test_a_notice_is_read_line_by_line(app: Flask) -> None:
    notice = holidays.parse_notice(NEXT, make_notice_text() + "\n2027-01-09,上班", "国办发明电")
    assert notice.work == {date(2027, 1, 9)}
    assert notice.rest[date(2027, 1, 1)]
    assert notice.document == "国办发明电"


@pytest.mark.parametrize(
    "line",
    [
        "2027-10-08至2027-10-10,放假,国庆节",
        "2027/10/8..2027/10/10，休，国庆节",
        "2027年10月8日～2027年10月10日\t放假\t国庆节",
    ],
)
def test_a_range_names_every_day_in_it(app: Flask, line: str) -> None:
    notice = holidays.parse_notice(NEXT, f"{make_notice_text()}\n{line}")
    assert {date(2027, 10, day) for day in (8, 9, 10)} <= set(notice.rest)


def test_a_heading_and_empty_lines_are_passed_over(app: Flask) -> None:
    text = f"\ufeff日期,类型,名称\n\n{make_notice_text()}\n,,\n"
    assert holidays.parse_notice(NEXT, text).rest.keys() == statutory_days(NEXT).keys()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2027-02-30,放假", "日期请写成"),
        ("明天,放假", "日期请写成"),
        ("2027-10-20至2027-10-18,放假", "日期请写成"),
        ("2027-07-01至2027-08-30,放假", "日期请写成"),
        ("2029-05-01,放假", "不在2027年前后"),
        ("2027-10-20,不知道", "放假”或“上班"),
        ("2027-01-01,放假,元旦", "写了两次"),
        ("2027-10-20,上班", "不是周末"),
    ],
)
def test_a_wrong_line_is_named(app: Flask, line: str, words: str) -> None:
    with pytest.raises(BadInput) as refusal:
        _parsed(line)
    assert words in str(refusal.value)
    assert refusal.value.field == "text"


def test_a_notice_without_a_statutory_day_is_doubted(app: Flask) -> None:
    text = "\n".join(make_notice_text().splitlines()[1:])
    with pytest.raises(BadInput, match="缺少法定节假日"):
        holidays.parse_notice(NEXT, text)


def test_an_imported_year_is_published(app: Flask) -> None:
    assert not holidays.work_calendar().published(NEXT)
    holidays.import_year(SYSTEM, holidays.parse_notice(NEXT, make_notice_text(), "通知"))
    assert holidays.work_calendar().published(NEXT)
    assert [notice.document for notice in holidays.notices()] == ["通知"]


def test_a_year_imported_again_replaces_the_first(app: Flask) -> None:
    holidays.import_year(SYSTEM, holidays.parse_notice(NEXT, make_notice_text(), "旧"))
    text = make_notice_text() + "\n2027-01-09,上班"
    holidays.import_year(SYSTEM, holidays.parse_notice(NEXT, text, "新"))
    [notice] = holidays.notices()
    assert notice.document == "新"
    assert holidays.work_calendar().is_working(date(2027, 1, 9))


def test_a_preview_changes_nothing(app: Flask) -> None:
    notice = holidays.parse_notice(NEXT, make_notice_text())
    assert holidays.calendar_with(notice).published(NEXT)
    assert holidays.notices() == []


def test_only_administrators_import(app: Flask) -> None:
    notice = holidays.parse_notice(NEXT, make_notice_text())
    with pytest.raises(NotAllowed):
        holidays.import_year(make_actor(make_office(), Role.DIRECTOR), notice)


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), 2027),
        (date(2026, 12, 31), 2027),
        (date(2027, 1, 1), 2027),
    ],
)
def test_from_november_the_next_year_is_missed(
    app: Flask, clock: TestClock, today: date, missing: int | None
) -> None:
    assert holidays.missing_year(today) == missing


def test_nothing_is_missed_once_the_year_is_there(app: Flask) -> None:
    holidays.import_year(SYSTEM, holidays.parse_notice(NEXT, make_notice_text()))
    assert holidays.missing_year(date(2026, 12, 1)) is None


PUBLISHED = (
    "国办发明电〔2026〕9号 关于2027年部分节假日安排的通知。"
    "一、元旦：1月1日（周五）至3日（周日）放假。二、春节：2月5日至11日放假调休。"
    "2月20日（周六）上班。三、清明节：4月5日放假。四、劳动节：5月1日至5日放假。"
    "五、端午节：6月9日放假。六、中秋节：9月15日放假。七、国庆节：10月1日至7日放假。"
)


def test_the_notice_as_published_may_be_pasted() -> None:
    notice = holidays.parse_notice(NEXT, PUBLISHED)
    assert notice.work == {date(2027, 2, 20)}
    assert notice.document == "国办发明电〔2026〕9号"


def test_a_published_notice_of_another_year_is_refused() -> None:
    with pytest.raises(BadInput, match="通知是2027年的"):
        holidays.parse_notice(NEXT + 1, PUBLISHED)
