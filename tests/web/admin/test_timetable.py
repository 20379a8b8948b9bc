"""The timetable on screen, and running a job now."""

import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support.pages import PageClient
from worker_legal.domain import audit, org
from worker_legal.domain.permissions import Role
from worker_legal.infra.db import db
from worker_legal.jobs import runner, schedule
from worker_legal.web.admin.words import DONE, result_words


@pytest.fixture
def director(client: PageClient, centre: org.OrgUnit) -> PageClient:
    client.sign_in(make.make_user(centre, Role.DIRECTOR))
    return client


def _rows(client: PageClient) -> list[str]:
    return client.page("/admin/jobs").texts("section[aria-labelledby=h-timetable] tbody tr")


def _row(client: PageClient, word: str) -> str:
    return next(row for row in _rows(client) if word in row)


def _run(client: PageClient, name: str) -> str:
    page = client.page("/admin/jobs")
    return client.submit(page, form=f"form[action='/admin/jobs/run/{name}']").text


def test_every_job_is_there_with_how_often_it_runs(director: PageClient) -> None:
    assert len(_rows(director)) == len(schedule.JOBS)
    assert "每30秒" in _row(director, "提醒：安排并送达")
    assert "每天03:10" in _row(director, "封存前一天的操作日志")
    assert "每小时第5分" in _row(director, "核对：该提醒的都提醒了")
    assert "每5分钟" in _row(director, "通知职工明天的会")
    assert "外发：" in _row(director, "外发：")
    assert all("还没有运行" in row for row in _rows(director))


def test_a_job_runs_now_and_says_what_it_did(
    director: PageClient, centre: org.OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "_noted", {})
    handler = make.make_user(centre, Role.MEDIATOR)
    make.make_dates(make.make_case(centre, handler_id=handler.id), 0)
    said = _run(director, "remind")
    assert "提醒：安排并送达：运行完了" in said
    assert "新安排 2，已撤回 0，已送到 2" in said
    row = _row(director, "提醒：安排并送达")
    assert "新安排 2" in row
    assert "秒" in row
    entry = db.session.scalars(
        sa.select(audit.AuditEntry).where(audit.AuditEntry.action == "run_job")
    ).one()
    assert entry.detail == {"job": "remind"}


def test_a_job_without_work_says_so(director: PageClient) -> None:
    assert "没有要做的" in _run(director, "forget-sessions")


def test_a_job_that_breaks_is_shown_as_failed(
    app: Flask, director: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> str:
        raise ValueError

    broken = schedule.Job("broken", "坏的", fails, "interval", {"seconds": 30})
    monkeypatch.setattr(runner, "JOBS", (broken,))
    said = _run(director, "broken")
    assert "坏的：没有做成" in said
    assert "ValueError" in _row(director, "坏的")
    assert "失败" in _row(director, "坏的")


def test_a_job_that_is_not_there_is_not_found(director: PageClient) -> None:
    page = director.page("/admin/jobs")
    token: Any = page.one("form[action='/admin/jobs/run/remind'] input[name=csrf_token]")["value"]
    answer = director.post("/admin/jobs/run/mow-the-lawn", data={"csrf_token": token})
    assert answer.status_code == 404


def test_every_name_in_a_line_of_a_job_has_a_word() -> None:
    source = Path(schedule.__file__).read_text(encoding="utf-8")
    names = set(re.findall(r"\b([a-z]+)=\{", source))
    assert len(names) > 8
    assert names - set(DONE) == set()


def test_what_is_no_pairs_stays_as_it_is(app: Flask) -> None:
    assert result_words("ValueError") == "ValueError"
    assert result_words("") == ""
