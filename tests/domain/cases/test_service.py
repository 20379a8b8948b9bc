"""Opening proceedings, recording what happened, correcting it."""

from datetime import date, timedelta

import pytest
from flask import Flask

from tests import builders
from tests.support.clocks import TestClock
from worker_legal.domain import cases, org
from worker_legal.domain.permissions import Actor, Role
from worker_legal.errors import BadInput, NotAllowed, NotFound, RuleBroken
from worker_legal.law.enums import EventKind, Outcome, Stage, Status

K = EventKind
SYSTEM = Actor.system("tests")
MONDAY = date(2026, 11, 23)


@pytest.fixture
def case(app: Flask) -> cases.Case:
    """A dispute of one worker in mediation since a week ago."""
    site = builders.make_office()
    return builders.make_case(
        site, first_stage=Stage.MEDIATION, registered_on=MONDAY - timedelta(days=7)
    )


@pytest.fixture
def mediation(case: cases.Case) -> cases.Proceeding:
    """The mediation of that case."""
    return builders.first_proceeding(case)


# --- moving ---------------------------------------------------------------------


def test_an_accepted_proceeding_can_be_concluded_with_an_outcome(
    case: cases.Case, mediation: cases.Proceeding
) -> None:
    builders.record(case, K.ACCEPTED, mediation)
    builders.record(case, K.CONCLUDED, mediation, outcome="agreed", agreed_fen=500_000)
    assert (mediation.status, mediation.outcome) == (Status.CONCLUDED, Outcome.AGREED)
    assert mediation.concluded_on == MONDAY


@pytest.mark.parametrize(
    "kind",
    [K.CONCLUDED, K.RESUMED, K.SUSPENDED, K.HEARING_HELD, K.AGREEMENT_SIGNED, K.RATIFIED],
)
def test_an_event_before_its_cause_is_refused(
    case: cases.Case, mediation: cases.Proceeding, kind: EventKind
) -> None:
    payload = {"outcome": "agreed", "reason": "x", "agreed_fen": 1}
    with pytest.raises(RuleBroken) as refused:
        builders.record(case, kind, mediation, **payload)
    assert refused.value.code == "wrong_order"


def test_the_refusal_names_what_has_to_be_recorded_first(
    case: cases.Case, mediation: cases.Proceeding
) -> None:
    with pytest.raises(RuleBroken, match="登记“签订调解协议”之前要先登记“受理”"):
        builders.record(case, K.AGREEMENT_SIGNED, mediation, agreed_fen=1)


def test_an_event_of_another_service_is_refused(
    case: cases.Case, mediation: cases.Proceeding
) -> None:
    with pytest.raises(RuleBroken, match="“调解”没有“收到裁决书”这一步"):
        builders.record(case, K.AWARD_SERVED, mediation, final="no", recipient="worker")


def test_a_day_before_the_application_is_refused(
    case: cases.Case, mediation: cases.Proceeding
) -> None:
    with pytest.raises(BadInput) as refused:
        builders.record(case, K.ACCEPTED, mediation, on=date(2026, 11, 1))
    assert refused.value.field == "on"


def test_a_day_to_come_is_refused(case: cases.Case, mediation: cases.Proceeding) -> None:
    with pytest.raises(BadInput) as refused:
        builders.record(case, K.ACCEPTED, mediation, on=MONDAY + timedelta(days=1))
    assert refused.value.field == "on"


def test_after_the_end_only_papers_and_money_follow(
    case: cases.Case, mediation: cases.Proceeding, clock: TestClock
) -> None:
    builders.record(case, K.ACCEPTED, mediation)
    builders.record(case, K.CONCLUDED, mediation, outcome="failed")
    clock.advance(days=1)
    builders.record(case, K.PAID, mediation, received_fen=100)
    with pytest.raises(RuleBroken, match="之后没有"):
        builders.record(case, K.EVIDENCE_FILED, mediation)


def test_what_happened_before_the_end_may_be_entered_late(
    case: cases.Case, mediation: cases.Proceeding
) -> None:
    builders.record(case, K.ACCEPTED, mediation, on=date(2026, 11, 17))
    builders.record(case, K.CONCLUDED, mediation, on=date(2026, 11, 20), outcome="failed")
    builders.record(case, K.HEARING_HELD, mediation, on=date(2026, 11, 19))
    assert mediation.concluded_on == date(2026, 11, 20)


def test_a_late_entry_that_contradicts_a_later_step_is_refused(
    case: cases.Case, mediation: cases.Proceeding
) -> None:
    builders.record(case, K.ACCEPTED, mediation, on=date(2026, 11, 18))
    with pytest.raises(RuleBroken):
        builders.record(case, K.HEARING_HELD, mediation, on=date(2026, 11, 17))


def test_an_extension_is_granted_once_only(case: cases.Case) -> None:
    arbitration = builders.open_stage(case, Stage.ARBITRATION)
    builders.record(case, K.ACCEPTED, arbitration)
    builders.record(case, K.EXTENDED, arbitration, approved_by="主任", reason="案情复杂")
    with pytest.raises(RuleBroken, match="法律只允许延期一次") as refused:
        builders.record(case, K.EXTENDED, arbitration, approved_by="主任", reason="还要")
    assert refused.value.code == "second_extension"


def test_each_period_of_a_work_injury_has_its_own_extension(case: cases.Case) -> None:
    injury = builders.open_stage(case, Stage.WORK_INJURY)
    builders.record(case, K.ACCEPTED, injury)
    given = {"approved_by": "主任", "reason": "案情复杂"}
    builders.record(case, K.EXTENDED, injury, rule="appraisal.conclude", **given)
    builders.record(case, K.EXTENDED, injury, rule="work_injury.paid_leave", **given)
    with pytest.raises(RuleBroken, match="法律只允许延期一次"):
        builders.record(case, K.EXTENDED, injury, rule="appraisal.conclude", **given)
    assert K.EXTENDED in cases.choices_of([injury], cases.all_events(case))[injury.id]


def test_the_extended_period_of_a_work_injury_is_asked_for(case: cases.Case) -> None:
    injury = builders.open_stage(case, Stage.WORK_INJURY)
    builders.record(case, K.ACCEPTED, injury)
    with pytest.raises(RuleBroken) as refused:
        builders.record(case, K.EXTENDED, injury, approved_by="主任", reason="案情复杂")
    assert refused.value.field == "rule"


def test_a_required_fact_is_asked_for_by_name(
    case: cases.Case, mediation: cases.Proceeding
) -> None:
    builders.record(case, K.ACCEPTED, mediation)
    with pytest.raises(RuleBroken) as refused:
        builders.record(case, K.CONCLUDED, mediation)
    assert refused.value.field == "outcome"


def test_facts_that_the_event_does_not_have_are_not_kept(case: cases.Case) -> None:
    event = builders.record(case, K.NOTE, nonsense="x")
    assert event.payload == {}


@pytest.mark.parametrize("text", ["身份证99900019850615001X不清", "打13800001234问"])
def test_numbers_of_people_are_refused_where_text_is_kept_in_clear(
    case: cases.Case, mediation: cases.Proceeding, text: str
) -> None:
    with pytest.raises(BadInput) as refused:
        builders.record(case, K.WITHDRAWN, mediation, reason=text)
    assert refused.value.field == "reason"


def test_a_note_is_sealed_and_opens_again(case: cases.Case) -> None:
    event = builders.record(case, K.NOTE, note="住在宿舍三号楼")
    assert cases.notes_of([event]) == {event.id: "住在宿舍三号楼"}
    assert "宿舍" not in str(event.payload)


def test_the_same_filled_in_form_counts_once(case: cases.Case) -> None:
    new = cases.NewEvent(K.VISIT, MONDAY, token="one-filled-in-form")
    first = cases.record_event(SYSTEM, case, new)
    assert cases.record_event(SYSTEM, case, new).id == first.id
    assert sum(event.kind is K.VISIT for event in cases.all_events(case)) == 1


def test_the_same_words_on_another_form_count_again(case: cases.Case) -> None:
    for token in ("first", "second"):
        cases.record_event(SYSTEM, case, cases.NewEvent(K.VISIT, MONDAY, token=token))
    assert sum(event.kind is K.VISIT for event in cases.all_events(case)) == 2


def test_the_limitation_rests_and_goes_on_in_turn(case: cases.Case) -> None:
    with pytest.raises(RuleBroken, match="一前一后"):
        builders.record(case, K.RESUMED)
    builders.record(case, K.SUSPENDED, reason="重病")
    builders.record(case, K.RESUMED)


# --- opening --------------------------------------------------------------------


def test_two_proceedings_run_side_by_side(case: cases.Case) -> None:
    builders.open_stage(case, Stage.ARBITRATION)
    builders.open_stage(case, Stage.WORK_INJURY)
    assert cases.open_stages(case) == [Stage.MEDIATION, Stage.ARBITRATION, Stage.WORK_INJURY]


def test_a_second_open_proceeding_of_a_stage_for_the_same_worker_is_refused(
    case: cases.Case,
) -> None:
    with pytest.raises(RuleBroken, match="已有一个“调解”程序在办"):
        builders.open_stage(case, Stage.MEDIATION)


def test_two_groups_of_workers_have_a_proceeding_each(app: Flask) -> None:
    case = builders.make_case(builders.make_office(), workers=builders.make_group(3))
    ids = [party.id for party in cases.active_workers(case)]
    builders.open_stage(case, Stage.ARBITRATION, party_ids=ids[:2])
    second = builders.open_stage(case, Stage.ARBITRATION, party_ids=ids[2:])
    assert second.seq == 2


def test_suit_without_arbitration_quotes_the_rule(case: cases.Case) -> None:
    with pytest.raises(RuleBroken, match="第五条") as refused:
        builders.open_stage(case, Stage.LITIGATION)
    assert (refused.value.code, refused.value.field) == ("gate", "reason")


def test_the_reason_for_passing_the_gate_stands_on_the_timeline(case: cases.Case) -> None:
    builders.open_stage(case, Stage.LITIGATION, reason="凭工资欠条直接起诉")
    opened = cases.timeline(case)[0]
    assert opened.payload["reason"] == "凭工资欠条直接起诉"


def test_no_reason_is_asked_after_the_arbitration(case: cases.Case) -> None:
    arbitration = builders.open_stage(case, Stage.ARBITRATION)
    builders.record(case, K.ACCEPTED, arbitration)
    builders.record(case, K.CONCLUDED, arbitration, outcome="awarded")
    suit = builders.open_stage(case, Stage.LITIGATION, follows_id=arbitration.id)
    assert suit.status is Status.APPLIED


def test_a_follow_up_before_the_end_of_what_it_follows_is_refused(
    case: cases.Case, mediation: cases.Proceeding
) -> None:
    builders.record(case, K.ACCEPTED, mediation)
    builders.record(case, K.CONCLUDED, mediation, outcome="failed")
    with pytest.raises(BadInput) as refused:
        builders.open_stage(
            case, Stage.ARBITRATION, MONDAY - timedelta(days=1), follows_id=mediation.id
        )
    assert refused.value.field == "filed_on"


def test_a_worker_of_another_case_cannot_be_put_into_a_proceeding(case: cases.Case) -> None:
    with pytest.raises(NotFound):
        builders.open_stage(case, Stage.ARBITRATION, party_ids=[9_999])


def test_opening_twice_by_one_form_opens_once(case: cases.Case) -> None:
    first = builders.open_stage(case, Stage.INSPECTION, token="one-form")
    assert builders.open_stage(case, Stage.INSPECTION, token="one-form").id == first.id


def test_a_lawyer_opens_nothing_in_cases_of_others(app: Flask) -> None:
    site = builders.make_office()
    case = builders.make_case(site)
    lawyer = builders.make_actor(site, Role.LAWYER)
    with pytest.raises(NotFound):
        cases.open_proceeding(lawyer, case, cases.NewProceeding(Stage.ARBITRATION, MONDAY))


def test_an_auditor_records_nothing(case: cases.Case) -> None:
    auditor = builders.make_actor(org.get_unit(case.org_unit_id), Role.AUDITOR)
    with pytest.raises(NotAllowed):
        builders.record(case, K.NOTE, actor=auditor)


# --- correcting -------------------------------------------------------------------


def test_a_corrected_day_moves_the_proceeding(
    case: cases.Case, mediation: cases.Proceeding
) -> None:
    builders.record(case, K.ACCEPTED, mediation)
    ended = builders.record(case, K.CONCLUDED, mediation, outcome="failed")
    builders.record(case, K.NOTE)
    new = cases.NewEvent(K.CONCLUDED, MONDAY, payload={"outcome": "agreed"})
    cases.correct_event(SYSTEM, case, ended.id, new, "选错了结果")
    assert mediation.outcome is Outcome.AGREED


def test_both_the_wrong_and_the_right_entry_stay(case: cases.Case) -> None:
    wrong = builders.record(case, K.CALL, reached="yes")
    new = cases.NewEvent(K.CALL, MONDAY, payload={"reached": "no"})
    right = cases.correct_event(SYSTEM, case, wrong.id, new, "其实没有接通")
    kept = [event.id for event in cases.timeline(case) if event.kind is K.CALL]
    assert kept == [right.id, wrong.id]


def test_an_event_taken_back_no_longer_counts(
    case: cases.Case, mediation: cases.Proceeding
) -> None:
    accepted = builders.record(case, K.ACCEPTED, mediation)
    cases.correct_event(SYSTEM, case, accepted.id, None, "登错了案件")
    assert mediation.status is Status.APPLIED


def test_a_cause_cannot_be_taken_back_from_under_its_consequence(
    case: cases.Case, mediation: cases.Proceeding
) -> None:
    accepted = builders.record(case, K.ACCEPTED, mediation)
    builders.record(case, K.CONCLUDED, mediation, outcome="failed")
    with pytest.raises(RuleBroken):
        cases.correct_event(SYSTEM, case, accepted.id, None, "撤销")


def test_an_entry_is_corrected_at_its_newest_version_only(case: cases.Case) -> None:
    wrong = builders.record(case, K.VISIT)
    cases.correct_event(SYSTEM, case, wrong.id, cases.NewEvent(K.VISIT, MONDAY), "一次")
    with pytest.raises(RuleBroken, match="已经更正过"):
        cases.correct_event(SYSTEM, case, wrong.id, cases.NewEvent(K.VISIT, MONDAY), "两次")


def test_a_correction_needs_a_reason(case: cases.Case) -> None:
    wrong = builders.record(case, K.VISIT)
    with pytest.raises(BadInput) as refused:
        cases.correct_event(SYSTEM, case, wrong.id, None, "  ")
    assert refused.value.field == "correction"


def test_the_application_itself_is_corrected_but_never_taken_back(
    case: cases.Case, mediation: cases.Proceeding
) -> None:
    applied = next(e for e in cases.all_events(case) if e.kind is K.APPLIED)
    with pytest.raises(RuleBroken, match="不能撤销"):
        cases.correct_event(SYSTEM, case, applied.id, None, "撤销")
    earlier = cases.NewEvent(K.APPLIED, date(2026, 11, 12))
    cases.correct_event(SYSTEM, case, applied.id, earlier, "日期写错")
    assert mediation.filed_on == date(2026, 11, 12)


def test_an_application_cannot_move_behind_what_followed_it(
    case: cases.Case, mediation: cases.Proceeding
) -> None:
    builders.record(case, K.ACCEPTED, mediation, on=date(2026, 11, 17))
    applied = next(e for e in cases.all_events(case) if e.kind is K.APPLIED)
    with pytest.raises(RuleBroken, match="早于这个程序的申请日期"):
        cases.correct_event(SYSTEM, case, applied.id, cases.NewEvent(K.APPLIED, MONDAY), "日期写错")


def test_the_day_of_registration_can_be_corrected(case: cases.Case) -> None:
    registered = next(e for e in cases.all_events(case) if e.kind is K.REGISTERED)
    new = cases.NewEvent(K.REGISTERED, date(2026, 11, 10))
    cases.correct_event(SYSTEM, case, registered.id, new, "补登")
    assert case.registered_on == date(2026, 11, 10)
