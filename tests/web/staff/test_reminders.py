"""The bell: the list of reminders, taking note, the number in the frame."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from tests import builders as make
from tests.support.clocks import TestClock
from tests.support.pages import PageClient
from worker_legal.domain import access, cases, org, reminders
from worker_legal.domain.cases.models import Case, Deadline
from worker_legal.domain.permissions import Actor, Role
from worker_legal.infra import clock as wall
from worker_legal.infra.db import db, transaction
from worker_legal.law.enums import DeadlineState, OrgKind, Who


@pytest.fixture
def handler(app: Flask) -> access.User:
    return make.make_user(make.make_office(), Role.MEDIATOR)


@pytest.fixture
def case(handler: access.User) -> Case:
    case = make.make_case(org.centre(), handler_id=handler.id)
    db.session.commit()
    return case


@pytest.fixture
def bell(client: PageClient, handler: access.User) -> PageClient:
    client.sign_in(handler)
    return client


def _remind(case: Case, count: int = 1, first: int = 0) -> list[int]:
    """Announce dates of a case that fall due today; gives their numbers."""
    rows = [
        Deadline(
            case_id=case.id,
            rule_code="mediation.end",
            rule_version="1",
            trigger_ref=f"event:{first + number}",
            due_on=wall.today(),
            remind_on=wall.today(),
            who=Who.OFFICE,
            state=DeadlineState.OPEN,
            known_on=date(2026, 1, 1),
        )
        for number in range(count)
    ]
    db.session.add_all(rows)
    db.session.commit()
    numbers = [row.id for row in rows]
    reminders.tick("tests")
    return numbers


def _change(deadline_id: int, **values: Any) -> None:
    with transaction():
        row = db.session.get_one(Deadline, deadline_id)
        for name, value in values.items():
            setattr(row, name, value)


def test_a_reminder_names_what_when_and_which_case(bell: PageClient, case: Case) -> None:
    _remind(case)
    text = bell.page("/reminders").text
    assert all(word in text for word in ("今天", case.case_no, "11-23 周一"))


def test_a_reminder_leads_to_the_date_on_the_case_page(bell: PageClient, case: Case) -> None:
    [number] = _remind(case)
    page = bell.page("/reminders")
    assert page.one(".due-what a")["href"] == f"/cases/{case.id}#d{number}"


def test_the_frame_shows_how_many_are_unread(bell: PageClient, case: Case) -> None:
    _remind(case, 3)
    assert bell.page("/reminders").texts(".badge-n") == ["3 条未读"]


def test_the_number_equals_the_list(bell: PageClient, case: Case) -> None:
    _remind(case, 3)
    page = bell.page("/reminders")
    assert (len(page.soup.select(".dueitem")), page.text.count("3条未读")) == (3, 1)


def test_taking_note_takes_it_off_the_list(bell: PageClient, case: Case) -> None:
    _remind(case, 2)
    page = bell.submit(bell.page("/reminders"), form=".dueitem form")
    assert len(page.soup.select(".dueitem")) == 1


def test_what_was_noted_stays_under_all(bell: PageClient, case: Case) -> None:
    _remind(case)
    bell.submit(bell.page("/reminders"), form=".dueitem form")
    assert "已知道" in bell.page("/reminders?show=all").text


def test_all_can_be_marked_read_at_once(bell: PageClient, case: Case) -> None:
    _remind(case, 3)
    page = bell.submit(bell.page("/reminders"), form=".page-actions form")
    assert "没有未读的提醒" in page.text
    assert page.texts(".badge-n") == []


def test_an_empty_inbox_says_what_to_expect(bell: PageClient) -> None:
    assert "还没有提醒" in bell.page("/reminders?show=all").text


def test_a_late_reminder_says_so(bell: PageClient, case: Case, clock: TestClock) -> None:
    reminders.tick("tests")
    clock.advance(days=2)
    bell.sign_in(db.session.get_one(access.User, case.handler_id))
    _remind(case)
    assert "补发" in bell.page("/reminders").text


def test_a_date_that_is_done_says_so(bell: PageClient, case: Case) -> None:
    [number] = _remind(case)
    _change(number, state=DeadlineState.MET)
    assert "已经不用办了" in bell.page("/reminders").text


def test_a_date_that_moved_says_where_to(bell: PageClient, case: Case, clock: TestClock) -> None:
    [number] = _remind(case)
    _change(number, due_on=clock.today + timedelta(days=9))
    assert "改为12-02 周三" in bell.page("/reminders").text


def test_a_date_that_is_gone_says_so(bell: PageClient, case: Case) -> None:
    [number] = _remind(case)
    with transaction():
        db.session.delete(db.session.get_one(Deadline, number))
    assert "已经不用办了" in bell.page("/reminders").text


def test_long_lists_are_paged(bell: PageClient, case: Case) -> None:
    _remind(case, 25)
    first = bell.page("/reminders?show=all")
    second = bell.page(first.soup.select("a[href*=before]")[0]["href"])
    assert [len(page.soup.select(".dueitem")) for page in (first, second)] == [20, 5]


def test_a_reminder_of_another_person_does_not_exist(
    bell: PageClient, handler: access.User, case: Case, app: Flask
) -> None:
    _remind(case)
    [notice] = reminders.notices(access.actor_for(handler))
    other = app.test_client()
    assert isinstance(other, PageClient)
    other.sign_in(make.make_user(org.centre(), Role.MEDIATOR))
    token = other.page("/reminders").soup.select("input[name=csrf_token]")[0]["value"]
    answer = other.post(f"/reminders/{notice.id}/acknowledge", data={"csrf_token": token})
    assert answer.status_code == 404


def test_a_case_out_of_sight_takes_its_reminders_along(
    bell: PageClient, handler: access.User, app: Flask
) -> None:
    centre = org.centre()
    station = make.make_site(OrgKind.STATION, parent=centre)
    person = make.make_user(station, Role.MEDIATOR)
    case = make.make_case(station, handler_id=person.id)
    _remind(case)
    actor = access.actor_for(person)
    before = reminders.unread_count(actor)
    with transaction():
        moved = cases.get_case(Actor.system("tests"), case.id)
        cases.hand_over(Actor.system("tests"), moved, centre.id, "管辖")
    assert (before, reminders.unread_count(actor)) == (1, 0)
    assert reminders.notices(actor) == []


def test_a_late_reminder_shows_once_for_each_date(
    bell: PageClient, case: Case, clock: TestClock
) -> None:
    _remind(case)
    for _ in range(3):
        clock.advance(days=1)
        reminders.tick("tests")
    bell.sign_in(db.session.get_one(access.User, case.handler_id))
    page = bell.page("/reminders")
    assert len(page.soup.select(".dueitem")) == 1
    assert "逾期3天" in page.text
