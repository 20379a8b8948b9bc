"""The one clock: aware UTC instants and the office's calendar day (Asia/Shanghai)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_offset: timedelta | None = None
_fixed: datetime | None = None


def now() -> datetime:
    """This instant, aware, in UTC."""
    if _fixed is not None:
        return _fixed
    real = datetime.now(UTC)
    return real if _offset is None else real + _offset


def host_now() -> datetime:
    """The machine's own clock, also while the office's clock is stopped for a test."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in China."""
    return local(now()).date()


def local(instant: datetime) -> datetime:
    """An instant as the office's wall clock shows it."""
    return instant.astimezone(SHANGHAI)


def start_of(day: date) -> datetime:
    """Midnight of a Chinese calendar day as an instant in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


def fix(instant: datetime | None) -> None:
    """Stop the clock at an instant (tests and demonstrations), or let it run again."""
    global _fixed
    _fixed = None if instant is None else instant.astimezone(UTC)


def start_at(instant: datetime) -> None:
    """Let the clock run on from an instant (browser journeys)."""
    global _offset
    _offset = instant.astimezone(UTC) - datetime.now(UTC)


@contextmanager
def frozen(instant: datetime) -> Iterator[None]:
    """The clock stands still inside the block."""
    before = _fixed
    fix(instant)
    try:
        yield
    finally:
        fix(before)
