"""kill -9 of the server during writes loses no acknowledged case and leaves no half one (F1)."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.builders import PASSWORD, make_office, make_user
from tests.faults.mill import Mill
from tests.support.settings import Database, make_settings
from worker_legal.domain.cases.models import Case, CaseCounter, CaseEvent, CaseParty
from worker_legal.domain.permissions import Role
from worker_legal.infra.db import db, transaction

KILLS = 55


@pytest.mark.both_databases
@pytest.mark.slow
def test_every_acknowledged_case_survives(app: Flask, database: Database, tmp_path: Path) -> None:
    with transaction():
        centre = make_office()
        username = make_user(centre, Role.INTAKE, password=PASSWORD).username
    db.session.remove()
    db.engine.dispose()
    mill = Mill(make_settings(database.url, tmp_path / "instance"))
    mill.run(KILLS, username, PASSWORD)
    acknowledged = {case_id for clerk in mill.clerks for case_id in clerk.acknowledged}
    kept = set(db.session.scalars(sa.select(Case.id)))
    assert mill.kills == KILLS
    assert acknowledged <= kept
    assert whole_cases() == kept
    assert db.session.scalar(sa.select(CaseCounter.last)) == len(kept)
    if database.kind == "sqlite":
        assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"


def whole_cases() -> set[int]:
    """The cases with both workers, the employer, and both opening events."""
    parties = sa.select(CaseParty.case_id).group_by(CaseParty.case_id).having(sa.func.count() == 3)
    events = sa.select(CaseEvent.case_id).group_by(CaseEvent.case_id).having(sa.func.count() == 2)
    return set(db.session.scalars(parties)) & set(db.session.scalars(events))
