"""From events to dues: whose move, what meets, cancels, rests and reopens a date."""

from datetime import date

import pytest

from tests.support.law import CALENDAR, dues, on, only
from worker_legal.law.deadlines import Facts, compute
from worker_legal.law.enums import DeadlineState, Stage, Who
from worker_legal.law.enums import EventKind as E

OPEN, MET = DeadlineState.OPEN, DeadlineState.MET


def test_nothing_follows_from_nothing() -> None:
    assert compute(Facts(), CALENDAR) == []


def test_a_due_names_its_event_and_proceeding() -> None:
    due = only("arbitration.decide", on(E.ACCEPTED, "2026-03-02", ref="event:7"))
    assert (due.trigger_ref, due.proceeding, due.stage) == ("event:7", 1, Stage.ARBITRATION)


def test_a_due_from_a_fact_names_the_fact() -> None:
    due = only("work_injury.worker_applies", injured_on="2025-12-15")
    assert (due.trigger_ref, due.proceeding, due.stage) == (
        "fact:injured_on",
        None,
        Stage.WORK_INJURY,
    )


def test_a_limitation_belongs_to_no_stage() -> None:
    assert only("arbitration.limitation", dispute_known_on="2026-03-02").stage is None


def test_a_due_shows_what_its_rule_says() -> None:
    due = only("ratification.review", on(E.AGREEMENT_EFFECTIVE, "2026-03-02", Stage.MEDIATION))
    assert (due.label, due.optional, due.confirmed, due.informative, due.rule_version) == (
        "共同申请仲裁审查",
        True,
        False,
        False,
        1,
    )


def test_the_order_in_which_events_are_given_does_not_matter() -> None:
    events = (on(E.ACCEPTED, "2026-03-02"), on(E.CLAIMS_CHANGED, "2026-03-20"))
    assert (
        only("arbitration.decide", *events).due_on
        == only("arbitration.decide", *events[::-1]).due_on
    )


# Meeting and cancelling


def test_a_date_is_met_by_the_event_that_does_it() -> None:
    due = only(
        "arbitration.accept",
        on(E.APPLIED, "2026-03-02"),
        on(E.ACCEPTED, "2026-03-04", ref="event:2"),
    )
    assert (due.state, due.met_ref, due.met_on) == (MET, "event:2", date(2026, 3, 4))


def test_an_event_of_another_proceeding_meets_nothing() -> None:
    due = only(
        "arbitration.accept",
        on(E.APPLIED, "2026-03-02"),
        on(E.ACCEPTED, "2026-03-04", Stage.ARBITRATION, 2),
    )
    assert due.state is OPEN


def test_an_event_of_another_stage_meets_nothing() -> None:
    due = only(
        "arbitration.accept",
        on(E.APPLIED, "2026-03-02"),
        on(E.ACCEPTED, "2026-03-04", Stage.MEDIATION, None),
    )
    assert due.state is OPEN


def test_an_event_before_the_start_meets_nothing() -> None:
    due = only(
        "arbitration.answer",
        on(E.ANSWER_RECEIVED, "2026-03-01"),
        on(E.COPY_SERVED, "2026-03-02"),
    )
    assert due.state is OPEN


def test_a_suit_meets_the_time_to_sue() -> None:
    due = only(
        "arbitration.sue",
        on(E.AWARD_SERVED, "2026-03-02", final="no"),
        on(E.APPLIED, "2026-03-10", Stage.LITIGATION, 2),
    )
    assert due.state is MET


def test_a_withdrawal_cancels_what_was_open() -> None:
    due = only("arbitration.decide", on(E.ACCEPTED, "2026-03-02"), on(E.WITHDRAWN, "2026-03-10"))
    assert due.state is DeadlineState.CANCELLED


def test_what_was_met_before_a_withdrawal_stays_met() -> None:
    due = only(
        "arbitration.accept",
        on(E.APPLIED, "2026-03-02"),
        on(E.ACCEPTED, "2026-03-04"),
        on(E.WITHDRAWN, "2026-03-10"),
    )
    assert due.state is MET


def test_what_comes_after_a_withdrawal_meets_nothing() -> None:
    due = only(
        "arbitration.decide",
        on(E.ACCEPTED, "2026-03-02"),
        on(E.WITHDRAWN, "2026-03-10"),
        on(E.CONCLUDED, "2026-03-11"),
    )
    assert (due.state, due.met_ref) == (DeadlineState.CANCELLED, "")


@pytest.mark.parametrize(
    ("as_of", "state"),
    [("", OPEN), ("2026-03-09", OPEN), ("2026-03-10", DeadlineState.LAPSED)],
)
def test_only_the_day_of_asking_tells_what_has_lapsed(as_of: str, state: DeadlineState) -> None:
    due = only("arbitration.accept", on(E.APPLIED, "2026-03-04"), as_of=as_of)
    assert (due.due_on, due.state) == (date(2026, 3, 9), state)


def test_an_agreement_chosen_for_the_court_ends_the_other_route() -> None:
    found = dues(
        on(E.AGREEMENT_EFFECTIVE, "2026-03-02", Stage.MEDIATION),
        on(E.RATIFICATION_APPLIED, "2026-03-05", Stage.MEDIATION, route="court"),
    )
    states = [found[code][0].state for code in ("ratification.review", "ratification.court")]
    assert states == [DeadlineState.CANCELLED, MET]


def test_the_day_an_agreement_takes_effect_comes_before_the_day_it_was_signed() -> None:
    due = only(
        "ratification.court",
        on(E.AGREEMENT_SIGNED, "2026-03-02", Stage.MEDIATION),
        on(E.AGREEMENT_EFFECTIVE, "2026-03-04", Stage.MEDIATION),
    )
    assert due.started_on == date(2026, 3, 4)


# The final award is not the same for both sides


def test_a_final_award_gives_the_worker_a_suit_and_the_employer_a_set_aside() -> None:
    found = dues(on(E.AWARD_SERVED, "2026-03-02", final="yes"))
    assert {code: found[code][0].who for code in found} == {
        "arbitration.sue_final": Who.WORKER,
        "arbitration.set_aside": Who.EMPLOYER,
    }


@pytest.mark.parametrize(
    ("recipient", "code"),
    [("worker", "arbitration.sue_final"), ("employer", "arbitration.set_aside")],
)
def test_a_final_award_served_on_one_side(recipient: str, code: str) -> None:
    assert list(dues(on(E.AWARD_SERVED, "2026-03-02", final=True, recipient=recipient))) == [code]


@pytest.mark.parametrize(
    ("recipient", "who"), [("worker", Who.WORKER), ("employer", Who.EMPLOYER), ("", Who.EITHER)]
)
def test_a_non_final_award_may_be_challenged_by_who_received_it(recipient: str, who: Who) -> None:
    due = only("arbitration.sue", on(E.AWARD_SERVED, "2026-03-02", recipient=recipient))
    assert due.who is who


def test_each_side_has_its_own_time() -> None:
    found = dues(
        on(E.AWARD_SERVED, "2026-03-02", final="no", recipient="worker"),
        on(E.AWARD_SERVED, "2026-03-05", final="no", recipient="employer"),
    )
    assert [d.due_on for d in found["arbitration.sue"]] == [date(2026, 3, 17), date(2026, 3, 20)]


# Extension


def test_an_extension_may_name_its_rule() -> None:
    due = only(
        "arbitration.decide",
        on(E.ACCEPTED, "2026-03-02"),
        on(E.EXTENDED, "2026-04-01", rule="arbitration.answer"),
    )
    assert due.due_on == date(2026, 4, 16)


def test_an_extension_never_exceeds_the_statute() -> None:
    due = only(
        "arbitration.decide", on(E.ACCEPTED, "2026-03-02"), on(E.EXTENDED, "2026-04-01", days=90)
    )
    assert due.due_on == date(2026, 5, 6)


def test_an_agreed_extension_may_be_repeated() -> None:
    due = only(
        "mediation.committee_end",
        on(E.ACCEPTED, "2026-03-02", Stage.MEDIATION),
        on(E.EXTENDED, "2026-03-10", Stage.MEDIATION, days=5),
        on(E.EXTENDED, "2026-03-12", Stage.MEDIATION, days=5),
        flags={"enterprise_committee": True},
    )
    assert due.due_on == date(2026, 3, 27)


def test_an_extension_after_the_award_changes_nothing() -> None:
    due = only(
        "arbitration.decide",
        on(E.ACCEPTED, "2026-03-02"),
        on(E.AWARD_SERVED, "2026-04-01"),
        on(E.EXTENDED, "2026-04-02"),
    )
    assert due.due_on == date(2026, 4, 16)


# Suspension


def test_a_suspended_clock_has_no_date() -> None:
    due = only("arbitration.decide", on(E.ACCEPTED, "2026-03-02"), on(E.SUSPENDED, "2026-03-11"))
    assert (due.due_on, due.paused, due.state, due.act_by) == (None, True, OPEN, None)


def test_a_second_suspension_notice_does_not_begin_again() -> None:
    due = only(
        "arbitration.decide",
        on(E.ACCEPTED, "2026-03-02"),
        on(E.SUSPENDED, "2026-03-11"),
        on(E.SUSPENDED, "2026-03-15"),
        on(E.RESUMED, "2026-03-20"),
    )
    assert due.due_on == date(2026, 4, 26 + 1)


def test_a_resumption_without_suspension_changes_nothing() -> None:
    due = only("arbitration.decide", on(E.ACCEPTED, "2026-03-02"), on(E.RESUMED, "2026-03-20"))
    assert due.due_on == date(2026, 4, 16)


def test_a_suspension_after_the_end_changes_nothing() -> None:
    due = only(
        "arbitration.decide",
        on(E.ACCEPTED, "2026-03-02"),
        on(E.SUSPENDED, "2026-05-11"),
        on(E.RESUMED, "2026-05-20"),
    )
    assert due.due_on == date(2026, 4, 16)


def test_a_suspension_before_a_restart_is_forgotten() -> None:
    due = only(
        "arbitration.decide",
        on(E.ACCEPTED, "2026-03-02"),
        on(E.SUSPENDED, "2026-03-05"),
        on(E.RESUMED, "2026-03-14"),
        on(E.CLAIMS_CHANGED, "2026-03-20"),
    )
    assert due.due_on == date(2026, 5, 6)


def test_a_suspension_keeps_the_clock_alive_for_a_restart() -> None:
    due = only(
        "arbitration.decide",
        on(E.ACCEPTED, "2026-03-02"),
        on(E.SUSPENDED, "2026-03-05"),
        on(E.RESUMED, "2026-03-14"),
        on(E.CLAIMS_CHANGED, "2026-04-20"),
    )
    assert due.due_on == date(2026, 6, 4)


def test_the_end_of_a_public_notice_may_be_given() -> None:
    due = only(
        "arbitration.decide",
        on(E.ACCEPTED, "2026-03-02"),
        on(E.PUBLIC_NOTICE, "2026-03-11", ends_on="2026-03-20"),
    )
    assert due.due_on == date(2026, 4, 26 + 1)


def test_what_pauses_a_proceeding_does_not_pause_the_limitation() -> None:
    due = only(
        "arbitration.limitation",
        on(E.SUSPENDED, "2026-03-05", Stage.MEDIATION, 4),
        on(E.RESUMED, "2026-03-14", Stage.MEDIATION, 4),
        dispute_known_on="2025-06-10",
    )
    assert due.due_on == date(2026, 6, 10)


def test_an_award_after_the_end_ends_the_pauses_too() -> None:
    due = only(
        "arbitration.decide",
        on(E.ACCEPTED, "2026-03-02"),
        on(E.AWARD_SERVED, "2026-04-01"),
        on(E.SUSPENDED, "2026-04-05"),
    )
    assert (due.state, due.paused) == (MET, False)


# Limitation


def test_filing_meets_the_limitation() -> None:
    due = only(
        "arbitration.limitation",
        on(E.APPLIED, "2026-03-02", ref="event:1"),
        dispute_known_on="2025-06-10",
    )
    assert (due.state, due.met_ref) == (MET, "event:1")


def test_a_withdrawn_filing_starts_the_limitation_anew() -> None:
    due = only(
        "arbitration.limitation",
        on(E.APPLIED, "2026-03-02"),
        on(E.WITHDRAWN, "2026-04-01"),
        dispute_known_on="2025-06-10",
    )
    assert (due.state, due.due_on) == (OPEN, date(2027, 4, 1))


def test_a_withdrawal_elsewhere_does_not_undo_the_filing() -> None:
    due = only(
        "arbitration.limitation",
        on(E.APPLIED, "2026-03-02"),
        on(E.WITHDRAWN, "2026-04-01", Stage.ARBITRATION, 2),
        dispute_known_on="2025-06-10",
    )
    assert due.state is MET


def test_an_interruption_after_filing_changes_nothing() -> None:
    due = only(
        "arbitration.limitation",
        on(E.APPLIED, "2026-03-02"),
        on(E.INTERRUPTED, "2026-03-10", None, None),
        dispute_known_on="2025-06-10",
    )
    assert due.due_on == date(2026, 6, 10)


def test_wages_have_no_limitation_while_employed() -> None:
    due = only("arbitration.limitation_employed", unpaid_from="2020-01-10")
    assert (due.due_on, due.state, due.paused) == (None, OPEN, False)


def test_leaving_starts_the_limitation_for_wages() -> None:
    found = dues(unpaid_from="2026-09-10", left_on="2026-10-31")
    assert "arbitration.limitation_employed" not in found
    assert found["arbitration.limitation_wages"][0].due_on == date(2027, 11, 1)
