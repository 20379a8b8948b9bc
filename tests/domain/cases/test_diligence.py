"""The record of dates: what arose, moved and ended, by whom, from what, and what was missed."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests import builders as make
from tests.support.clocks import TestClock
from tests.support.pages import PageClient
from worker_legal.domain import cases, org
from worker_legal.domain.cases import diligence
from worker_legal.domain.cases.diligence import DeadlineLog
from worker_legal.domain.cases.models import Case
from worker_legal.domain.permissions import Actor, Role
from worker_legal.infra import clock
from worker_legal.infra.db import db, transaction
from worker_legal.law.enums import EventKind, OrgKind, Stage

END = "mediation.end"


@pytest.fixture
def case(centre: org.OrgUnit, actor: Actor, clock: TestClock) -> Case:
    with transaction():
        return make.make_case(centre, actor, first_stage=Stage.MEDIATION)


def _lines(code: str = END) -> list[tuple[str, date | None, date | None, str | None]]:
    query = sa.select(DeadlineLog).where(DeadlineLog.rule_code == code).order_by(DeadlineLog.id)
    return [
        (row.change.value, row.old_due_on, row.new_due_on, row.by_label)
        for row in db.session.scalars(query)
    ]


def test_a_date_that_arose_is_written_down_with_its_author(case: Case, actor: Actor) -> None:
    assert _lines() == [("created", None, date(2026, 12, 8), actor.label)]


def test_a_met_date_is_written_down_once(case: Case, actor: Actor) -> None:
    with transaction():
        mediation = make.first_proceeding(case)
        make.record(case, EventKind.ACCEPTED, mediation, actor=actor)
        signed = make.record(
            case, EventKind.AGREEMENT_SIGNED, mediation, actor=actor, agreed_fen=100
        )
        make.record(case, EventKind.NOTE, mediation, actor=actor)
    assert [line[0] for line in _lines()] == ["created", "met"]
    met = sa.select(DeadlineLog.event_id).where(DeadlineLog.change == "met")
    assert db.session.scalars(met.where(DeadlineLog.rule_code == END)).all() == [signed.id]


def test_a_case_set_aside_cancels_its_dates(case: Case, actor: Actor) -> None:
    with transaction():
        cases.void(actor, case, "误登")
    assert [line[0] for line in _lines()] == ["created", "cancelled"]


def test_a_moved_date_keeps_its_old_day(centre: org.OrgUnit, actor: Actor) -> None:
    with transaction():
        case = make.make_case(centre, actor, facts=cases.FactDates(unpaid_from=date(2026, 8, 1)))
        later = cases.FactDates(unpaid_from=date(2026, 9, 1))
        cases.change_facts(actor, case, later, case.version)
    query = sa.select(DeadlineLog).where(DeadlineLog.change == "moved")
    rows = db.session.scalars(query).all()
    assert rows
    assert all(row.old_due_on != row.new_due_on for row in rows)


def test_a_recomputation_that_changes_nothing_writes_nothing(case: Case) -> None:
    before = db.session.scalar(sa.select(sa.func.count(DeadlineLog.id)))
    with transaction():
        cases.recompute_all()
    assert db.session.scalar(sa.select(sa.func.count(DeadlineLog.id))) == before


def test_the_record_cannot_be_changed(case: Case) -> None:
    with pytest.raises(sa.exc.DBAPIError), transaction():
        db.session.execute(sa.update(DeadlineLog).values(by_label="somebody else"))


def test_a_day_shows_what_happened_on_it_at_the_readers_sites(
    case: Case, centre: org.OrgUnit, clock: TestClock
) -> None:
    paths = [centre.path or ""]
    assert {line.case_no for line in cases.day_log(paths, clock.today)} == {case.case_no}
    assert cases.day_log(paths, clock.today - timedelta(days=1)) == []
    assert cases.day_log([], clock.today) == []


def test_what_passed_without_being_met_is_missed(
    case: Case, centre: org.OrgUnit, clock: TestClock
) -> None:
    paths, due = [centre.path or ""], date(2026, 12, 8)
    assert cases.missed_on(paths, due) == []
    clock.advance(days=20)
    assert (case.case_no, END, None) in cases.missed_on(paths, due)


def test_the_sheet_of_a_day_can_be_printed(
    case: Case, centre: org.OrgUnit, client: PageClient
) -> None:
    client.sign_in(make.make_user(centre, Role.AUDITOR))
    page = client.page("/admin/deadline-log")
    assert "期限登记日志" in page.heading
    assert f"{case.case_no} 调解结束 产生 2026-12-08" in page.text
    assert "没有期限产生" in client.page("/admin/deadline-log?day=2026-11-22").text
    assert client.get("/admin/deadline-log?day=2026-02-30").status_code == 404


def test_a_full_day_is_read_sheet_by_sheet(
    case: Case, centre: org.OrgUnit, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        later = make.make_case(centre, first_stage=Stage.MEDIATION)
    monkeypatch.setattr(diligence, "PART", 1)
    client.sign_in(make.make_user(centre, Role.AUDITOR))
    parts = cases.day_parts([centre.path or ""], clock.today())
    assert parts > 1
    first = client.page("/admin/deadline-log")
    last = client.page(f"/admin/deadline-log?part={parts}")
    assert f"第1页，共{parts}页" in first.text
    assert case.case_no in first.text
    assert later.case_no not in first.text
    assert later.case_no in last.text
    assert case.case_no in client.page("/admin/deadline-log?part=0").text


def test_another_station_sees_nothing_of_it(
    case: Case, centre: org.OrgUnit, client: PageClient
) -> None:
    with transaction():
        other = make.make_user(make.make_site(OrgKind.STATION, parent=centre), Role.DIRECTOR)
    client.sign_in(other)
    assert case.case_no not in client.page("/admin/deadline-log").text


def test_a_clerk_has_no_such_page(centre: org.OrgUnit, client: PageClient) -> None:
    client.sign_in(make.make_user(centre, Role.INTAKE))
    assert client.get("/admin/deadline-log").status_code == 403
