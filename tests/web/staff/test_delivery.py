"""Messages outside on screen: states, failures with a second try, the tray, one's own address."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support.clocks import TestClock
from tests.support.pages import PageClient
from worker_legal.domain import access, audit, org, reminders
from worker_legal.domain.permissions import Role
from worker_legal.domain.reminders import Route, deliver, routes, watch
from worker_legal.domain.reminders.models import OutboxMessage, OutboxState
from worker_legal.domain.reminders.summons import WorkerMessage
from worker_legal.domain.reminders.watch import Standing
from worker_legal.errors import OutsideFailure
from worker_legal.infra import clock as wall
from worker_legal.infra.db import db, transaction

MOBILE = "13800001234"


@pytest.fixture
def handler(app: Flask) -> access.User:
    with transaction():
        centre = make.make_office()
        user = make.make_user(centre, Role.MEDIATOR, name="林调解")
        make.make_dates(make.make_case(centre, handler_id=user.id), 0, 1)
        for kind in (Route.EMAIL, Route.BY_HAND):
            routes.set_office_route(kind, True, {})
            routes.set_person_route(user.id, kind, MOBILE)
    return user


@pytest.fixture
def failed(handler: access.User, clock: TestClock, monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def send(self, _letter: object) -> str:
            raise OutsideFailure("no", code="refused")

    monkeypatch.setattr(deliver, "carrier", lambda *_: Refusing())
    for _ in range(20):
        reminders.tick("a")
        reminders.send(Route.EMAIL, "a")
        clock.advance(minutes=5)


@pytest.fixture
def director(handler: access.User, client: PageClient) -> PageClient:
    with transaction():
        user = make.make_user(org.centre(), Role.DIRECTOR)
    client.sign_in(user)
    return client


def _emails() -> list[OutboxMessage]:
    db.session.rollback()
    query = sa.select(OutboxMessage).where(OutboxMessage.channel == "email")
    return list(db.session.scalars(query))


# --- states ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "standing"),
    [
        ({}, Standing.WAITING),
        ({"lease_owner": "a", "available_at": "later"}, Standing.SENDING),
        ({"lease_owner": "a"}, Standing.WAITING),
        ({"last_error": "timeout", "available_at": "later"}, Standing.FAILED),
        ({"state": OutboxState.SENT}, Standing.ACCEPTED),
        ({"state": OutboxState.PARKED, "last_error": "timeout"}, Standing.PARKED),
        ({"state": OutboxState.CANCELLED}, Standing.CANCELLED),
    ],
)
def test_a_message_says_how_far_it_has_come(
    clock: TestClock, values: dict[str, object], standing: Standing
) -> None:
    usual = {"state": OutboxState.READY, "lease_owner": "", "last_error": ""}
    row = OutboxMessage(**{**usual, "available_at": wall.now(), **values})
    if values.get("available_at"):
        clock.advance(minutes=-1)
        row.available_at = wall.now()
        clock.advance(minutes=-5)
    assert watch.standing_of(row) is standing


def test_nothing_failed_says_so(director: PageClient) -> None:
    assert "没有发送失败的消息" in director.page("/delivery").text


def test_a_failure_is_listed_with_its_reason(failed: None, director: PageClient) -> None:
    page = director.page("/delivery")
    assert page.text.count("没送到，已停") == 2
    assert "对方不接受这条消息" in page.text
    assert "试过5次" in page.text
    assert MOBILE not in str(page.soup)


def test_a_second_try_begins_from_the_start(failed: None, director: PageClient) -> None:
    first = f"/delivery/{_emails()[0].id}/retry"
    page = director.submit(director.page("/delivery"), form=f"form[action='{first}']")
    assert "已排上" in page.text
    assert sorted((row.state.value, row.attempts) for row in _emails()) == [
        ("parked", 5),
        ("ready", 0),
    ]


def test_all_can_be_tried_again_at_once(failed: None, director: PageClient) -> None:
    director.submit(director.page("/delivery"), form="form[action='/delivery/retry']")
    assert {(row.state.value, row.attempts) for row in _emails()} == {("ready", 0)}


def test_what_was_accepted_is_not_tried_again(handler: access.User, director: PageClient) -> None:
    reminders.tick("a")
    with transaction():
        db.session.execute(sa.update(OutboxMessage).values(state=OutboxState.SENT))
    page = director.page("/delivery", query_string={"show": "all"})
    assert "已接收" in page.text
    token = page.form("form.signout").select("input[name=csrf_token]")[0]["value"]
    answer = director.post(f"/delivery/{_emails()[0].id}/retry", data={"csrf_token": token})
    assert answer.status_code == 422


def test_messages_of_another_station_are_not_there(
    failed: None, app: Flask, client: PageClient
) -> None:
    with transaction():
        stranger = make.make_user(make.make_site(parent=org.centre()), Role.DIRECTOR)
    client.sign_in(stranger)
    page = client.page("/delivery", query_string={"show": "all"})
    assert "林调解" not in page.text
    token = page.form("form.signout").select("input[name=csrf_token]")[0]["value"]
    path = f"/delivery/{_emails()[0].id}/retry"
    assert client.post(path, data={"csrf_token": token}).status_code == 404
    assert {row.state.value for row in _emails()} == {"parked"}


def test_a_failure_is_in_the_directors_inbox(failed: None, director: PageClient) -> None:
    with transaction():
        db.session.execute(sa.update(OutboxMessage).values(told_at=None))
    reminders.tick("a")
    page = director.page("/reminders")
    assert "站外没有送到" in page.text


def test_the_workbench_warns_the_director_and_not_of_the_inbox(
    failed: None, director: PageClient
) -> None:
    reminders.tick("a")
    page = director.page("/")
    assert "有2条站外提醒没有送到" in page.text
    assert "收件箱可能不全" not in page.text


# --- the tray --------------------------------------------------------------------------------


def test_the_tray_shows_one_text_for_a_person(handler: access.User, director: PageClient) -> None:
    reminders.tick("a")
    page = director.page("/tray")
    assert "有2条期限提醒" in page.text
    assert "138****1234" in page.text


def test_the_paper_shows_whole_addresses_and_is_written_down(
    handler: access.User, director: PageClient
) -> None:
    reminders.tick("a")
    with director.personal_data_allowed():
        page = director.submit(director.page("/tray"), form="form[action='/tray/print']")
    assert MOBILE in page.text
    db.session.rollback()
    assert "print_tray" in set(db.session.scalars(sa.select(audit.AuditEntry.action)))


def test_ticking_off_says_who_and_when(handler: access.User, director: PageClient) -> None:
    reminders.tick("a")
    page = director.submit(director.page("/tray"), form="form[action$='/done']")
    assert "没有等着发的消息" in page.text
    db.session.rollback()
    query = sa.select(OutboxMessage).where(OutboxMessage.channel == "by_hand")
    rows = list(db.session.scalars(query))
    assert {row.state for row in rows} == {OutboxState.SENT}
    assert all(row.handed_by_id and row.sent_at for row in rows)
    assert "2条" in page.text


def test_what_came_after_the_page_is_not_ticked_off(
    handler: access.User, director: PageClient
) -> None:
    reminders.tick("a")
    page = director.page("/tray")
    with transaction():
        case = make.make_case(org.centre(), handler_id=handler.id)
        make.make_dates(case, 3)
    reminders.tick("a")
    page = director.submit(page, form="form[action$='/done']")
    assert "有1条期限提醒" in page.text


def test_a_second_tick_changes_nothing(handler: access.User, director: PageClient) -> None:
    reminders.tick("a")
    page = director.page("/tray")
    director.submit(page, form="form[action$='/done']")
    assert director.submit(page, form="form[action$='/done']").status == 404


# --- one's own address -------------------------------------------------------------------------


@pytest.fixture
def mine(handler: access.User, client: PageClient) -> PageClient:
    client.sign_in(handler)
    return client


def test_my_account_shows_the_ways_of_the_office(mine: PageClient) -> None:
    page = mine.page("/account")
    assert "电子邮件" in page.text
    assert "钉钉" not in page.text
    assert "138****1234" in page.text


def test_i_say_where_i_am_reached(mine: PageClient, handler: access.User) -> None:
    page = mine.submit(
        mine.page("/account/routes/email"), {"is_on": "y", "address": "lin@office.example"}
    )
    assert "l***@office.example" in page.text
    assert routes.address_of(handler.id, Route.EMAIL) == "lin@office.example"


def test_i_turn_a_way_off_and_keep_its_address(mine: PageClient, handler: access.User) -> None:
    page = mine.page("/account/routes/by_hand")
    form = page.form()
    for box in form.select("input[type=checkbox]"):
        del box["checked"]
    mine.submit(page, {"address": ""})
    assert routes.address_of(handler.id, Route.BY_HAND) == ""
    assert routes.address_of(handler.id, Route.BY_HAND, also_off=True) == MOBILE


@pytest.mark.parametrize(
    ("kind", "address"),
    [("email", "nobody"), ("email", "a@b.example\nBcc: c@d.example"), ("email", MOBILE)],
)
def test_an_address_that_will_not_do_is_named(mine: PageClient, kind: str, address: str) -> None:
    page = mine.submit(mine.page(f"/account/routes/{kind}"), {"is_on": "y", "address": address})
    assert (page.status, bool(page.error_of("address"))) == (422, True)


def test_a_way_the_office_does_not_use_is_not_there(mine: PageClient) -> None:
    assert mine.page("/account/routes/feishu").status == 404


# --- messages to workers --------------------------------------------------------------------


@pytest.fixture
def summoned(handler: access.User, clock: TestClock) -> WorkerMessage:
    """A message about tomorrow's hearing that the gateway refused five times."""
    with transaction():
        worker = make.make_party("柳依依", phone=MOBILE)
        case = make.make_case(org.centre(), workers=[worker], handler_id=handler.id)
        routes.set_office_route(Route.SMS, True, {})
        row = WorkerMessage(
            dedupe_key="1:tomorrow:1",
            case_id=case.id,
            worker_id=case.lead_worker_id,
            held_at=wall.now() + timedelta(days=1),
            route=Route.BY_HAND,
            created_at=wall.now(),
            available_at=wall.now(),
            attempts=5,
            last_error="refused",
        )
        db.session.add(row)
    return row


def test_a_message_to_a_worker_that_failed_stands_first_and_names_nobody(
    summoned: WorkerMessage, director: PageClient
) -> None:
    page = director.page("/delivery")
    assert "通知职工来开会" in page.text
    assert "试过5次；已转待发箱" in page.text
    assert "柳依依" not in page.text


def test_a_message_to_a_worker_is_sent_anew_by_one_press(
    summoned: WorkerMessage, director: PageClient
) -> None:
    retry = f"form[action='/delivery/workers/{summoned.id}/retry']"
    director.submit(director.page("/delivery"), form=retry)
    assert "等着送" in director.page("/delivery", query_string={"show": "workers"}).text


def test_pressing_once_sends_everything_anew_also_to_workers(
    summoned: WorkerMessage, director: PageClient
) -> None:
    page = director.submit(director.page("/delivery"), form="form[action='/delivery/retry']")
    assert "1条已排上" in page.text


def test_before_the_first_hearing_the_list_says_what_will_be_there(director: PageClient) -> None:
    assert "开庭前一天上午" in director.page("/delivery", query_string={"show": "workers"}).text
