"""Nine services: the state machine, what can be recorded, what comes next."""

import pytest

from worker_legal.errors import RuleBroken
from worker_legal.law.enums import EventKind, Outcome, Stage, Status
from worker_legal.law.stages import (
    CAUSES,
    ENDED,
    EVENT_FIELDS,
    MOVES,
    MOVING,
    SPECS,
    check_payload,
    fields_for,
    follow_ups,
    gate,
    next_status,
    possible_events,
    refuse_without_cause,
)

STEPS = [(status, kind) for status in Status for kind in sorted(MOVING)]
OF_THE_STAGE = {EventKind.APPLIED, EventKind.CONCLUDED}


@pytest.mark.parametrize(("status", "kind"), [step for step in STEPS if step in MOVES])
def test_a_step_of_the_table_moves_the_proceeding(status: Status, kind: EventKind) -> None:
    assert next_status(status, kind) is MOVES[status, kind]


@pytest.mark.parametrize(("status", "kind"), [step for step in STEPS if step not in MOVES])
def test_a_step_outside_the_table_is_refused(status: Status, kind: EventKind) -> None:
    with pytest.raises(RuleBroken) as refusal:
        next_status(status, kind)
    assert refusal.value.code == "wrong_order"


@pytest.mark.parametrize("kind", sorted(set(EventKind) - MOVING))
def test_other_events_leave_the_status(kind: EventKind) -> None:
    assert next_status(Status.SUSPENDED, kind) is Status.SUSPENDED


@pytest.mark.parametrize(("kind", "cause"), sorted(CAUSES.items()))
def test_an_event_before_its_cause_is_refused(kind: EventKind, cause: EventKind) -> None:
    with pytest.raises(RuleBroken, match=cause.label):
        refuse_without_cause(kind, [])


@pytest.mark.parametrize(("kind", "cause"), sorted(CAUSES.items()))
def test_an_event_after_its_cause_passes(kind: EventKind, cause: EventKind) -> None:
    refuse_without_cause(kind, [cause])


def test_an_event_without_a_cause_passes_at_once() -> None:
    refuse_without_cause(EventKind.NOTE, [])


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("status", sorted(set(Status) - ENDED))
def test_what_is_offered_is_never_refused(stage: Stage, status: Status) -> None:
    assert {next_status(status, kind) for kind in possible_events(stage, status)} >= {status}


@pytest.mark.parametrize("stage", Stage)
def test_nothing_without_its_cause_is_offered(stage: Stage) -> None:
    offered = possible_events(stage, Status.ACCEPTED, before=[])
    assert [kind for kind in offered if kind in CAUSES] == []


@pytest.mark.parametrize("stage", Stage)
def test_an_ended_proceeding_cannot_be_concluded_again(stage: Stage) -> None:
    assert EventKind.CONCLUDED not in possible_events(stage, Status.CONCLUDED)


@pytest.mark.parametrize("stage", Stage)
def test_the_application_asks_for_the_fields_of_the_stage(stage: Stage) -> None:
    assert fields_for(stage, EventKind.APPLIED) == SPECS[stage].fields


@pytest.mark.parametrize("stage", Stage)
def test_the_end_offers_the_outcomes_of_the_stage_first(stage: Stage) -> None:
    outcome = fields_for(stage, EventKind.CONCLUDED)[0]
    assert outcome.required
    assert [value for value, _ in outcome.choices] == [end.value for end in SPECS[stage].outcomes]


@pytest.mark.parametrize("stage", [None, Stage.MEDIATION])
@pytest.mark.parametrize("kind", sorted(set(EVENT_FIELDS) - OF_THE_STAGE))
def test_other_events_have_fields_of_their_own(stage: Stage | None, kind: EventKind) -> None:
    assert fields_for(stage, kind) == EVENT_FIELDS[kind]


def test_an_event_without_fields_asks_nothing() -> None:
    assert fields_for(Stage.MEDIATION, EventKind.WITHDRAWN) == EVENT_FIELDS.get(
        EventKind.WITHDRAWN, ()
    )


def test_a_failed_mediation_leads_to_arbitration_first() -> None:
    assert follow_ups(Stage.MEDIATION, Outcome.FAILED)[0] is Stage.ARBITRATION


def test_a_withdrawn_matter_offers_nothing() -> None:
    assert follow_ups(Stage.MEDIATION, None) == ()


def test_suit_asks_for_arbitration_first() -> None:
    assert "第五条" in (gate(Stage.LITIGATION, []) or "")


@pytest.mark.parametrize(
    "before", [Stage.ARBITRATION, Stage.PROCURATORATE, Stage.WORK_INJURY], ids=str
)
def test_suit_is_open_after_what_it_needs(before: Stage) -> None:
    assert gate(Stage.LITIGATION, [(before, Outcome.NOT_ACCEPTED)]) is None


def test_a_withdrawn_arbitration_opens_no_suit() -> None:
    assert gate(Stage.LITIGATION, [(Stage.ARBITRATION, Outcome.WITHDRAWN)]) is not None


def test_enforcement_asks_for_a_document_in_force() -> None:
    assert "第五十一条" in (gate(Stage.ENFORCEMENT, []) or "")


def test_enforcement_is_open_after_an_agreement() -> None:
    assert gate(Stage.ENFORCEMENT, [(Stage.MEDIATION, Outcome.AGREED)]) is None


@pytest.mark.parametrize("stage", sorted(set(Stage) - {Stage.LITIGATION, Stage.ENFORCEMENT}))
def test_other_services_are_always_open(stage: Stage) -> None:
    assert gate(stage, []) is None


@pytest.mark.parametrize("value", [None, ""])
def test_the_outcome_must_be_given(value: str | None) -> None:
    with pytest.raises(RuleBroken) as refusal:
        check_payload(Stage.MEDIATION, EventKind.CONCLUDED, {"outcome": value})
    assert refusal.value.field == "outcome"


def test_an_outcome_of_another_stage_is_refused() -> None:
    with pytest.raises(RuleBroken, match="没有这一项"):
        check_payload(Stage.MEDIATION, EventKind.CONCLUDED, {"outcome": "recognised"})


def test_an_outcome_of_the_stage_is_taken() -> None:
    check_payload(Stage.MEDIATION, EventKind.CONCLUDED, {"outcome": Outcome.FAILED.value})


def test_an_extension_in_a_work_injury_names_the_period_it_extends() -> None:
    here = fields_for(Stage.WORK_INJURY, EventKind.EXTENDED)
    elsewhere = fields_for(Stage.ARBITRATION, EventKind.EXTENDED)
    assert [field.name for field in here[1:]] == [field.name for field in elsewhere]
