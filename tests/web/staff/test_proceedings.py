"""Opening a proceeding, recording what happened, correcting it, the sum of a date on paper."""

from datetime import date

import pytest
from flask import Flask

from tests import builders
from tests.support.pages import Page, PageClient
from worker_legal.domain import access, cases, org
from worker_legal.domain.permissions import Role
from worker_legal.infra.db import db
from worker_legal.law.enums import EventKind, Stage, Status
from worker_legal.law.stages import SPECS

K = EventKind
HTML = "<script>alert(1)</script>"


@pytest.fixture
def site(app: Flask) -> org.OrgUnit:
    """The office's centre."""
    return builders.make_office()


@pytest.fixture
def case(site: org.OrgUnit, client: PageClient) -> cases.Case:
    """A dispute of three workers in mediation; its mediator is signed in."""
    user = builders.make_user(site, Role.MEDIATOR)
    client.sign_in(user)
    return builders.make_case(
        site, workers=builders.make_group(3), first_stage=Stage.MEDIATION, handler_id=user.id
    )


@pytest.fixture
def mediation(case: cases.Case) -> cases.Proceeding:
    """The mediation of that case."""
    return builders.first_proceeding(case)


def _again(proceeding: cases.Proceeding) -> cases.Proceeding:
    return db.session.get_one(cases.Proceeding, proceeding.id, populate_existing=True)


def _count(case: cases.Case, kind: EventKind) -> int:
    db.session.expire_all()
    return sum(event.kind is kind for event in cases.all_events(case))


def _box(client: PageClient, case: cases.Case, what: str, **more: str) -> Page:
    page = client.page(f"/cases/{case.id}")
    return client.submit(page, {"what": what, **more}, "form.record")


# --- the box ----------------------------------------------------------------------


def test_a_call_is_one_line_and_one_press(client: PageClient, case: cases.Case) -> None:
    page = _box(client, case, "0:call:yes", note="约了周四来")
    assert "已记下：电话" in page.text
    assert "电话 接通" in page.texts(".tl-item h4")
    assert "约了周四来" in page.text


def test_a_visit_is_counted_with_one_press(client: PageClient, case: cases.Case) -> None:
    page = client.submit(client.page(f"/cases/{case.id}"), form=".chips-filter form")
    assert "来访2次" in page.text


def test_the_box_offers_only_what_can_happen_now(
    client: PageClient, case: cases.Case, mediation: cases.Proceeding
) -> None:
    offered = {str(o["value"]) for o in client.page(f"/cases/{case.id}").soup.select("option")}
    assert f"{mediation.id}:accepted" in offered
    assert f"{mediation.id}:concluded" not in offered
    assert f"{mediation.id}:hearing_held" not in offered


def test_an_event_without_facts_is_recorded_at_once(
    client: PageClient, case: cases.Case, mediation: cases.Proceeding
) -> None:
    _box(client, case, f"{mediation.id}:accepted")
    assert _again(mediation).status is Status.ACCEPTED


def test_an_event_with_facts_asks_for_them_on_a_second_page(
    client: PageClient, case: cases.Case, mediation: cases.Proceeding
) -> None:
    builders.record(case, K.ACCEPTED, mediation)
    second = _box(client, case, f"{mediation.id}:agreement_signed", note="分三期付")
    assert second.heading == "登记：调解·签订调解协议"
    assert second.one("#note").get_text().strip() == "分三期付"
    page = client.submit(second, {"agreed_fen": "12,000.5"}, "main form.panel")
    assert "调解·签订调解协议 12,000.50元" in page.texts(".tl-item h4")
    dates = page.texts(".datelist .name")
    assert {"共同申请仲裁审查", "共同申请司法确认"} <= set(dates)


def test_a_sent_form_counts_once(client: PageClient, case: cases.Case) -> None:
    page = client.page(f"/cases/{case.id}")
    for _ in range(3):
        assert (
            client.submit(page, {"what": "0:note", "note": "同一条"}, "form.record").status == 200
        )
    assert _count(case, K.NOTE) == 1


def test_a_note_never_stands_in_an_address(client: PageClient, case: cases.Case) -> None:
    page = client.page(f"/cases/{case.id}")
    assert page.one("form.record")["method"] == "post"


@pytest.mark.parametrize(
    ("on", "sentence"),
    [("2026-11-24", "不能晚于今天"), ("2026-11-31", "没有这一天"), ("", "请填写"), ("x", "写成")],
)
def test_a_wrong_day_keeps_what_was_typed(
    client: PageClient, case: cases.Case, on: str, sentence: str
) -> None:
    answer = _box(client, case, "0:note", on=on, note="写了很久的一段话")
    assert answer.status == 422
    assert sentence in answer.error_of("on")
    assert answer.one("#note").get_text().strip() == "写了很久的一段话"
    assert _count(case, K.NOTE) == 0


# --- the one form -------------------------------------------------------------------


@pytest.mark.parametrize("stage", list(Stage))
def test_every_event_of_every_service_has_a_form(
    client: PageClient, site: org.OrgUnit, case: cases.Case, stage: Stage
) -> None:
    own = builders.make_case(site, first_stage=stage, plain_reason="先问清楚")
    proceeding = builders.first_proceeding(own)
    for kind in SPECS[stage].events:
        page = client.page(f"/cases/{own.id}/record?what={proceeding.id}:{kind.value}")
        assert page.status == 200, kind


def test_a_step_out_of_order_is_refused_with_what_to_do(
    client: PageClient, case: cases.Case, mediation: cases.Proceeding
) -> None:
    page = client.page(f"/cases/{case.id}/record?what={mediation.id}:concluded")
    answer = client.submit(page, {"outcome": "failed", "note": "没谈成"}, "main form.panel")
    assert answer.status == 422
    assert "现在是“已申请”，不能登记“办结”" in answer.text
    assert answer.one("#note").get_text().strip() == "没谈成"
    assert _again(mediation).status is Status.APPLIED


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "请填写"), ("-5", ""), ("9999999999999", ""), ("五百", ""), ("1.234", "")],
)
def test_an_amount_that_cannot_be_is_refused_at_its_field(
    client: PageClient, case: cases.Case, mediation: cases.Proceeding, typed: str, sentence: str
) -> None:
    builders.record(case, K.ACCEPTED, mediation)
    page = client.page(f"/cases/{case.id}/record?what={mediation.id}:agreement_signed")
    answer = client.submit(page, {"agreed_fen": typed}, "main form.panel")
    assert answer.status == 422
    assert answer.error_of("agreed_fen")
    assert sentence in answer.error_of("agreed_fen")
    assert _count(case, K.AGREEMENT_SIGNED) == 0


def test_a_number_of_a_person_is_refused_where_it_would_be_in_clear(
    client: PageClient, case: cases.Case, mediation: cases.Proceeding
) -> None:
    page = client.page(f"/cases/{case.id}/record?what={mediation.id}:withdrawn")
    answer = client.submit(page, {"reason": "电话13800001234"}, "main form.panel")
    assert answer.status == 422
    assert "备注" in answer.error_of("reason")


def test_html_in_a_text_is_shown_as_text(
    client: PageClient, case: cases.Case, mediation: cases.Proceeding
) -> None:
    page = client.page(f"/cases/{case.id}/record?what={mediation.id}:withdrawn")
    shown = client.submit(page, {"reason": HTML, "note": HTML}, "main form.panel")
    assert shown.text.count(HTML) == 2
    assert shown.soup.select("script:not([src])") == []


def test_too_long_a_text_is_refused(
    client: PageClient, case: cases.Case, mediation: cases.Proceeding
) -> None:
    page = client.page(f"/cases/{case.id}/record?what={mediation.id}:withdrawn")
    answer = client.submit(page, {"reason": "长" * 201}, "main form.panel")
    assert answer.error_of("reason") == "最多200个字"


def test_a_code_that_is_not_in_the_list_is_refused(
    client: PageClient, case: cases.Case, mediation: cases.Proceeding
) -> None:
    builders.record(case, K.ACCEPTED, mediation)
    page = client.page(f"/cases/{case.id}/record?what={mediation.id}:concluded")
    answer = client.submit(page, {"outcome": "won"}, "main form.panel")
    assert answer.status == 422
    assert answer.error_of("outcome")


def test_a_second_extension_is_refused(client: PageClient, case: cases.Case) -> None:
    arbitration = builders.open_stage(case, Stage.ARBITRATION)
    builders.record(case, K.ACCEPTED, arbitration)
    builders.record(case, K.EXTENDED, arbitration, approved_by="主任", reason="复杂")
    page = client.page(f"/cases/{case.id}/record?what={arbitration.id}:extended")
    values = {"approved_by": "主任", "reason": "还要"}
    answer = client.submit(page, values, "main form.panel")
    assert answer.status == 422
    assert "法律只允许延期一次" in answer.text


@pytest.mark.parametrize("what", ["x", "0:won", "99999:accepted", "0:call:maybe", "-1:note", ":"])
def test_an_invented_step_is_not_found(client: PageClient, case: cases.Case, what: str) -> None:
    assert client.page(f"/cases/{case.id}/record?what={what}").status == 404


# --- opening ------------------------------------------------------------------------


def test_the_nine_services_are_offered_but_not_the_one_under_way(
    client: PageClient, case: cases.Case
) -> None:
    page = client.page(f"/cases/{case.id}/proceedings/new")
    assert len(page.soup.select("main .linelist a")) == 8


def test_a_proceeding_is_opened_for_some_of_the_workers(
    client: PageClient, case: cases.Case
) -> None:
    page = client.page(f"/cases/{case.id}/proceedings/new?stage=arbitration")
    ids = [party.id for party in cases.active_workers(case)]
    shown = client.submit(page, {"party_ids": ids[:2], "docket_no": "412号"}, "main form.panel")
    assert "已开“仲裁”程序" in shown.text
    opened = cases.proceedings_of(case)[-1]
    assert cases.party_ids_of([opened]) == {opened.id: ids[:2]}
    assert opened.docket_no == "412号"


def test_a_gate_quotes_its_rule_and_asks_for_a_reason(client: PageClient, case: cases.Case) -> None:
    page = client.page(f"/cases/{case.id}/proceedings/new?stage=litigation")
    assert "先申请仲裁" in page.text
    refused = client.submit(page, {}, "main form.panel")
    assert refused.status == 422
    assert "先申请仲裁" in refused.error_of("reason")
    shown = client.submit(refused, {"reason": "凭工资欠条起诉"}, "main form.panel")
    assert "理由：凭工资欠条起诉" in shown.text


def test_a_second_proceeding_for_the_same_workers_is_refused(
    client: PageClient, case: cases.Case
) -> None:
    page = client.page(f"/cases/{case.id}/proceedings/new?stage=mediation")
    ids = [party.id for party in cases.active_workers(case)]
    answer = client.submit(page, {"party_ids": ids}, "main form.panel")
    assert answer.status == 422
    assert "已有一个“调解”程序在办" in answer.text


def test_opening_twice_by_one_form_opens_once(client: PageClient, case: cases.Case) -> None:
    page = client.page(f"/cases/{case.id}/proceedings/new?stage=inspection")
    for _ in range(2):
        assert client.submit(page, {}, "main form.panel").status == 200
    assert len(cases.proceedings_of(case)) == 2


def test_an_invented_service_is_not_found(client: PageClient, case: cases.Case) -> None:
    assert client.page(f"/cases/{case.id}/proceedings/new?stage=x").status == 404


# --- correcting ---------------------------------------------------------------------


def test_a_correction_shows_both_entries(client: PageClient, case: cases.Case) -> None:
    event = builders.record(case, K.CALL, reached="yes", note="说错了")
    page = client.page(f"/cases/{case.id}/events/{event.id}/correct")
    assert page.one("#note").get_text().strip() == "说错了"
    values = {"reached": "no", "note": "没有人接", "correction": "看错了记录"}
    shown = client.submit(page, values, "main form.panel")
    assert shown.texts(".tl-item h4")[:2] == ["电话 未接通", "电话 接通 已更正"]
    assert "更正理由：看错了记录" in shown.text


def test_an_entry_taken_back_is_struck_out(
    client: PageClient, case: cases.Case, mediation: cases.Proceeding
) -> None:
    event = builders.record(case, K.ACCEPTED, mediation)
    page = client.page(f"/cases/{case.id}/events/{event.id}/correct")
    shown = client.submit(page, {"correction": "登错", "retract": "1"}, "main form.panel")
    assert "调解·受理 已撤销" in shown.texts(".tl-item-old h4")
    assert _again(mediation).status is Status.APPLIED


def test_the_enter_key_saves_a_correction_and_takes_nothing_back(
    client: PageClient, case: cases.Case, mediation: cases.Proceeding
) -> None:
    event = builders.record(case, K.ACCEPTED, mediation)
    page = client.page(f"/cases/{case.id}/events/{event.id}/correct")
    first, *others = page.soup.select("main form.panel button")
    assert first.get("name") is None
    assert [other.get("name") for other in others] == ["retract"]


def test_a_correction_without_a_reason_is_refused(client: PageClient, case: cases.Case) -> None:
    event = builders.record(case, K.VISIT)
    page = client.page(f"/cases/{case.id}/events/{event.id}/correct")
    answer = client.submit(page, {}, "main form.panel")
    assert answer.status == 422
    assert answer.error_of("correction")


def test_an_entry_already_corrected_offers_no_form(client: PageClient, case: cases.Case) -> None:
    event = builders.record(case, K.VISIT)
    address = f"/cases/{case.id}/events/{event.id}/correct"
    client.submit(client.page(address), {"correction": "改"}, "main form.panel")
    assert client.page(address).soup.select("main form") == []


# --- the sum on paper ---------------------------------------------------------------


def test_the_sum_of_a_date_is_printed_in_numbered_steps(
    client: PageClient, case: cases.Case
) -> None:
    row = next(d.row for d in cases.dated_of(case) if d.row.rule_code == "mediation.end")
    page = client.page(f"/cases/{case.id}/dates/{row.id}")
    assert page.heading == "期限的算法·调解结束"
    steps = page.texts("ol li")
    assert steps[0].startswith("1. 2026-11-23 周一申请")
    assert "2026-12-08 周二" in page.text


# --- ids of others --------------------------------------------------------------------


def test_ids_of_another_case_of_the_same_site_are_not_found(
    client: PageClient, site: org.OrgUnit, case: cases.Case
) -> None:
    other = builders.make_case(site, first_stage=Stage.MEDIATION)
    event = cases.all_events(other)[0]
    row = cases.dated_of(other)[0].row
    proceeding = builders.first_proceeding(other)
    for path in (
        f"events/{event.id}/correct",
        f"dates/{row.id}",
        f"record?what={proceeding.id}:accepted",
    ):
        assert client.page(f"/cases/{case.id}/{path}").status == 404, path


def test_nothing_of_another_station_is_found(
    client: PageClient, site: org.OrgUnit, case: cases.Case, mediation: cases.Proceeding
) -> None:
    station = builders.make_site(parent=site)
    client.sign_in(builders.make_user(station, Role.MEDIATOR))
    event, row = cases.all_events(case)[0], cases.dated_of(case)[0].row
    for path in (
        "record?what=0:note",
        "proceedings/new",
        f"events/{event.id}/correct",
        f"dates/{row.id}",
    ):
        assert client.page(f"/cases/{case.id}/{path}").status == 404, path


def test_a_follow_up_of_another_case_is_not_found(
    client: PageClient, site: org.OrgUnit, case: cases.Case
) -> None:
    other = builders.first_proceeding(builders.make_case(site))
    address = f"/cases/{case.id}/proceedings/new?stage=arbitration&follows={other.id}"
    answer = client.submit(client.page(address), {}, "main form.panel")
    assert answer.status == 404


def test_an_inspector_sees_own_cases_only(
    client: PageClient, site: org.OrgUnit, case: cases.Case
) -> None:
    inspector = builders.make_user(site, Role.INSPECTOR)
    client.sign_in(inspector)
    assert client.page(f"/cases/{case.id}/record?what=0:note").status == 404
    builders.open_stage(case, Stage.INSPECTION, handler_id=inspector.id)
    assert client.page(f"/cases/{case.id}/record?what=0:note").status == 200


def test_today_is_the_day_the_form_proposes(client: PageClient, case: cases.Case) -> None:
    page = client.page(f"/cases/{case.id}/record?what=0:note")
    assert page.one("#on")["value"] == date(2026, 11, 23).isoformat()


def test_the_office_knows_who_wrote_an_entry(client: PageClient, case: cases.Case) -> None:
    _box(client, case, "0:note", note="一句话")
    author = access.get_user(case.handler_id or 0).display_name
    assert author in client.page(f"/cases/{case.id}").texts(".tl-by")[0]
