"""The working of a date in words and in the rows of the case page."""

import re
from datetime import date, datetime

import pytest

from worker_legal.law import explain as words
from worker_legal.law.arithmetic import (
    Adjustment,
    Direction,
    Extend,
    Period,
    Restart,
    Roll,
    Suspend,
    Unit,
    compute_period,
)
from worker_legal.law.calendar import WorkCalendar
from worker_legal.law.deadlines import Due, Facts, Happening, compute
from worker_legal.law.enums import EventKind as E
from worker_legal.law.enums import Stage
from worker_legal.law.explain import SumRow, day_text, explain, law_text, plain, sum_rows
from worker_legal.law.rules import get_rule
from worker_legal.law.rules.row import Law

CALENDAR = WorkCalendar()


def steps(
    start: str,
    length: int,
    unit: Unit = Unit.DAY,
    roll: Roll = Roll.FORWARD,
    *adjust: Adjustment,
    direction: Direction = Direction.FORWARD,
) -> list[str]:
    period = Period(date.fromisoformat(start), length, unit, direction, roll, adjust)
    return explain(compute_period(period, CALENDAR))


def due(code: str, *happenings: Happening, **dates: str) -> Due:
    facts = Facts({k: date.fromisoformat(v) for k, v in dates.items()}, {}, happenings)
    (found,) = [d for d in compute(facts, CALENDAR, [get_rule(code)]) if d.rule_code == code]
    return found


def event(kind: E, day: str, **data: object) -> Happening:
    return Happening(kind, date.fromisoformat(day), Stage.ARBITRATION, "event:1", 1, data)


def test_a_plain_period() -> None:
    assert steps("2026-03-02", 15) == [
        "从2026-03-02 周一起算，当天不算",
        "2026-03-02 周一加15日，自然日，得2026-03-17 周二",
        "周二到期：2026-03-17",
    ]


def test_the_roll_names_the_holiday() -> None:
    assert "2026-02-17 周二是休息日（春节），顺延到2026-02-24 周二（《民法典》第203条）" in steps(
        "2026-02-02", 15
    )


def test_working_days_tell_the_rest_days_left_out() -> None:
    assert "其中9天是休息日，没有计入" in steps("2026-02-14", 1, Unit.WORKING_DAY)


def test_no_rest_days_are_not_mentioned() -> None:
    assert len(steps("2026-03-02", 3, Unit.WORKING_DAY)) == 3


def test_a_month_without_the_day_ends_on_its_last() -> None:
    assert any("没有对应的日期" in s for s in steps("2026-01-31", 1, Unit.MONTH))


def test_an_extension_shows_both_lengths() -> None:
    found = steps("2026-03-02", 45, Unit.DAY, Roll.FORWARD, Extend(15, Unit.DAY))
    assert "原期限45日，延长15日，合计60日" in found


def test_an_extension_in_another_unit_is_its_own_step() -> None:
    found = steps("2026-01-19", 1, Unit.MONTH, Roll.NONE, Extend(10, Unit.WORKING_DAY))
    assert "2026-02-19 周四再加延长的10个工作日，得2026-03-06 周五" in found


@pytest.mark.parametrize(
    ("adjustment", "text"),
    [
        (
            Suspend(date(2026, 3, 11), date(2026, 4, 9)),
            "2026-03-11 周三至2026-04-09 周四共30日不计入，往后推到2026-05-16 周六",
        ),
        (Restart(date(2026, 3, 10)), "2026-03-10 周二重新起算，当天不算"),
        (
            Restart(date(2026, 4, 17)),
            "2026-04-17 周五的事由发生在2026-04-16 周四届满之后，不重新起算",
        ),
        (Restart(date(2026, 3, 1)), "2026-03-01 周日的事由发生在起算之前，不重新起算"),
    ],
)
def test_each_adjustment_is_told(adjustment: Adjustment, text: str) -> None:
    assert text in steps("2026-03-02", 45, Unit.DAY, Roll.FORWARD, adjustment)


@pytest.mark.parametrize(
    ("roll", "text"),
    [
        (Roll.NONE, "2026-10-03 周六是休息日（国庆节），这个期限不顺延"),
        (Roll.BACK, "2026-10-03 周六是休息日（国庆节），提前到2026-09-30 周三"),
    ],
)
def test_the_other_rolls_are_told(roll: Roll, text: str) -> None:
    assert text in steps("2026-10-03", 0, Unit.DAY, roll)


def test_a_backward_count_says_when_to_act() -> None:
    found = steps("2026-02-24", 5, Unit.DAY, Roll.NONE, direction=Direction.BACKWARD)
    assert "2026-02-19 周四是休息日（春节），不往后顺延，最迟在2026-02-14 周六办" in found


def test_an_uncertain_date_tells_why_and_its_range() -> None:
    assert steps("2026-12-10", 45)[-3:] == [
        "2027年放假安排还没有公布，先按周末和固定节日推算，公布后重算",
        "按还可能公布的安排，最早2027-01-24 周日，最晚2027-01-25 周一",
        "周一到期（暂定）：2027-01-25",
    ]


def test_an_uncertain_date_without_a_range_says_only_why() -> None:
    assert steps("2026-12-10", 40)[-2:] == [
        "2027年放假安排还没有公布，先按周末和固定节日推算，公布后重算",
        "周二到期（暂定）：2027-01-19",
    ]


def test_hours_are_told_with_the_minute() -> None:
    start = datetime(2026, 2, 14, 22, 30)  # noqa: DTZ001 - office time
    assert explain(compute_period(Period(start, 48, Unit.HOUR), CALENDAR)) == [
        "从2026-02-14 周六 22:30起算",
        "2026-02-14 周六 22:30加48小时，得2026-02-16 周一 22:30",
        "周一到期：2026-02-16T22:30",
    ]


def test_a_due_tells_event_article_sum_and_result() -> None:
    assert explain(due("arbitration.decide", event(E.ACCEPTED, "2026-03-02"))) == [
        "2026-03-02 周一受理，从第二天起算",
        "依据《劳动争议调解仲裁法》第43条第1款",
        "2026-03-02 周一加45日，自然日，得2026-04-16 周四",
        "周四到期：2026-04-16",
    ]


def test_a_due_tells_what_started_it_anew() -> None:
    found = explain(
        due(
            "arbitration.decide",
            event(E.ACCEPTED, "2026-03-02"),
            event(E.CLAIMS_CHANGED, "2026-03-20"),
            event(E.CLAIMS_CHANGED, "2026-06-20"),
        )
    )
    assert found[2:4] == [
        "2026-03-20 周五增加或变更请求，从第二天起重新起算",
        "2026-06-20 周六的事由发生在2026-05-06 周三届满之后，不重新起算",
    ]


def test_a_resting_clock_says_since_when() -> None:
    found = due(
        "arbitration.decide", event(E.ACCEPTED, "2026-03-02"), event(E.SUSPENDED, "2026-03-11")
    )
    assert explain(found)[-1] == "2026-03-11 周三起中止，恢复后接着计算"


def test_no_deadline_is_an_answer() -> None:
    last = explain(due("arbitration.limitation_employed", unpaid_from="2026-01-10"))[-1]
    assert last == "法律没有规定期限：劳动关系还在的，追讨拖欠的劳动报酬不受1年时效的限制。"


# Rows of the case page


def test_the_rows_of_a_rolled_sum() -> None:
    assert sum_rows(due("arbitration.decide", event(E.ACCEPTED, "2026-12-10")))[:8] == [
        SumRow("起算", "2026-12-10 周四 受理，当天不算", "event"),
        SumRow("加", "45日，自然日", "add"),
        SumRow("得", "2027-01-24 周日", "sum"),
        SumRow("顺延", "2027-01-24 周日是休息日（周末），延到下一个工作日", "roll"),
        SumRow("", "2027年放假安排还没有公布，先按周末和固定节日推算，公布后重算", "note"),
        SumRow("", "按还可能公布的安排，最早2027-01-24 周日，最晚2027-01-25 周一", "note"),
        SumRow("到", "2027-01-25 周一，暂定", "result"),
        SumRow("依据", "《劳动争议调解仲裁法》第43条第1款", "law"),
    ]


def test_a_sum_that_needs_no_roll_shows_its_end_once() -> None:
    rows = sum_rows(due("arbitration.accept", event(E.APPLIED, "2026-03-04")))
    assert [row.label for row in rows[:3]] == ["起算", "加", "到"]


def test_the_rows_of_a_roll_over_a_weekend() -> None:
    rows = sum_rows(due("arbitration.accept", event(E.APPLIED, "2026-03-02")))
    assert [(r.label, r.value) for r in rows] == [
        ("起算", "2026-03-02 周一 申请，当天不算"),
        ("加", "5日，自然日"),
        ("得", "2026-03-07 周六"),
        ("顺延", "2026-03-07 周六是休息日（周末），延到下一个工作日"),
        ("到", "2026-03-09 周一"),
        ("依据", "《劳动争议调解仲裁法》第29条"),
        ("依据", "《民法典》第203条"),
        ("规定", "仲裁委收到申请之日起5日内决定受理；不受理或者逾期不决定的，可以起诉。"),
    ]


def test_the_rows_show_extension_and_suspension() -> None:
    rows = sum_rows(
        due(
            "arbitration.decide",
            event(E.ACCEPTED, "2026-03-02"),
            event(E.SUSPENDED, "2026-03-11"),
            event(E.RESUMED, "2026-03-12"),
            event(E.EXTENDED, "2026-04-01"),
        )
    )
    assert [row.label for row in rows[:6]] == ["起算", "延长", "加", "得", "扣除", "顺延"]


def test_the_rows_of_no_deadline() -> None:
    rows = sum_rows(due("arbitration.limitation_employed", unpaid_from="2026-01-10"))
    assert SumRow("到", "没有期限", "result") in rows


def test_the_rows_of_an_hour() -> None:
    start = datetime(2026, 2, 14, 22, 30)  # noqa: DTZ001 - office time
    facts = Facts({"first_treated_at": start})
    (found,) = compute(facts, CALENDAR, [get_rule("work_injury.rescue")])
    assert SumRow("到", "2026-02-16 周一 22:30", "result") in sum_rows(found)


# Words


@pytest.mark.parametrize(
    ("article", "text"),
    [
        ("29", "《劳动争议调解仲裁法》第29条"),
        ("27(4)", "《劳动争议调解仲裁法》第27条第4款"),
    ],
)
def test_an_article_is_printed_in_full(article: str, text: str) -> None:
    assert law_text(Law("劳动争议调解仲裁法", article)) == text


def test_everything_said_goes_through_the_catalogue() -> None:
    asked: set[str] = set()

    def english(text: str) -> str:
        asked.add(text)
        return re.sub(r"[一-鿿（）《》，：。、〈〉]+", "x", text)

    found = due(
        "arbitration.decide",
        event(E.ACCEPTED, "2026-12-10"),
        event(E.CLAIMS_CHANGED, "2026-12-20"),
        event(E.EXTENDED, "2026-12-22"),
    )
    said = " ".join(
        [*explain(found, english), *(r.label + r.value for r in sum_rows(found, english))]
    )
    assert re.findall(r"[一-鿿]", said) == []
    assert set(words.WEEKDAYS) & asked


@pytest.mark.parametrize(
    ("moment", "text"),
    [(date(2026, 3, 2), "2026-03-02"), (datetime(2026, 3, 2, 9, 5), "2026-03-02T09:05")],  # noqa: DTZ001
)
def test_commands_print_days_and_minutes(moment: date, text: str) -> None:
    assert plain(moment) == text


def test_a_date_carries_its_weekday() -> None:
    assert day_text(date(2026, 3, 1)) == "2026-03-01 周日"
