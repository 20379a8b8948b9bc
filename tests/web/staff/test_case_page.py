"""The page of a case and the verbs that concern the case as a whole."""

from datetime import date

import pytest
import sqlalchemy as sa
from bs4 import Tag
from flask import Flask

from tests import builders
from tests.support.pages import PageClient
from worker_legal.domain import access, audit, cases, org
from worker_legal.domain.permissions import Actor, Role
from worker_legal.infra.db import db
from worker_legal.law.enums import CaseStatus, DisputeKind, EventKind, Flag, Stage

K = EventKind
TODAY = date(2026, 11, 23)
VERBS = ("close", "reopen", "void", "assign", "hand-over", "facts", "change")


@pytest.fixture
def site(app: Flask) -> org.OrgUnit:
    """The office's centre."""
    return builders.make_office()


@pytest.fixture
def user(site: org.OrgUnit, client: PageClient) -> access.User:
    """A director who also mediates, signed in."""
    made = builders.make_user(site, Role.MEDIATOR, Role.DIRECTOR, name="林晓舟")
    client.sign_in(made)
    return made


@pytest.fixture
def case(site: org.OrgUnit, user: access.User) -> cases.Case:
    """A dispute of three workers, in mediation since a week ago, handled by that person."""
    return builders.make_case(
        site,
        workers=[builders.make_party(name, 100_000) for name in ("刘春生", "吴美兰", "陈建平")],
        first_stage=Stage.MEDIATION,
        registered_on=date(2026, 11, 16),
        handler_id=user.id,
        story="口头申请，做了笔录",
    )


def _again(case: cases.Case) -> cases.Case:
    return db.session.get_one(cases.Case, case.id, populate_existing=True)


# --- the page ---------------------------------------------------------------------


def test_the_head_answers_five_questions(client: PageClient, case: cases.Case) -> None:
    page = client.page(f"/cases/{case.id}")
    assert case.case_no in page.text
    assert page.heading.startswith("刘春生等3人 与示例")
    assert [text.split()[0] for text in page.texts(".fiveq dt")] == [
        "多少钱",
        "到哪一步",
        "轮到谁",
        "到哪天",
    ]
    answers = page.texts(".fiveq dd")
    assert "3,000.00元" in answers[0]
    assert "调解已申请" in answers[1]
    assert "本中心 调解结束" in answers[2]
    assert "12-01 周二 还有8天" in answers[3]


def test_every_mark_of_the_tracks_leads_to_a_line_of_the_page(
    client: PageClient, case: cases.Case
) -> None:
    page = client.page(f"/cases/{case.id}")
    targets = [str(mark["href"]) for mark in page.soup.select(".lane-track a")]
    assert targets
    assert [target for target in targets if page.soup.find(id=target[1:]) is None] == []


def test_a_date_opens_as_its_sum_with_the_article(client: PageClient, case: cases.Case) -> None:
    page = client.page(f"/cases/{case.id}")
    row = cases.dated_of(case)[0].row
    shown = page.one(f"#d{row.id}").get_text(" ")
    for part in ("2026-11-16 周一 申请", "15日，自然日", "2026-12-01 周二", "调解仲裁法"):
        assert part in shown


def test_the_sealed_story_is_read_on_the_timeline(client: PageClient, case: cases.Case) -> None:
    assert "口头申请，做了笔录" in client.page(f"/cases/{case.id}").text


def test_ten_workers_make_a_collective_dispute(
    client: PageClient, site: org.OrgUnit, user: access.User
) -> None:
    case = builders.make_case(site, workers=builders.make_group(10), flags=(Flag.ELDERLY,))
    assert client.page(f"/cases/{case.id}").texts(".casehead .tag") == ["集体争议", "超过60岁"]


@pytest.mark.parametrize(
    ("show", "shown", "hidden"),
    [("key", "申请调解", "电话 接通"), ("calls", "电话 接通", "申请调解")],
)
def test_the_timeline_is_narrowed_by_chips(
    client: PageClient, case: cases.Case, show: str, shown: str, hidden: str
) -> None:
    builders.record(case, K.CALL, reached="yes")
    titles = " ".join(client.page(f"/cases/{case.id}?show={show}").texts(".tl-item h4"))
    assert shown in titles
    assert hidden not in titles


def _sent(form: Tag) -> dict[str, str]:
    return {str(field["name"]): str(field["value"]) for field in form.select("input")}


def test_a_visit_is_recorded_by_one_tap_and_taken_back_by_another(
    client: PageClient, case: cases.Case
) -> None:
    at_first = cases.visits_of(case, cases.all_events(case))
    tap = client.page(f"/cases/{case.id}").form(".chips-filter form")
    for _ in range(2):  # the same page sent twice is one visit
        client.post(str(tap["action"]), data=_sent(tap))
    page = client.page(f"/cases/{case.id}")
    assert "已记一次到访" in page.text
    assert cases.visits_of(case, cases.all_events(case)) == at_first + 1
    undo = page.form(".tl-item form")
    assert client.post(str(undo["action"]), data=_sent(undo)).status_code == 302
    page = client.page(f"/cases/{case.id}")
    assert cases.visits_of(case, cases.all_events(case)) == at_first
    assert "已撤销" in page.texts(".tl-item-old h4")[0]
    assert page.soup.select(".tl-item form") == []


def test_the_printed_timeline_shows_the_same_rows(client: PageClient, case: cases.Case) -> None:
    builders.record(case, K.CALL, reached="yes")
    for show in ("all", "key", "calls"):
        screen = client.page(f"/cases/{case.id}?show={show}").texts(".tl-item h4")
        paper = client.page(f"/cases/{case.id}/timeline?show={show}").texts("td b")
        assert paper == screen


def test_the_strip_warns_when_a_right_is_about_to_end(client: PageClient, case: cases.Case) -> None:
    facts = cases.FactDates(injured_on=date(2025, 12, 15))
    cases.change_facts(Actor.system("tests"), case, facts, case.version)
    hot = client.page(f"/cases/{case.id}").texts(".right-hot")
    assert len(hot) == 1
    assert "2026-12-15" in hot[0]
    assert "只剩22天" in hot[0]


def test_legal_aid_is_said_to_come_first_with_under_seven_days_left(
    client: PageClient, case: cases.Case
) -> None:
    facts = cases.FactDates(injured_on=date(2025, 11, 27))
    cases.change_facts(Actor.system("tests"), case, facts, case.version)
    page = client.page(f"/cases/{case.id}")
    assert "不到7天" in page.texts(".aid-first")[0]
    assert page.one(".aid-first a")["href"].endswith("stage=legal_aid")


def test_legal_aid_waits_for_its_papers_while_there_is_time(
    client: PageClient, case: cases.Case
) -> None:
    facts = cases.FactDates(injured_on=date(2025, 12, 15))
    cases.change_facts(Actor.system("tests"), case, facts, case.version)
    assert not client.page(f"/cases/{case.id}").texts(".aid-first")


def test_a_dispute_other_than_pay_has_its_year_interrupted_by_mediation(
    client: PageClient, case: cases.Case
) -> None:
    facts = cases.FactDates(dispute_known_on=date(2026, 3, 10), diagnosed_on=date(2026, 4, 9))
    cases.change_facts(Actor.system("tests"), case, facts, case.version)
    days = client.page(f"/cases/{case.id}").texts(".right-day")
    assert [day.split()[0] for day in days[:2]] == ["2027-04-09", "2027-11-16"]


def test_agreed_and_received_are_kept_apart(client: PageClient, case: cases.Case) -> None:
    mediation = builders.first_proceeding(case)
    builders.record(case, K.ACCEPTED, mediation)
    builders.record(case, K.AGREEMENT_SIGNED, mediation, agreed_fen=200_000)
    builders.record(case, K.PAID, mediation, received_fen=50_000)
    lines = client.page(f"/cases/{case.id}").texts(".money-line")
    assert lines == [
        "协议金额 2,000.00",
        "实际到账 500.00",
        "协议未付 1,500.00",
        "申请时合计（3人，元） 3,000.00",
    ]


def test_follow_ups_are_offered_after_an_outcome(client: PageClient, case: cases.Case) -> None:
    mediation = builders.first_proceeding(case)
    builders.record(case, K.ACCEPTED, mediation)
    builders.record(case, K.CONCLUDED, mediation, outcome="failed")
    offered = client.page(f"/cases/{case.id}").texts(".found .chip")
    assert offered[:3] == ["仲裁", "援助", "监察"]


def test_an_auditor_is_offered_no_follow_up(
    client: PageClient, case: cases.Case, site: org.OrgUnit
) -> None:
    mediation = builders.first_proceeding(case)
    builders.record(case, K.ACCEPTED, mediation)
    builders.record(case, K.CONCLUDED, mediation, outcome="failed")
    client.sign_in(builders.make_user(site, Role.AUDITOR))
    assert client.page(f"/cases/{case.id}").texts(".found .chip") == []


def test_an_auditor_reads_and_is_offered_nothing_to_change(
    client: PageClient, case: cases.Case, site: org.OrgUnit
) -> None:
    client.sign_in(builders.make_user(site, Role.AUDITOR))
    page = client.page(f"/cases/{case.id}")
    assert page.status == 200
    assert page.soup.select("main form") == []
    assert "更正" not in " ".join(page.texts(".tl-item"))


def test_who_opens_a_case_is_written_down(
    client: PageClient, case: cases.Case, user: access.User
) -> None:
    client.page(f"/cases/{case.id}")
    query = sa.select(audit.AuditEntry).where(audit.AuditEntry.action == "view")
    seen = db.session.scalars(query).one()
    assert (seen.actor_id, seen.object, seen.object_id) == (user.id, "case", case.id)
    assert seen.ip


# --- out of sight -------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/timeline", *(f"/{verb}" for verb in VERBS)])
def test_a_case_of_another_station_does_not_exist(
    client: PageClient, case: cases.Case, site: org.OrgUnit, path: str
) -> None:
    station = builders.make_site(parent=site)
    client.sign_in(builders.make_user(station, Role.MEDIATOR, Role.DIRECTOR))
    assert client.page(f"/cases/{case.id}{path}").status == 404


def test_a_case_of_another_station_cannot_be_taken(
    client: PageClient, case: cases.Case, site: org.OrgUnit
) -> None:
    station = builders.make_site(parent=site)
    stranger = builders.make_user(station, Role.MEDIATOR)
    client.sign_in(stranger)
    token = {"csrf_token": _csrf(client)}
    assert client.post(f"/cases/{case.id}/take", data=token).status_code == 404


def _csrf(client: PageClient) -> str:
    return str(client.page("/workbench").one(".signout [name=csrf_token]")["value"])


@pytest.mark.parametrize("verb", ["reopen", "void", "assign"])
def test_what_a_director_does_a_mediator_may_not(
    client: PageClient, case: cases.Case, site: org.OrgUnit, verb: str
) -> None:
    client.sign_in(builders.make_user(site, Role.MEDIATOR))
    assert client.page(f"/cases/{case.id}/{verb}").status == 403


# --- verbs --------------------------------------------------------------------------


def test_a_case_with_work_under_way_does_not_close_and_says_why(
    client: PageClient, case: cases.Case
) -> None:
    page = client.page(f"/cases/{case.id}/close")
    assert "还有程序没有办结：调解" in page.text
    answer = client.submit(page, {"outcome": "performed"}, "main form.panel")
    assert answer.status == 422
    assert "还有程序没有办结：调解" in " ".join(answer.texts(".error-summary"))
    assert _again(case).status is CaseStatus.OPEN


def test_a_case_closes_once_however_often_the_form_is_sent(
    client: PageClient, case: cases.Case
) -> None:
    mediation = builders.first_proceeding(case)
    builders.record(case, K.ACCEPTED, mediation)
    builders.record(case, K.CONCLUDED, mediation, outcome="agreed")
    form = client.page(f"/cases/{case.id}/close")
    for _ in range(2):
        answer = client.submit(form, {"outcome": "agreed"}, "main form.panel")
        assert answer.status == 200
    assert "已结：达成协议" in answer.text
    assert sum(e.kind is K.CLOSED for e in cases.all_events(_again(case))) == 1


def test_closing_without_an_outcome_asks_for_it_at_the_field(
    client: PageClient, case: cases.Case
) -> None:
    answer = client.submit(client.page(f"/cases/{case.id}/close"), {}, "main form.panel")
    assert answer.status == 422
    assert answer.error_of("outcome") == "请选择一项"


def test_a_reopened_case_is_shown_as_such(client: PageClient, case: cases.Case) -> None:
    mediation = builders.first_proceeding(case)
    builders.record(case, K.WITHDRAWN, mediation, reason="自行解决")
    form = client.page(f"/cases/{case.id}/close")
    client.submit(form, {"outcome": "withdrawn"}, "main form.panel")
    form = client.page(f"/cases/{case.id}/reopen")
    page = client.submit(form, {"reason": "单位又不付了"}, "main form.panel")
    assert "复立" in page.texts(".casehead .tag")
    assert "理由：单位又不付了" in page.text


def test_a_void_case_stays_listed_with_its_number(client: PageClient, case: cases.Case) -> None:
    form = client.page(f"/cases/{case.id}/void")
    page = client.submit(form, {"reason": "重复登记"}, "main form.panel")
    assert case.case_no in page.text
    assert page.soup.select("form.record") == []


def test_a_case_is_given_to_a_colleague(
    client: PageClient, case: cases.Case, site: org.OrgUnit
) -> None:
    colleague = builders.make_user(site, Role.MEDIATOR, name="陈可")
    form = client.page(f"/cases/{case.id}/assign")
    page = client.submit(form, {"handler_id": colleague.id}, "main form.panel")
    assert "经办人：陈可" in page.text


def test_a_case_nobody_handles_is_taken_with_one_press(
    client: PageClient, site: org.OrgUnit, user: access.User
) -> None:
    case = builders.make_case(site)
    page = client.submit(client.page(f"/cases/{case.id}"), form="form[action$='/take']")
    assert "这个案件由您经办了" in page.text
    assert _again(case).handler_id == user.id


def test_a_case_handed_over_is_found_at_its_new_site(
    client: PageClient, case: cases.Case, site: org.OrgUnit
) -> None:
    station = builders.make_site(name="东区站", parent=site)
    form = client.page(f"/cases/{case.id}/hand-over")
    values = {"site_id": station.id, "reason": "职工住在东区"}
    page = client.submit(form, values, "main form.panel")
    assert "→东区站" in page.text
    assert (_again(case).org_unit_id, _again(case).handler_id) == (station.id, None)


def test_new_days_bring_new_dates(client: PageClient, case: cases.Case) -> None:
    form = client.page(f"/cases/{case.id}/facts")
    page = client.submit(form, {"left_on": "2026.10.31"}, "main form.panel")
    assert "申请仲裁（劳动报酬）" in page.text
    assert "2026-10-31 周六 离职" in page.text


@pytest.mark.parametrize("typed", ["2026-02-30", "昨天", "2099-01-01"])
def test_a_day_that_cannot_be_stays_in_its_field_with_a_sentence(
    client: PageClient, case: cases.Case, typed: str
) -> None:
    form = client.page(f"/cases/{case.id}/facts")
    answer = client.submit(form, {"injured_on": typed}, "main form.panel")
    assert answer.status == 422
    assert answer.error_of("injured_on")
    assert answer.one("#injured_on")["value"] == typed


def test_a_form_opened_before_somebody_else_saved_is_refused_and_kept(
    client: PageClient, case: cases.Case
) -> None:
    form = client.page(f"/cases/{case.id}/facts")
    client.submit(client.page(f"/cases/{case.id}/facts"), {"left_on": "2026-10-01"}, "form.panel")
    answer = client.submit(form, {"left_on": "2026-10-02"}, "main form.panel")
    assert answer.status == 409
    assert "已被他人修改" in answer.text
    assert answer.one("#left_on")["value"] == "2026-10-02"
    assert _again(case).left_on == date(2026, 10, 1)


def test_cause_and_flags_change_with_a_line_on_the_timeline(
    client: PageClient, case: cases.Case
) -> None:
    form = client.page(f"/cases/{case.id}/change")
    values = {"dispute_kind": DisputeKind.TERMINATION.value, "flags": Flag.PREGNANT.value}
    page = client.submit(form, values, "main form.panel")
    assert "案由：劳动报酬改为解除、终止劳动合同" in page.text
    assert "孕期或哺乳期" in page.texts(".casehead .tag")
