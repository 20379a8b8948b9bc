"""The log of events: appended to, never changed, mended by further events."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders
from worker_legal.domain import cases
from worker_legal.domain.permissions import Actor
from worker_legal.infra.db import db
from worker_legal.law.enums import Channel, EventKind

SYSTEM = Actor.system("tests")
TODAY = date(2026, 11, 23)


@pytest.fixture
def case(app: Flask) -> cases.Case:
    """A dispute registered today by telephone."""
    return builders.make_case(builders.make_office(), channel=Channel.PHONE)


def test_a_database_refuses_to_change_an_event(case: cases.Case) -> None:
    event = builders.record(case, EventKind.VISIT)
    db.session.commit()
    with pytest.raises(sa.exc.DatabaseError):
        db.session.execute(
            sa.update(cases.CaseEvent)
            .where(cases.CaseEvent.id == event.id)
            .values(happened_on=date(2020, 1, 1))
        )
    db.session.rollback()


def test_a_correction_of_a_correction_leads_to_the_first_entry(case: cases.Case) -> None:
    first = builders.record(case, EventKind.VISIT)
    second = cases.correct_event(
        SYSTEM, case, first.id, cases.NewEvent(EventKind.VISIT, TODAY), "一次"
    )
    third = cases.correct_event(
        SYSTEM, case, second.id, cases.NewEvent(EventKind.VISIT, TODAY), "两次"
    )
    assert cases.root_of(third, cases.all_events(case)).id == first.id


def test_only_the_newest_version_of_an_entry_counts(case: cases.Case) -> None:
    first = builders.record(case, EventKind.VISIT)
    new = cases.NewEvent(EventKind.VISIT, TODAY)
    second = cases.correct_event(SYSTEM, case, first.id, new, "一次")
    counting = [e.id for e in cases.effective(cases.all_events(case)) if e.kind is EventKind.VISIT]
    assert counting == [second.id]


def test_visits_are_counted_without_those_taken_back(case: cases.Case) -> None:
    builders.record(case, EventKind.VISIT)
    wrong = builders.record(case, EventKind.VISIT)
    cases.correct_event(SYSTEM, case, wrong.id, None, "点多了")
    assert cases.visits_of(case, cases.all_events(case)) == 1


def test_who_came_in_person_has_been_here_once(app: Flask) -> None:
    case = builders.make_case(builders.make_office(), channel=Channel.WALK_IN)
    assert cases.visits_of(case, cases.all_events(case)) == 1


def test_the_timeline_is_newest_first(case: cases.Case) -> None:
    last = builders.record(case, EventKind.NOTE)
    assert cases.timeline(case)[0].id == last.id
