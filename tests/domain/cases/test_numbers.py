"""Case numbers and submit tokens under many hands at once (threats K2, K3)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from tests.builders import make_new_case, make_office
from worker_legal.domain import cases, org
from worker_legal.domain.permissions import Actor
from worker_legal.infra.db import db, transaction

ROUNDS = 40
HANDS = 8


class GiveUp(Exception):
    """A registration that is broken off before it is done."""


@pytest.fixture
def site_id(app: Flask) -> int:
    """The centre, committed so that every thread sees it."""
    with transaction():
        return make_office().id


def _register(app: Flask, site_id: int, fails: bool = False, **changes: Any) -> int:
    with app.app_context():
        for _ in range(5):
            try:
                with transaction():
                    new = make_new_case(_site(site_id), **changes)
                    case = cases.register(Actor.system("tests"), new)
                    if fails:
                        raise GiveUp
                    return case.id
            except IntegrityError:
                continue
            except GiveUp:
                return 0
            finally:
                db.session.remove()
    raise AssertionError("five tries were not enough")


def _site(site_id: int) -> org.OrgUnit:
    return org.get_unit(site_id)


def test_many_clerks_get_numbers_without_gap_or_double(app: Flask, site_id: int) -> None:
    with ThreadPoolExecutor(HANDS) as hands:
        work = [hands.submit(_register, app, site_id, n % 10 == 3) for n in range(ROUNDS)]
        done = [each.result() for each in work]
    numbers = db.session.scalars(sa.select(cases.Case.case_no)).all()
    found = sorted(int(re.findall(r"\d+", number)[1]) for number in numbers)
    assert found == list(range(1, sum(map(bool, done)) + 1))


def test_ten_equal_submits_make_one_case(app: Flask, site_id: int) -> None:
    with ThreadPoolExecutor(HANDS) as hands:
        work = [hands.submit(_register, app, site_id, token="k" * 32) for _ in range(10)]
        made = {each.result() for each in work}
    assert len(made) == 1
    assert db.session.scalar(sa.select(sa.func.count(cases.Case.id))) == 1


def test_each_year_counts_from_one(app: Flask, site_id: int) -> None:
    _register(app, site_id, registered_on=date(2025, 12, 31))
    _register(app, site_id, registered_on=date(2026, 1, 1))
    numbers = set(db.session.scalars(sa.select(cases.Case.case_no)))
    assert numbers == {"示援〔2025〕1号", "示援〔2026〕1号"}
