"""A whole import taken back, while nothing has touched its cases."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from tests.support import ledgers
from worker_legal.domain import audit, imports
from worker_legal.domain.cases import Case, changes
from worker_legal.domain.cases.models import CaseEvent
from worker_legal.domain.imports.models import ImportBatch
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.statistics import measures
from worker_legal.errors import NotAllowed, NotFound, RuleBroken
from worker_legal.infra.db import db, transaction
from worker_legal.law.enums import CaseStatus, DisputeKind

SYSTEM = Actor.system("tests")
ROWS = [{"身份证号码": make.make_id_number()} for _ in range(3)]


@pytest.fixture
def batch(app: Flask) -> ImportBatch:
    """Three cases brought in together."""
    with transaction():
        imports.commit(SYSTEM, ledgers.small(*ROWS), "ledger.xlsx")
    [only] = imports.batches()
    return only


def _touch() -> str:
    """A clerk changes one of the cases; gives its number."""
    with transaction():
        case = db.session.scalars(sa.select(Case).order_by(Case.id)).all()[1]
        changes.change_case(SYSTEM, case, DisputeKind.WELFARE, (), case.version)
        return case.case_no


def test_an_import_is_taken_back_whole(batch: ImportBatch) -> None:
    with transaction():
        assert imports.undo(SYSTEM, batch.id) == 3
    states = set(db.session.scalars(sa.select(Case.status)))
    assert states == {CaseStatus.VOID}
    assert measures.figures(SYSTEM, measures.whole_year(2022), None).cases == 0


def test_the_same_file_may_come_again_afterwards(batch: ImportBatch) -> None:
    with transaction():
        imports.undo(SYSTEM, batch.id)
    with transaction():
        assert imports.commit(SYSTEM, ledgers.small(*ROWS), "ledger.xlsx").added == 3
    assert measures.figures(SYSTEM, measures.whole_year(2022), None).cases == 3


def test_a_touched_case_stops_the_whole_by_its_number(batch: ImportBatch) -> None:
    number = _touch()
    with pytest.raises(RuleBroken, match=number), transaction():
        imports.undo(SYSTEM, batch.id)
    assert CaseStatus.VOID not in set(db.session.scalars(sa.select(Case.status)))


def test_only_the_touched_cases_are_named(batch: ImportBatch) -> None:
    assert imports.touched(batch) == []
    number = _touch()
    assert [case.case_no for case in imports.touched(batch)] == [number]


def test_another_import_does_not_touch_the_first(batch: ImportBatch) -> None:
    more = [*ROWS, {"接访日期": date(2022, 4, 1), "结案日期": ""}]
    with transaction():
        imports.commit(SYSTEM, ledgers.small(*more), "more.xlsx")
    assert imports.touched(batch) == []


def test_an_import_is_taken_back_once(batch: ImportBatch) -> None:
    with transaction():
        imports.undo(SYSTEM, batch.id)
    with pytest.raises(RuleBroken), transaction():
        imports.undo(SYSTEM, batch.id)


def test_an_import_that_left_no_mark_counts_as_touched(batch: ImportBatch) -> None:
    with transaction():
        batch.last_event_id = None
    with pytest.raises(RuleBroken), transaction():
        imports.undo(SYSTEM, batch.id)


def test_history_stays(batch: ImportBatch) -> None:
    before = db.session.scalar(sa.select(sa.func.count(CaseEvent.id))) or 0
    with transaction():
        imports.undo(SYSTEM, batch.id)
    after = db.session.scalar(sa.select(sa.func.count(CaseEvent.id)))
    assert after == before + 3


def test_taking_back_is_in_the_log(batch: ImportBatch) -> None:
    with transaction():
        imports.undo(SYSTEM, batch.id)
    assert "undo_import" in set(db.session.scalars(sa.select(audit.AuditEntry.action)))


def test_a_clerk_may_not_take_an_import_back(batch: ImportBatch) -> None:
    with transaction():
        clerk = make.make_actor(make.org.centre(), Role.INTAKE)
    with pytest.raises(NotAllowed):
        imports.undo(clerk, batch.id)


def test_an_import_that_never_was_is_not_there(app: Flask) -> None:
    with transaction():
        make.make_office()
    with pytest.raises(NotFound):
        imports.undo(SYSTEM, 99)
