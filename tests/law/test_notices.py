"""Reading a year's holiday notice in its three forms, and refusing what cannot be right."""

import json
from datetime import date

import pytest

from worker_legal.errors import BadInput
from worker_legal.law.calendar import WorkCalendar
from worker_legal.law.notices import is_published_text, parse_notice

TEXT_2026 = """国务院办公厅关于2026年部分节假日安排的通知
国办发明电〔2025〕7号
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""

RESTS_2027 = [
    {"from": "2027-01-01", "to": "2027-01-03", "name": "元旦"},
    {"from": "2027-02-05", "to": "2027-02-12", "name": "春节"},
    {"date": "2027-04-05", "name": "清明节"},
    {"from": "2027-05-01", "to": "2027-05-05", "name": "劳动节"},
    "2027-06-09",
    "2027-09-15",
    {"from": "2027-10-01", "to": "2027-10-07", "name": "国庆节"},
]
NOTICE_2027 = {
    "year": 2027,
    "document": "国办发明电〔2026〕1号",
    "rest": RESTS_2027,
    "work": ["2027-02-20", "2027-10-09"],
}


def json_2027(**changes: object) -> str:
    return json.dumps({**NOTICE_2027, **changes}, ensure_ascii=False)


def table_2027(*extra: str, head: str = "date,kind,name") -> str:
    notice = parse_notice(json_2027())
    rows = [f"{day},rest,{name}" for day, name in notice.rest.items()]
    rows += [f"{day},work," for day in sorted(notice.work)]
    return "\n".join([*([head] if head else []), *rows, *extra])


def test_the_published_text_gives_the_calendar_of_the_library() -> None:
    calendar = WorkCalendar([parse_notice(TEXT_2026)], library=range(2004, 2026))
    known = WorkCalendar()
    first = date(2026, 1, 1).toordinal()
    year = [date.fromordinal(first + k) for k in range(365)]
    assert [d for d in year if calendar.is_working(d) != known.is_working(d)] == []


def test_the_document_number_is_kept() -> None:
    assert parse_notice(TEXT_2026).document == "国办发明电〔2025〕7号"


def test_a_text_without_number_has_none() -> None:
    assert parse_notice(TEXT_2026.replace("国办发明电〔2025〕7号", "")).document == ""


def test_rest_days_of_the_text_carry_the_holiday() -> None:
    assert parse_notice(TEXT_2026).rest[date(2026, 2, 20)] == "春节"


def test_a_range_may_run_into_the_next_month() -> None:
    text = TEXT_2026.replace("5月1日（周五）至5日", "4月30日（周四）至5月5日")
    assert date(2026, 4, 30) in parse_notice(text).rest


def test_a_break_may_begin_in_the_old_year() -> None:
    text = TEXT_2026.replace(
        "1月1日（周四）至3日（周六）放假", "2025年12月31日（周三）至1月3日（周六）放假"
    )
    assert date(2025, 12, 31) in parse_notice(text).rest


def test_a_day_off_in_lieu_is_a_rest_day() -> None:
    text = TEXT_2026.replace("共3天。4", "共3天。4").replace(
        "4月4日（周六）至6日（周一）放假，共3天。", "4月5日（周日）放假，4月6日（周一）补休。"
    )
    assert date(2026, 4, 6) in parse_notice(text).rest


def test_json_and_table_read_the_same() -> None:
    assert parse_notice(table_2027()) == parse_notice(json_2027(document=""))


def test_a_table_needs_no_head() -> None:
    assert parse_notice(table_2027(head="")).year == 2027


def test_a_table_may_be_separated_by_tabs() -> None:
    assert parse_notice(table_2027().replace(",", "\t")).year == 2027


def test_empty_rows_of_a_table_are_skipped() -> None:
    assert parse_notice(table_2027(",,")).year == 2027


def test_a_byte_order_mark_is_skipped() -> None:
    assert parse_notice("\ufeff" + json_2027()).year == 2027


def test_a_statutory_day_on_a_weekend_need_not_be_named() -> None:
    rests = [r for r in RESTS_2027 if "2027-05-01" not in str(r)]
    shorter = [*rests, {"from": "2027-05-03", "to": "2027-05-05"}]
    assert date(2027, 5, 1) not in parse_notice(json_2027(rest=shorter)).rest


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("   ", "没有内容"),
        ("{not json", "JSON"),
        (json_2027(rest="2027-01-01"), "两个列表"),
        (json_2027(work={"a": 1}), "两个列表"),
        (json_2027(year="2027"), "年份"),
        (json_2027(year=True), "年份"),
        (json_2027(year=12), "年份"),
        (json_2027(rest=[*RESTS_2027, "2027-02-30"]), "不是日期"),
        (json_2027(rest=[*RESTS_2027, {"name": "x"}]), "不是日期"),
        (json_2027(rest=[*RESTS_2027, {"from": "2027-03-05", "to": "2027-03-01"}]), "不像一次"),
        (json_2027(rest=[*RESTS_2027, {"from": "2027-03-01", "to": "2027-06-01"}]), "不像一次"),
        (json_2027(rest=[*RESTS_2027, "2028-01-03"]), "不在2027年"),
        (json_2027(rest=[*RESTS_2027, "2026-11-30"]), "不在2027年"),
        (json_2027(work=["2027-02-21", "2027-10-02"]), "既写了放假又写了上班"),
        (json_2027(work=["2027-03-03"]), "本来就是工作日"),
        (json_2027(rest=RESTS_2027[1:]), "2027-01-01 是法定节假日（元旦）"),
        ("date,kind,name\n", "没有一天"),
        (table_2027("2027-03-06,maybe,"), "应当是 rest"),
        (table_2027("2027-13-06,rest,"), "不是日期"),
        ("关于部分节假日安排的通知", "没有找到年份"),
        ("关于2027年部分节假日安排的通知", "没有找到“一、元旦"),
        (TEXT_2026.replace("2026年", "2025年"), "与2025年的日历不符"),
        (TEXT_2026.replace("6月19日（周五）至21日", "6月19日（周五）至31日"), "不存在"),
    ],
)
def test_what_cannot_be_right_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_notice(text)
    assert why in str(refused.value)


def test_a_december_weekday_may_belong_to_the_year_before() -> None:
    text = TEXT_2026.replace("1月4日（周日）上班", "2025年12月28日（周日）上班")
    assert date(2025, 12, 28) in parse_notice(text).work


@pytest.mark.parametrize(
    ("text", "published"),
    [(TEXT_2026, True), (json_2027(), True), (table_2027(), False), ("", False)],
)
def test_a_published_notice_is_told_from_a_table(text: str, published: bool) -> None:
    assert is_published_text(text) is published
