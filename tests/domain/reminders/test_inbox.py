"""The inbox as the domain gives it: whose, how many, taken note of."""

from datetime import date

import pytest
from flask import Flask

from tests import builders as make
from worker_legal.domain import access, org, reminders
from worker_legal.domain.cases.models import Case, Deadline
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.reminders import texts
from worker_legal.errors import NotFound
from worker_legal.infra import clock as wall
from worker_legal.infra.db import db
from worker_legal.law.enums import DeadlineState, Who
from worker_legal.law.rules import RULES


@pytest.fixture
def handler(app: Flask) -> access.User:
    return make.make_user(make.make_office(), Role.MEDIATOR)


@pytest.fixture
def actor(handler: access.User) -> Actor:
    return access.actor_for(handler)


@pytest.fixture
def case(handler: access.User) -> Case:
    """A case with three dates that were announced today."""
    case = make.make_case(org.centre(), handler_id=handler.id)
    for number in range(3):
        row = Deadline(
            case_id=case.id,
            rule_code="mediation.end",
            rule_version="1",
            trigger_ref=f"event:{number}",
            due_on=wall.today(),
            remind_on=wall.today(),
            who=Who.OFFICE,
            state=DeadlineState.OPEN,
            known_on=date(2026, 1, 1),
        )
        db.session.add(row)
    db.session.commit()
    reminders.tick("tests")
    return case


def test_each_date_counts_as_one_unread(case: Case, actor: Actor) -> None:
    assert reminders.unread_count(actor) == 3


def test_another_person_has_none(case: Case) -> None:
    stranger = make.make_actor(org.centre(), Role.MEDIATOR)
    assert (reminders.unread_count(stranger), reminders.notices(stranger)) == (0, [])


def test_the_newest_comes_first(case: Case, actor: Actor) -> None:
    numbers = [notice.id for notice in reminders.notices(actor)]
    assert numbers == sorted(numbers, reverse=True)


def test_a_notice_names_the_case_and_its_people(case: Case, actor: Actor) -> None:
    notice = reminders.notices(actor)[0]
    assert (notice.case_no, notice.what) == (case.case_no, texts.what("mediation.end"))
    assert notice.worker.startswith("张三")


def test_taking_note_is_reading_too(case: Case, actor: Actor) -> None:
    reminders.acknowledge(actor, reminders.notices(actor)[0].id)
    noted = reminders.notices(actor)[0]
    assert noted.ack_at == noted.read_at == wall.now()
    assert reminders.unread_count(actor) == 2


def test_what_is_read_leaves_the_unread_list(case: Case, actor: Actor) -> None:
    reminders.acknowledge(actor, reminders.notices(actor)[0].id)
    assert len(reminders.notices(actor, unread_only=True)) == 2


def test_reading_all_is_not_taking_note(case: Case, actor: Actor) -> None:
    assert reminders.mark_all_read(actor) == 3
    assert [notice.ack_at for notice in reminders.notices(actor)] == [None] * 3
    assert reminders.unread_count(actor) == 0


def test_the_list_goes_on_before_the_last_one(case: Case, actor: Actor) -> None:
    first, second, third = (notice.id for notice in reminders.notices(actor))
    assert [notice.id for notice in reminders.notices(actor, before=second)] == [third]
    assert first > second


def test_a_reminder_of_somebody_else_cannot_be_noted(case: Case, actor: Actor) -> None:
    stranger = make.make_actor(org.centre(), Role.MEDIATOR)
    with pytest.raises(NotFound):
        reminders.acknowledge(stranger, reminders.notices(actor)[0].id)


@pytest.mark.parametrize("code", sorted({rule.code for rule in RULES}))
def test_every_rule_has_its_words(code: str) -> None:
    assert texts.what(code) != code


def test_a_rule_no_longer_known_shows_its_code() -> None:
    assert texts.what("old.rule") == "old.rule"
