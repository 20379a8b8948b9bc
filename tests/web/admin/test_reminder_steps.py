"""The steps of reminding on screen: what holds now, what will hold from tomorrow."""

import pytest

from tests import builders as make
from tests.support.pages import Page, PageClient
from worker_legal.domain import org, reminders
from worker_legal.domain.permissions import Role

ROW = "tbody tr"


@pytest.fixture
def director(centre: org.OrgUnit, client: PageClient) -> PageClient:
    client.sign_in(make.make_user(centre, Role.DIRECTOR))
    return client


def _change(client: PageClient, **values: str) -> Page:
    page = client.page("/admin/reminder-steps/change")
    return client.submit(page, values, form="form.form-narrow")


def test_the_usual_steps_are_shown(director: PageClient) -> None:
    [row] = director.page("/admin/reminder-steps").texts(ROW)
    assert "提前30天、7天、3天、1天和当天" in row
    assert "一直如此" in row


def test_a_change_is_announced_with_its_first_day(director: PageClient) -> None:
    page = _change(director, kind="mediation.end", days="10，4")
    assert page.url == "/admin/reminder-steps"
    row = page.texts(ROW)[1]
    assert "调解结束" in row
    assert "提前10天、4天和当天" in row
    assert "2026-11-24起" in row


def test_the_form_starts_with_what_will_hold(director: PageClient) -> None:
    _change(director, kind="mediation.end", days="10、4")
    page = director.page("/admin/reminder-steps/change?kind=mediation.end")
    assert page.one("#days")["value"] == "10、4"


@pytest.mark.parametrize("typed", ["十天", "-3", "1.5", "99999"])
def test_what_is_not_a_number_of_days_stays_in_the_field(director: PageClient, typed: str) -> None:
    page = _change(director, kind="*", days=typed)
    assert page.status == 422
    assert "请写天数，用顿号分开" in page.error_of("days")
    assert page.one("#days")["value"] == typed


def test_too_many_days_before_are_refused_at_the_field(director: PageClient) -> None:
    assert "0到180之间" in _change(director, kind="*", days="400").error_of("days")


def test_a_kind_left_empty_follows_the_rest(director: PageClient) -> None:
    _change(director, kind="mediation", days="9")
    page = _change(director, kind="mediation", days="")
    assert page.texts(ROW) == [page.texts(ROW)[0]]
    assert {row.kind for row in reminders.kinds_with_steps()} == {reminders.EVERY}


def test_an_unknown_kind_is_refused(director: PageClient) -> None:
    page = _change(director, kind="no.such", days="3")
    assert page.status == 422


def test_a_clerk_does_not_see_the_settings(client: PageClient, centre: org.OrgUnit) -> None:
    client.sign_in(make.make_user(centre, Role.INTAKE))
    assert client.get("/admin/reminder-steps").status_code == 403


# --- the ladder --------------------------------------------------------------------------


def _climb(client: PageClient, **values: str) -> Page:
    page = client.page("/admin/reminder-steps/ladder")
    return client.submit(page, values, form="form.form-narrow")


def test_the_ladder_is_shown_and_can_be_changed(director: PageClient) -> None:
    assert "期限前3天还没有答复" in director.page("/admin/reminder-steps").text
    page = _climb(director, director_before="6")
    assert page.url == "/admin/reminder-steps"
    assert "期限前6天还没有答复" in page.text
    assert reminders.ladder() == reminders.Ladder(director_before=6)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("centre_before", "9", "中心主任不能比站点主任先收到"),
        ("director_after", "0", "站点主任不能比经办人先收到"),
        ("centre_after", "2", "中心主任不能比站点主任先收到"),
        ("owner_after", "-1", "0到60之间"),
        ("owner_after", "一天", "请写一个整数"),
        ("owner_after", "", "请写一个整数"),
    ],
)
def test_a_ladder_in_the_wrong_order_is_refused(
    director: PageClient, field: str, typed: str, words: str
) -> None:
    page = _climb(director, **{field: typed})
    assert page.status == 422
    assert words in page.error_of(field)
    assert reminders.ladder() == reminders.Ladder()


def test_a_change_on_an_old_page_is_refused(director: PageClient) -> None:
    _climb(director, director_before="6")
    old = director.page("/admin/reminder-steps/ladder")
    _climb(director, director_before="7")
    page = director.submit(old, {"director_before": "8"}, form="form.form-narrow")
    assert page.status == 409
    assert reminders.ladder().director_before == 7


# --- the hours ---------------------------------------------------------------------------


def _hours(client: PageClient, **values: str) -> Page:
    page = client.page("/admin/reminder-steps/hours")
    return client.submit(page, values, form="form.form-narrow")


def test_the_sending_hours_are_shown_and_can_be_changed(director: PageClient) -> None:
    assert "工作日08:30至18:00" in director.page("/admin/reminder-steps").text
    assert _hours(director, opens="9：00", closes="17:30").url == "/admin/reminder-steps"
    assert "工作日09:00至17:30" in director.page("/admin/reminder-steps").text
    page = director.page("/admin/reminder-steps/hours")
    assert (page.one("#opens")["value"], page.one("#closes")["value"]) == ("09:00", "17:30")


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("closes", "08:30", "结束的时间要晚于开始的时间"),
        ("opens", "25:00", "请写成 08:30 这样的时间"),
        ("opens", "八点", "请写成 08:30 这样的时间"),
        ("closes", "", "请填写这一项"),
    ],
)
def test_hours_that_cannot_be_are_refused_at_the_field(
    director: PageClient, field: str, typed: str, words: str
) -> None:
    page = _hours(director, **{field: typed})
    assert page.status == 422
    assert words in page.error_of(field)
    assert page.one(f"#{field}")["value"] == typed
    assert reminders.sending_hours() == reminders.Hours()


def test_hours_on_an_old_page_are_refused(director: PageClient) -> None:
    _hours(director, opens="09:00")
    old = director.page("/admin/reminder-steps/hours")
    _hours(director, opens="10:00")
    page = director.submit(old, {"opens": "11:00"}, form="form.form-narrow")
    assert page.status == 409
