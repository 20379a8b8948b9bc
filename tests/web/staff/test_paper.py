"""The dates of a site on paper: who prints what, what stands on it, and who is reminded of it."""

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support.clocks import TestClock
from tests.support.pages import PageClient
from worker_legal.domain import access, audit, cases, org
from worker_legal.domain.cases.models import Deadline
from worker_legal.domain.permissions import Role
from worker_legal.infra.db import db
from worker_legal.law.enums import CaseStatus


@pytest.fixture
def station(centre: org.OrgUnit) -> org.OrgUnit:
    return make.make_site(parent=centre, name="示例工业园服务站")


@pytest.fixture
def case(station: org.OrgUnit) -> cases.Case:
    found = make.make_case(station)
    db.session.execute(sa.delete(Deadline))
    make.make_dates(found, -2, 0, 13, 14)
    db.session.commit()
    return found


def _sign_in(client: PageClient, site: org.OrgUnit, role: Role) -> access.User:
    user = make.make_user(site, role)
    client.sign_in(user)
    return user


def _row(client: PageClient, name: str) -> str:
    rows = client.page("/dates/paper").texts("tbody tr")
    return next(row for row in rows if name in row)


def test_the_sheet_has_what_is_overdue_and_two_weeks(
    client: PageClient, station: org.OrgUnit, case: cases.Case
) -> None:
    _sign_in(client, station, Role.INTAKE)
    page = client.page("/dates/paper")
    assert "3项" in _row(client, station.name)
    sheet = client.submit(page, form=f"form[action='/dates/paper/{station.id}']")
    rows = sheet.texts("tbody tr")
    assert ["逾期" in row for row in rows] == [True, False, False]
    assert all(case.case_no in row for row in rows)


def test_no_worker_and_no_employer_stands_on_it(
    client: PageClient, station: org.OrgUnit, case: cases.Case
) -> None:
    _sign_in(client, station, Role.INTAKE)
    page = client.page("/dates/paper")
    text = client.submit(page, form=f"form[action='/dates/paper/{station.id}']").text
    lead = cases.get_case(make.make_actor(station, Role.DIRECTOR), case.id)
    assert lead.lead_worker is not None
    assert lead.lead_employer is not None
    assert lead.lead_worker.name not in text
    assert lead.lead_employer.name not in text


def test_the_workbench_reminds_until_somebody_has_printed(
    client: PageClient, station: org.OrgUnit, case: cases.Case, clock: TestClock
) -> None:
    user = _sign_in(client, station, Role.MEDIATOR)
    assert "1个站点本周的期限单还没有打印" in client.page("/workbench").text
    client.submit(client.page("/dates/paper"), form=f"form[action='/dates/paper/{station.id}']")
    assert "还没有打印" not in client.page("/workbench").text
    assert user.display_name in _row(client, station.name)
    entry = db.session.scalars(
        sa.select(audit.AuditEntry).where(audit.AuditEntry.action == "print_dates")
    ).one()
    assert (entry.object_id, entry.detail) == (station.id, {"week": "2026-11-23"})
    clock.advance(days=7)
    client.sign_in(user)
    assert "1个站点本周的期限单还没有打印" in client.page("/workbench").text


def test_a_site_without_dates_reminds_nobody(
    client: PageClient, station: org.OrgUnit, case: cases.Case
) -> None:
    db.session.execute(sa.update(cases.Case).values(status=CaseStatus.VOID))
    _sign_in(client, station, Role.MEDIATOR)
    assert "还没有打印" not in client.page("/workbench").text
    assert "没有要打印的" in _row(client, station.name)


def test_the_sheet_of_another_site_is_not_there(
    client: PageClient, centre: org.OrgUnit, station: org.OrgUnit, case: cases.Case
) -> None:
    other = make.make_site(parent=centre)
    _sign_in(client, other, Role.INTAKE)
    page = client.page("/dates/paper")
    assert station.name not in page.text
    token = page.one("form[action='/sign-out'] input[name=csrf_token]")["value"]
    answer = client.post(f"/dates/paper/{station.id}", data={"csrf_token": token})
    assert answer.status_code == 404


def test_the_director_of_the_centre_prints_for_every_site(
    app: Flask, client: PageClient, centre: org.OrgUnit, station: org.OrgUnit, case: cases.Case
) -> None:
    _sign_in(client, centre, Role.DIRECTOR)
    assert "3项" in _row(client, station.name)
    assert "0项" in _row(client, centre.name)
