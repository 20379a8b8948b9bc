"""The tables that hold law and permissions have no holes."""

import pytest

from worker_legal.domain.permissions import GRANTS, Action, Role
from worker_legal.law.enums import EventKind, LabelledEnum, Outcome, Stage, Status
from worker_legal.law.stages import (
    ENDED,
    EVENT_FIELDS,
    FOLLOW_UPS,
    MOVES,
    SPECS,
    possible_events,
)


def _kinds() -> list[type[LabelledEnum]]:
    return sorted(LabelledEnum.__subclasses__(), key=lambda kind: kind.__name__)


def test_every_role_has_its_grants() -> None:
    assert set(GRANTS) == set(Role)


def test_every_action_is_granted_to_somebody() -> None:
    granted = set().union(*GRANTS.values())
    assert set(Action) - granted == set()


@pytest.mark.parametrize("kind", _kinds(), ids=lambda kind: kind.__name__)
def test_every_code_has_its_own_chinese_label(kind: type[LabelledEnum]) -> None:
    labels = [member.label for member in kind]
    assert all(label.strip() for label in labels)
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_a_specification(stage: Stage) -> None:
    spec = SPECS[stage]
    assert spec.stage is stage
    assert spec.forum
    assert spec.fields
    assert spec.outcomes


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_says_what_may_follow(stage: Stage) -> None:
    assert [outcome for of, outcome in FOLLOW_UPS if of is stage]


def test_follow_ups_come_after_a_refusal_or_an_outcome_of_their_stage() -> None:
    possible = {stage: {*spec.outcomes, Outcome.NOT_ACCEPTED} for stage, spec in SPECS.items()}
    assert [(stage, end) for stage, end in FOLLOW_UPS if end not in possible[stage]] == []


@pytest.mark.parametrize("stage", Stage)
def test_the_fields_of_a_stage_have_different_names(stage: Stage) -> None:
    names = [field.name for field in (*SPECS[stage].fields, *SPECS[stage].money)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("status", [status for status in Status if status not in ENDED])
def test_every_open_status_can_be_left(status: Status) -> None:
    assert {target for (origin, _), target in MOVES.items() if origin is status} - {status}


@pytest.mark.parametrize("status", sorted(ENDED))
def test_an_ended_proceeding_does_not_move(status: Status) -> None:
    assert [kind for origin, kind in MOVES if origin is status] == []


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_can_be_concluded(stage: Stage) -> None:
    open_statuses = [status for status in Status if status not in ENDED]
    assert any(EventKind.CONCLUDED in possible_events(stage, status) for status in open_statuses)


def test_every_outcome_ends_some_stage() -> None:
    assert set(Outcome) - {outcome for spec in SPECS.values() for outcome in spec.outcomes} == set()


def test_fields_belong_to_events_that_exist() -> None:
    assert set(EVENT_FIELDS) <= set(EventKind)
