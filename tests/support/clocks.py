"""The day on which every test happens, unless it says otherwise."""

from datetime import date, datetime, timedelta

from worker_legal.infra import clock

MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=clock.SHANGHAI)


class TestClock:
    """The stopped clock of a test: it moves when the test moves it."""

    __test__ = False

    def move_to(self, moment: date | datetime) -> None:
        """Stop at an instant, or at half past nine on a day."""
        if not isinstance(moment, datetime):
            moment = datetime(moment.year, moment.month, moment.day, 9, 30, tzinfo=clock.SHANGHAI)
        clock.fix(moment)

    def advance(self, **amount: float) -> None:
        """Let time pass: `advance(days=3, minutes=5)`."""
        clock.fix(clock.now() + timedelta(**amount))

    @property
    def today(self) -> date:
        """The day in China on which the test now is."""
        return clock.today()
