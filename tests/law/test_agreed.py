"""Days that people agreed: hearings, instalments, answers; what meets, moves and ends them."""

from dataclasses import replace
from datetime import date

from worker_legal.law.calendar import WorkCalendar
from worker_legal.law.deadlines import Facts, Happening, compute
from worker_legal.law.enums import DeadlineState, EventKind, Stage
from worker_legal.law.rules import agreed

E = EventKind
OPEN, MET, CANCELLED = DeadlineState.OPEN, DeadlineState.MET, DeadlineState.CANCELLED


def _event(kind: EventKind, day: int, **data: str) -> Happening:
    ref = f"{kind}-{day}-{len(data)}-{sorted(data.values())}"
    return Happening(kind, date(2026, 3, day), Stage.MEDIATION, ref, 1, data)


def _hearing(day: int, at: int, kind: EventKind = E.HEARING_SCHEDULED) -> Happening:
    return _event(kind, day, at=f"2026-03-{at:02}T09:30")


def _dates(code: str, *happenings: Happening) -> list[tuple[int, DeadlineState]]:
    dues = compute(Facts(happenings=happenings), WorkCalendar(), agreed.ROWS)
    found = [(due.due_on, due.state) for due in dues if due.rule_code == f"agreed.{code}"]
    return [(day.day, state) for day, state in found if day is not None]


def test_a_hearing_is_due_on_its_day() -> None:
    assert _dates("hearing", _hearing(2, 20)) == [(20, OPEN)]


def test_a_hearing_without_a_day_is_no_date() -> None:
    assert _dates("hearing", _event(E.HEARING_SCHEDULED, 2)) == []


def test_a_hearing_put_off_gives_way_to_the_new_day() -> None:
    found = _dates("hearing", _hearing(2, 20), _hearing(5, 27, E.HEARING_ADJOURNED))
    assert found == [(20, CANCELLED), (27, OPEN)]


def test_put_off_twice_on_one_day_leaves_the_last_day() -> None:
    found = _dates(
        "hearing",
        _hearing(2, 20),
        _hearing(5, 25, E.HEARING_ADJOURNED),
        _hearing(5, 27, E.HEARING_ADJOURNED),
    )
    assert found == [(20, CANCELLED), (25, CANCELLED), (27, OPEN)]


def test_of_two_hearings_the_one_named_last_is_put_off() -> None:
    found = _dates(
        "hearing", _hearing(2, 20), _hearing(3, 26), _hearing(5, 27, E.HEARING_ADJOURNED)
    )
    assert found == [(20, OPEN), (26, CANCELLED), (27, OPEN)]


def test_another_proceeding_puts_off_its_own_hearing_only() -> None:
    elsewhere = replace(_hearing(5, 27, E.HEARING_ADJOURNED), proceeding=2, ref="elsewhere")
    assert _dates("hearing", _hearing(2, 20), elsewhere) == [(20, OPEN), (27, OPEN)]


def test_a_hearing_held_meets_those_up_to_its_day() -> None:
    found = _dates("hearing", _hearing(2, 12), _hearing(2, 26), _event(E.HEARING_HELD, 12))
    assert found == [(12, MET), (26, OPEN)]


def test_a_hearing_held_stays_met_when_another_is_put_off() -> None:
    found = _dates(
        "hearing",
        _hearing(2, 12),
        _event(E.HEARING_HELD, 12),
        _hearing(13, 26),
        _hearing(14, 27, E.HEARING_ADJOURNED),
    )
    assert found == [(12, MET), (26, CANCELLED), (27, OPEN)]


def test_what_has_ended_needs_no_hearing() -> None:
    assert _dates("hearing", _hearing(2, 20), _event(E.CONCLUDED, 9)) == [(20, CANCELLED)]


def test_each_payment_meets_its_date_and_may_name_the_next() -> None:
    found = _dates(
        "instalment",
        _event(E.PAID, 2, next_on="2026-03-10"),
        _event(E.PAID, 10, next_on="2026-03-20"),
    )
    assert found == [(10, MET), (20, OPEN)]


def test_a_payment_written_down_before_does_not_meet_the_next_one() -> None:
    earlier = _event(E.PAID, 2)
    assert _dates("instalment", earlier, _event(E.PAID, 2, next_on="2026-03-10")) == [(10, OPEN)]


def test_only_an_answer_meets_the_date_of_an_answer() -> None:
    asked = _event(E.CALL, 2, reply_by="2026-03-09")
    assert _dates("reply", asked, _event(E.CALL, 4)) == [(9, OPEN)]
    assert _dates("reply", asked, _event(E.CALL, 4, answered="yes")) == [(9, MET)]


def test_an_earlier_answer_does_not_answer_a_later_question() -> None:
    found = _dates(
        "reply",
        _event(E.CALL, 2, reply_by="2026-03-09"),
        _event(E.CALL, 3, answered="yes"),
        _event(E.CALL, 4, reply_by="2026-03-12"),
        _event(E.CALL, 5),
    )
    assert found == [(9, MET), (12, OPEN)]
