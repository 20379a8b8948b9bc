"""Who will be told of a date, as the page of the date says it."""

from datetime import date

import pytest

from tests import builders as make
from tests.support.clocks import TestClock
from tests.support.pages import PageClient
from worker_legal.domain import access, cases, org, reminders
from worker_legal.domain.cases.models import Case, Deadline
from worker_legal.domain.permissions import Actor, Role
from worker_legal.infra.db import db
from worker_legal.law.enums import DeadlineState, OrgKind, Stage


@pytest.fixture
def case(centre: org.OrgUnit) -> Case:
    station = make.make_site(OrgKind.STATION, parent=centre)
    make.make_user(centre, Role.DIRECTOR, name="中心甲")
    make.make_user(station, Role.DIRECTOR, name="站长乙")
    handler = make.make_user(station, Role.MEDIATOR, name="经办丙")
    return make.make_case(station, handler_id=handler.id, first_stage=Stage.MEDIATION)


@pytest.fixture
def row(case: Case, clock: TestClock) -> Deadline:
    [row] = make.make_dates(case, 10)
    return row


def test_each_rung_has_its_people_and_days(case: Case, row: Deadline) -> None:
    handler, director, centre = reminders.chain_of(case, row)
    assert [link.names for link in (handler, director, centre)] == [
        ("经办丙",),
        ("站长乙",),
        ("中心甲",),
    ]
    assert handler.days[-2:] == (date(2026, 12, 2), date(2026, 12, 3))
    assert (director.days, centre.days) == ((date(2026, 11, 30),), (date(2026, 12, 2),))
    assert [link.after for link in (handler, director, centre)] == [
        date(2026, 12, 4),
        date(2026, 12, 8),
        date(2026, 12, 10),
    ]


def test_who_left_is_replaced_on_the_first_rung(case: Case, row: Deadline) -> None:
    assert case.handler_id is not None
    access.disable_user(Actor.system("tests"), db.session.get_one(access.User, case.handler_id))
    assert reminders.chain_of(case, row)[0].names == ("站长乙",)


def test_a_choice_has_one_rung_and_is_not_mourned(case: Case, row: Deadline) -> None:
    row.optional = True
    [link] = reminders.chain_of(case, row)
    assert link.after is None


@pytest.mark.parametrize("changes", [{"quiet": True}, {"state": DeadlineState.MET}])
def test_of_a_date_that_needs_nothing_nobody_is_told(
    case: Case, row: Deadline, changes: dict[str, object]
) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    assert reminders.chain_of(case, row) == []


def test_the_page_of_a_date_says_who_will_be_told(case: Case, client: PageClient) -> None:
    [dated, *_] = [each for each in cases.dated_of(case) if each.row.due_on]
    db.session.commit()
    client.sign_in(make.make_user(org.get_unit(case.org_unit_id), Role.DIRECTOR, name="站长丁"))
    page = client.page(f"/cases/{case.id}/dates/{dated.row.id}")
    assert "谁会被提醒" in page.text
    assert "经办人（经办丙）" in page.text
    assert "站点主任（站长乙、站长丁）" in page.text
