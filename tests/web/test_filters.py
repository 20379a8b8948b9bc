"""How money, days, instants and codes are written on a page."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from tests.support.bare import bare_app
from tests.support.clocks import TestClock
from worker_legal.law.enums import Stage
from worker_legal.web import filters

THURSDAY = date(2026, 12, 10)


@pytest.fixture
def bare(clock: TestClock) -> Flask:
    """Draws shared parts on the stopped day."""
    return bare_app()


@pytest.mark.parametrize(
    ("write", "value", "words"),
    [
        (filters.fen, 1_234_560, "12,345.60"),
        (filters.fen, 0, "0.00"),
        (filters.fen, None, "—"),
        (filters.wan, 1_416_330_000, "1,416.33"),
        (filters.wan, None, "—"),
        (filters.fen_words, 46_820_000, "肆拾陆万捌仟贰佰元整"),
        (filters.fen_words, None, ""),
        (filters.date_cn, THURSDAY, "2026-12-10 周四"),
        (filters.date_cn, None, ""),
        (filters.date_short, THURSDAY, "12-10 周四"),
        (filters.date_short, date(2027, 1, 25), "2027-01-25 周一"),
        (filters.date_short, None, ""),
        (filters.date_md, None, ""),
        (filters.month, date(2026, 8, 3), "2026年8月"),
        (filters.month, None, ""),
        (filters.weekday, None, ""),
        (filters.days_left, date(2026, 11, 26), 3),
        (filters.days_left, date(2026, 11, 20), -3),
        (filters.days_left, None, None),
        (filters.instant, datetime(2026, 11, 23, 17, 30, tzinfo=UTC), "2026-11-24 周二 01:30"),
        (filters.instant, None, ""),
        (filters.hour, datetime(2026, 11, 23, 1, 5, tzinfo=UTC), "09:05"),
        (filters.hour, None, ""),
        (filters.label, Stage.ARBITRATION, "仲裁"),
        (filters.label, None, ""),
    ],
)
def test_a_value_is_written_as_the_office_writes_it(
    bare: Flask, write: Callable[[Any], Any], value: object, words: object
) -> None:
    with bare.test_request_context():
        assert write(value) == words


def test_days_are_counted_in_china_after_midnight_there(bare: Flask, clock: TestClock) -> None:
    clock.move_to(datetime(2026, 11, 23, 16, 30, tzinfo=UTC))
    assert filters.days_left(date(2026, 11, 24)) == 0


@pytest.mark.parametrize(("locale", "code"), [("zh", "zh-CN"), ("en", "en")])
def test_the_page_says_which_language_it_speaks(bare: Flask, locale: str, code: str) -> None:
    with bare.test_request_context(), force_locale(locale):
        assert filters.page_language() == code


def test_templates_find_every_filter(bare: Flask) -> None:
    assert set(filters.FILTERS) <= set(bare.jinja_env.filters)
