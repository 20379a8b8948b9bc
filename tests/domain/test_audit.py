"""The log: every action leaves a line, nothing changes it, and each reader sees his sites."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.clocks import TestClock
from worker_legal.domain import audit
from worker_legal.domain.permissions import Actor
from worker_legal.infra.db import db

ANN, BEN = Actor(1, "安"), Actor(2, "本", ip="10.0.0.7")


def _found(paths: tuple[str, ...], **wanted: object) -> list[str]:
    rows = audit.search(paths, audit.Wanted(**wanted), None, 100)  # type: ignore[arg-type]
    return [row.action for row in rows]


def test_a_line_says_who_what_when_and_where(app: Flask, clock: TestClock) -> None:
    row = audit.record(BEN, "reveal", "worker", 7, "/1/", field="phone", reason="送达")
    db.session.flush()
    assert (row.actor_id, row.actor_label, row.ip) == (2, "本", "10.0.0.7")
    assert row.detail == {"field": "phone", "reason": "送达"}
    assert row.at.date() == clock.today


def test_readers_see_their_sites_and_below(app: Flask) -> None:
    for path in ("/1/", "/1/2/", "/1/2/5/", "/1/3/"):
        audit.record(ANN, path, "case", 1, path)
    db.session.flush()
    assert set(_found(("/1/2/",))) == {"/1/2/", "/1/2/5/"}
    assert set(_found(("/1/",))) == {"/1/", "/1/2/", "/1/2/5/", "/1/3/"}


def test_a_site_whose_number_begins_alike_is_another_site(app: Flask) -> None:
    audit.record(ANN, "far", "case", 1, "/1/20/")
    db.session.flush()
    assert _found(("/1/2/",)) == []


def test_what_concerns_the_whole_office_is_for_its_whole_readers(app: Flask) -> None:
    audit.record(ANN, "import_holidays", "holiday", 2027)
    db.session.flush()
    assert _found(("/1/",)) == ["import_holidays"]
    assert _found(("/1/2/",)) == []


def test_without_any_site_nothing_is_seen(app: Flask) -> None:
    audit.record(ANN, "import_holidays", "holiday", 2027)
    db.session.flush()
    assert _found(()) == []


def test_lines_are_found_by_day_person_and_action(app: Flask, clock: TestClock) -> None:
    audit.record(ANN, "early", "case", 1, "/1/")
    clock.advance(days=1)
    audit.record(BEN, "late", "case", 1, "/1/")
    db.session.flush()
    assert _found(("/1/",), first=date(2026, 11, 24)) == ["late"]
    assert _found(("/1/",), last=date(2026, 11, 23)) == ["early"]
    assert _found(("/1/",), actor_id=1) == ["early"]
    assert _found(("/1/",), action="late") == ["late"]


def test_the_log_is_read_page_by_page(app: Flask) -> None:
    for number in range(5):
        audit.record(ANN, f"step{number}", "case", 1, "/1/")
    db.session.flush()
    first = audit.search(("/1/",), audit.Wanted(), None, 2)
    second = audit.search(("/1/",), audit.Wanted(), first[-1].id, 2)
    assert [row.action for row in (*first, *second)] == ["step4", "step3", "step2", "step1"]


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"]
)
def test_the_database_refuses_to_change_a_line(app: Flask, statement: str) -> None:
    audit.record(ANN, "reveal", "worker", 1)
    db.session.commit()
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        db.session.execute(sa.text(statement))
    db.session.rollback()


def test_sealed_days_form_a_chain(app: Flask, clock: TestClock) -> None:
    audit.record(ANN, "one", "case", 1)
    clock.advance(days=1)
    audit.record(ANN, "two", "case", 1)
    db.session.flush()
    first = audit.seal_day(date(2026, 11, 23))
    second = audit.seal_day(date(2026, 11, 24))
    db.session.flush()
    assert (first.entries, second.entries) == (1, 1)
    assert second.previous == first.digest
    assert audit.verify() == []
    assert audit.last_seal() is second


def test_sealing_a_day_twice_changes_nothing(app: Flask) -> None:
    audit.record(ANN, "one", "case", 1)
    first = audit.seal_day(date(2026, 11, 23))
    db.session.flush()
    audit.record(ANN, "later", "case", 1)
    assert audit.seal_day(date(2026, 11, 23)) is first
    assert first.entries == 1


def test_a_line_slipped_into_a_sealed_day_is_found(app: Flask) -> None:
    audit.record(ANN, "one", "case", 1)
    audit.seal_day(date(2026, 11, 23))
    audit.record(ANN, "slipped in", "case", 1)
    db.session.flush()
    assert audit.verify() == [date(2026, 11, 23)]
