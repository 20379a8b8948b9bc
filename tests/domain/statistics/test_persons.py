"""Persons kept as sets are the persons an independent count finds, whatever is done (X5)."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders as make
from worker_legal.domain import access, org
from worker_legal.domain.cases.models import Case, CaseParty, Proceeding, ProceedingParty
from worker_legal.domain.cases.queries import CaseFilter
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.parties import Worker
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.statistics import kept, measures, persons, recount, trends
from worker_legal.domain.statistics.measures import Period, filed_in, registered_in
from worker_legal.domain.statistics.models import FigureMark, FigurePersons
from worker_legal.domain.statistics.rates import closed_in
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.law.enums import CaseStatus, Outcome, Stage

pytestmark = pytest.mark.both_databases

SYSTEM = Actor.system("tests")
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
PERIODS = (
    YEAR,
    Period(date(2026, 2, 10), date(2026, 9, 18)),
    Period(date(2026, 3, 5), date(2026, 3, 20)),
    Period(date(2026, 4, 1), date(2026, 6, 30)),
)
Sites = frozenset[int] | None


@pytest.fixture
def sites(centre: OrgUnit) -> list[OrgUnit]:
    return [centre, make.make_site(parent=centre), make.make_site(parent=centre)]


@pytest.fixture
def there(sites: list[OrgUnit]) -> list[Case]:
    """Cases whose workers come again elsewhere, one of them without a number."""
    random = Random(5)
    workers = [*make.make_group(4), make.make_party(id_no="")]
    found = [
        make.make_case(site, workers=random.sample(workers, 3), source="ledger")
        for site in sites * 2
    ]
    for case in found:
        case.registered_on = _day(random)
    for case in found[::2]:
        make.open_stage(case, Stage.WORK_INJURY)
    db.session.flush()
    return found


def _day(random: Random) -> date:
    return date(2026, random.randrange(1, 12), random.randrange(1, 28))


def _any(random: Random, table: Any) -> Any:
    return random.choice(
        db.session.scalars(sa.select(table).order_by(*table.__mapper__.primary_key)).all()
    )


def _edit(random: Random, sites: list[OrgUnit]) -> None:
    """Write one thing that moves a person, as the last write of any path to it."""
    day = _day(random)
    closed = {"status": CaseStatus.CLOSED, "closed_on": date(2026, 12, 3)}
    edits: list[Callable[[], Any]] = [
        lambda: _set(_any(random, Case), registered_on=day),
        lambda: _set(_any(random, Case), org_unit_id=random.choice(sites).id),
        lambda: _set(_any(random, Case), **closed, close_outcome=Outcome.AGREED),
        lambda: _set(_any(random, Case), status=CaseStatus.VOID, closed_on=None),
        lambda: _set(_any(random, Case), status=CaseStatus.OPEN, closed_on=None),
        lambda: _set(_any(random, CaseParty), removed_at=random.choice([None, clock.now()])),
        lambda: _set(_any(random, Worker), id_no_hash=random.choice([None, f"{random.random()}"])),
        lambda: _set(_any(random, Proceeding), filed_on=day),
        lambda: _set(_any(random, Proceeding), stage=Stage.MEDIATION, seq=random.randrange(10**6)),
        lambda: _apply(_any(random, Case), day),
        lambda: db.session.delete(_any(random, ProceedingParty)),
    ]
    random.choice(edits)()
    db.session.flush()
    db.session.expire_all()


def _apply(case: Case, day: date) -> None:
    seq = 2 + int(db.session.scalar(sa.select(sa.func.count(Proceeding.id))) or 0)
    new = Proceeding(case_id=case.id, stage=Stage.WORK_INJURY, seq=seq, filed_on=day)
    db.session.add(new)
    db.session.flush()
    parties = sa.select(CaseParty.id).where(
        CaseParty.case_id == case.id, CaseParty.worker_id.is_not(None)
    )
    for party_id in db.session.scalars(parties):
        db.session.add(ProceedingParty(proceeding_id=new.id, case_party_id=party_id))


def _set(row: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _people(day: str, period: Period, site_ids: Sites) -> set[tuple[str, str]]:
    """Each person with each month of theirs, by a statement that is the test's own."""
    statement = f"""
        SELECT w.id, w.id_no_hash, q.id, c.org_unit_id, c.{day}
        FROM legal_case c JOIN case_party q ON q.case_id = c.id JOIN worker w ON w.id = q.worker_id
        WHERE c.status <> 'void' AND q.removed_at IS NULL
        AND c.{day} BETWEEN :first AND :last
    """  # noqa: S608 - a column of the test
    return _read(statement, period, site_ids)


def _applicants(period: Period, site_ids: Sites) -> set[tuple[str, str]]:
    statement = """
        SELECT w.id, w.id_no_hash, q.id, c.org_unit_id, p.filed_on
        FROM proceeding p JOIN legal_case c ON c.id = p.case_id
        JOIN proceeding_party r ON r.proceeding_id = p.id
        JOIN case_party q ON q.id = r.case_party_id JOIN worker w ON w.id = q.worker_id
        WHERE c.status <> 'void' AND p.stage = 'work_injury'
        AND p.filed_on BETWEEN :first AND :last
    """
    return _read(statement, period, site_ids)


def _read(statement: str, period: Period, site_ids: Sites) -> set[tuple[str, str]]:
    rows = db.session.execute(sa.text(statement), {"first": period.first, "last": period.last})
    return {
        (f"worker {worker}" if number else f"party {party}", str(day)[:7])
        for worker, number, party, site_id, day in rows
        if site_ids is None or site_id in site_ids
    }


def _expect(wanted: CaseFilter, found: set[tuple[str, str]]) -> None:
    months = [month for _, month in found]
    assert persons.crowd(SYSTEM, wanted) == persons.Crowd(
        len({person for person, _ in found}), {month: months.count(month) for month in months}
    )


@pytest.mark.parametrize("seed", range(4))
def test_after_any_edits_the_sets_are_the_persons(
    sites: list[OrgUnit], there: list[Case], seed: int
) -> None:
    random = Random(seed)
    for turn in range(60):
        _edit(random, sites)
        if turn % 7 == 3:
            recount.refresh()
        period = random.choice(PERIODS)
        some = random.choice([None, frozenset({sites[0].id}), frozenset({s.id for s in sites[1:]})])
        _expect(registered_in(period, some), _people("registered_on", period, some))
        _expect(closed_in(period, some), _people("closed_on", period, some))
        _expect(filed_in(period, some), _applicants(period, some))
    recount.refresh()
    assert recount.recount().differences == ()
    assert db.session.scalar(sa.select(sa.func.count(FigureMark.id))) == 0


def test_persons_are_read_from_the_sets_and_not_from_cases(there: list[Case]) -> None:
    recount.refresh()
    before = measures.figures_alone(SYSTEM, YEAR)
    assert before.people > 4
    assert before.work_injury_people > 1
    db.session.execute(sa.delete(FigurePersons))
    kept.forget()
    after = measures.figures_alone(SYSTEM, YEAR)
    assert (after.people, after.work_injury_people) == (0, 0)


def test_a_wrong_set_is_named_without_a_person_and_mended(there: list[Case]) -> None:
    recount.refresh()
    db.session.execute(sa.delete(FigurePersons).where(FigurePersons.kind == "injury"))
    found = recount.recount().differences
    assert {(each.row.kind, each.row.dimension, each.stored) for each in found} == {
        ("injury", "persons", "None")
    }
    assert all(each.counted.endswith(" persons") for each in found)
    recount.rebuild()
    assert recount.recount().differences == ()


def test_who_sees_some_cases_only_has_the_persons_of_those(there: list[Case]) -> None:
    recount.refresh()
    lawyer = make.make_user(org.get_unit(there[0].org_unit_id), Role.LAWYER)
    there[0].handler_id = lawyer.id
    db.session.flush()
    assert persons.crowd(access.actor_for(lawyer), registered_in(YEAR, None)).persons == 3


def test_months_count_who_comes_again_in_each(there: list[Case]) -> None:
    recount.refresh()
    course = trends.trends(SYSTEM, YEAR, None)
    assert sum(course.people) > measures.figures_alone(SYSTEM, YEAR).people
