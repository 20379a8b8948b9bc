"""Facts that hold for every sum of money."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from worker_legal.law.compensation import calculate, compensation

amounts = st.integers(min_value=0, max_value=10**9)
wages = st.integers(min_value=1, max_value=10**8)
hire_days = st.dates(date(2008, 1, 1), date(2024, 12, 31))
lengths = st.integers(min_value=0, max_value=6000)
decimals = st.integers(min_value=1, max_value=2400).map(lambda n: f"{n // 100}.{n % 100:02d}")
parameters = st.fixed_dictionaries(
    {"average_wage_fen": wages, "minimum_wage_fen": wages, "life_expectancy_years": decimals},
    optional={"confirmed": st.booleans(), "fujian_floor_months": decimals},
)


@st.composite
def severances(draw: st.DrawFn) -> dict[str, Any]:
    hired = draw(hire_days)
    return {
        "kind": "severance",
        "variant": draw(st.sampled_from(["N", "N+1", "2N"])),
        "hire_date": hired.isoformat(),
        "end_date": (hired + timedelta(days=draw(lengths))).isoformat(),
        "wages_fen": draw(st.lists(amounts, min_size=1, max_size=12)),
        "previous_month_wage_fen": draw(amounts),
        "parameters": draw(parameters),
    }


@st.composite
def overtimes(draw: st.DrawFn) -> dict[str, Any]:
    entries = st.fixed_dictionaries(
        {"date": st.dates(date(2008, 1, 1), date(2035, 1, 1)).map(str), "hours": decimals},
        optional={"type": st.sampled_from(["weekday", "rest_day", "statutory_holiday"])},
    )
    return {
        "kind": "overtime",
        "monthly_base_fen": draw(wages),
        "entries": draw(st.lists(entries, min_size=1, max_size=8)),
        "paid_fen": draw(amounts),
    }


@st.composite
def injuries(draw: st.DrawFn) -> dict[str, Any]:
    grade = draw(st.integers(min_value=1, max_value=10))
    return {
        "kind": "injury_benefits",
        "grade": grade,
        "contribution_wages_fen": draw(st.lists(amounts, min_size=1, max_size=12)),
        "no_suitable_job": draw(st.booleans()),
        "leaves": grade > 4 and draw(st.booleans()),
        "birth_date": draw(st.dates(date(1950, 1, 1), date(2007, 1, 1))).isoformat(),
        "end_date": draw(st.dates(date(2011, 1, 1), date(2040, 1, 1))).isoformat(),
        "parameters": draw(parameters),
    }


items = st.one_of(severances(), overtimes(), injuries())


def floats(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(floats, value.values()))
    return any(map(floats, value)) if isinstance(value, list) else isinstance(value, float)


@given(items)
def test_the_total_is_the_sum_of_the_lines(item: dict[str, Any]) -> None:
    answer: Any = compensation([item])[0]
    if "error" not in answer:
        total = sum(line["amount_fen"] for line in answer["lines"])
        assert answer["total_fen"] == (max(total, 0) if item["kind"] == "overtime" else total)


@given(items)
def test_nothing_is_ever_a_float(item: dict[str, Any]) -> None:
    assert not floats(compensation([item])[0])


@given(items)
def test_each_warning_code_comes_once(item: dict[str, Any]) -> None:
    answer: Any = compensation([item])[0]
    codes = [warning.split(": ")[0] for warning in answer.get("warnings", [])]
    assert len(codes) == len(set(codes))


@given(items)
def test_the_same_input_gives_the_same_answer(item: dict[str, Any]) -> None:
    assert compensation([item, item])[0] == compensation([item])[0]


@given(severances())
def test_twice_n_is_twice_the_exact_n(item: dict[str, Any]) -> None:
    fields = {key: value for key, value in item.items() if key != "kind"}
    once = calculate("severance", {**fields, "variant": "N"}).total_fen
    twice = calculate("severance", {**fields, "variant": "2N"}).total_fen
    assert abs(twice - 2 * once) <= 1


@given(wages, amounts, hire_days, lengths)
def test_a_higher_wage_never_lowers_the_double_wage(
    wage: int, more: int, hired: date, length: int
) -> None:
    def due(monthly: int) -> int:
        fields = {
            "hire_date": hired.isoformat(),
            "end_date": (hired + timedelta(days=length)).isoformat(),
            "monthly_wage_fen": monthly,
        }
        return calculate("double_wage", fields).total_fen

    assert due(wage) <= due(wage + more)


@given(wages, hire_days, lengths)
def test_a_day_longer_never_lowers_the_double_wage(wage: int, hired: date, length: int) -> None:
    def due(days: int) -> int:
        fields = {
            "hire_date": hired.isoformat(),
            "end_date": (hired + timedelta(days=days)).isoformat(),
            "monthly_wage_fen": wage,
        }
        return calculate("double_wage", fields).total_fen

    assert due(length) <= due(length + 1) <= 11 * wage


@given(wages, st.integers(min_value=1, max_value=100), st.integers(min_value=0, max_value=100))
def test_more_hours_never_lower_the_overtime(base: int, hours: int, more: int) -> None:
    def due(hundredths: int) -> int:
        entry = {"date": "2026-03-04", "hours": f"{hundredths // 100}.{hundredths % 100:02d}"}
        return calculate("overtime", {"monthly_base_fen": base, "entries": [entry]}).total_fen

    assert due(hours) <= due(hours + more)
