"""Time the law engine against date.fromisoformat on the same input; print the ratios.

Run: python benchmarks/law_periods.py    (exit 1 when a limit of the project is exceeded)
"""

import random
import sys
from collections.abc import Callable
from datetime import date, timedelta
from time import perf_counter

from worker_legal.law.arithmetic import Period, Roll, Unit, compute_period
from worker_legal.law.calendar import WorkCalendar
from worker_legal.law.explain import explain

CASES = 4000
ROUNDS = 7
LIMITS = {"natural days": 200, "working days": 400, "a year of working days / a week": 2}


def best(work: Callable[[], object]) -> float:
    """Seconds of the quickest of several rounds."""
    times = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        work()
        times.append(perf_counter() - begun)
    return min(times)


def starts() -> list[str]:
    """Start days of three years, the last of which runs into a year without a notice."""
    chance = random.Random(20261123)  # noqa: S311 - a repeatable sample, no secret
    first = date(2024, 1, 1)
    return [(first + timedelta(chance.randrange(1090))).isoformat() for _ in range(CASES)]


def main() -> int:
    """Print one line per measurement and say whether every limit holds."""
    texts = starts()
    days = [date.fromisoformat(text) for text in texts]
    calendar = WorkCalendar()
    base = best(lambda: [date.fromisoformat(text) for text in texts])

    def timed(length: int, unit: Unit) -> float:
        periods = [Period(day, length, unit, roll=Roll.FORWARD) for day in days]
        return best(lambda: [compute_period(period, calendar) for period in periods])

    week, year = timed(5, Unit.WORKING_DAY), timed(250, Unit.WORKING_DAY)
    published = [Period(day, 250, Unit.WORKING_DAY) for day in days if day.year == 2024]
    short = [period._replace(length=5) for period in published]
    pair = [best(lambda p=p: [compute_period(x, calendar) for x in p]) for p in (published, short)]
    results = {
        "natural days": timed(45, Unit.DAY) / base,
        "months": timed(6, Unit.MONTH) / base,
        "working days": week / base,
        "250 working days": year / base,
        "a year of working days / a week": pair[0] / pair[1],
    }
    words = [compute_period(Period(day, 45), calendar) for day in days]
    results["putting the steps into words"] = best(lambda: [explain(r) for r in words]) / base
    exceeded = False
    for name, ratio in results.items():
        limit = LIMITS.get(name)
        exceeded = exceeded or bool(limit and ratio > limit)
        print(f"{name:<34}{ratio:8.1f}x" + (f"   limit {limit}" if limit else ""))
    print(f"one date.fromisoformat: {base / CASES * 1e9:.0f} ns")
    return int(exceeded)


if __name__ == "__main__":
    sys.exit(main())
