"""Waiting for the one lock of SQLite."""

import time

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from worker_legal.infra import db as books
from worker_legal.infra.db import WRITE, db, transaction

WRITING = "UPDATE app_user SET username = username"


def test_who_waits_in_vain_for_the_lock_is_told_in_the_end(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "PATIENCE", 0.2)
    with db.engine.connect() as other:
        other.execution_options(**WRITE)
        with other.begin():
            begun = time.monotonic()
            with pytest.raises(OperationalError, match="locked"), transaction():
                raise AssertionError("the lock is held by another")
            assert time.monotonic() - begun > 0.2
    with transaction():  # and nothing of it is left
        db.session.execute(sa.text(WRITING))


def test_reading_waits_for_nobody(app: Flask) -> None:
    with db.engine.connect() as other:
        other.execution_options(**WRITE)
        with other.begin():
            other.execute(sa.text(WRITING))
            assert db.session.scalar(sa.text("SELECT count(*) FROM app_user")) == 0
