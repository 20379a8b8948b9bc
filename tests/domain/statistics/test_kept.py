"""Kept answers are what would be counted now, for whoever asks, and cost nothing while kept."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from worker_legal.domain import org
from worker_legal.domain.cases.models import Case, CaseParty, Deadline, Proceeding
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.parties import Employer, Worker
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.statistics import (
    breakdowns,
    kept,
    measures,
    official,
    patterns,
    rates,
    recount,
    trends,
)
from worker_legal.domain.statistics.measures import Period, registered_in
from worker_legal.domain.statistics.models import FigureChange
from worker_legal.infra.db import db
from worker_legal.law.enums import (
    CaseStatus,
    Channel,
    DisputeKind,
    EnterpriseSize,
    EventKind,
    Industry,
    Outcome,
    Stage,
    Status,
)

pytestmark = pytest.mark.both_databases

SYSTEM = Actor.system("tests")
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
Ask = Callable[..., Any]
OF_A_PERIOD: tuple[Ask, ...] = (
    measures.figures_alone,
    trends.trends,
    trends.balance,
    rates.rates,
    rates.manners,
    rates.results,
    rates.time_to_close,
    rates.trips_taken,
    rates.trips_per_worker,
    rates.awarded,
    official.official,
    patterns.heat,
)
OF_A_FILTER: tuple[Ask, ...] = (
    patterns.ways,
    patterns.by_industry,
    patterns.by_size,
    patterns.by_employer,
    patterns.by_warning,
)
READ = re.compile(r"\b([a-z_]+?)(?:_\d+)?\.([a-z_]+)\b")


def _questions(actor: Actor = SYSTEM) -> Iterator[tuple[Ask, tuple[Any, ...]]]:
    wanted = registered_in(YEAR, None)
    yield from ((ask, (actor, YEAR, None)) for ask in OF_A_PERIOD)
    yield from ((ask, (actor, wanted)) for ask in OF_A_FILTER)
    yield breakdowns.breakdowns, (actor, wanted, YEAR)


def _anew(ask: Any) -> Ask:
    """The question itself, without what was kept of it or of the questions it asks."""
    bare: Ask = ask.__wrapped__
    kept.forget()
    return bare


@contextmanager
def _statements() -> Iterator[list[str]]:
    found: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def there(centre: OrgUnit) -> list[Case]:
    """Some cases with every kind of row that figures are counted from."""
    site = make.make_site(parent=centre)
    handler = make.make_user(centre, Role.MEDIATOR)
    found = [
        make.make_case(place, workers=make.make_group(2), handler_id=handler.id)
        for place in (centre, site, site)
    ]
    for case in found:
        make.open_stage(case, Stage.WORK_INJURY)
        make.record(case, EventKind.VISIT)
        make.make_dates(case, 5)
    db.session.commit()
    return found


def _any(random: Random, table: Any, *conditions: Any) -> Any:
    rows = db.session.scalars(sa.select(table).where(*conditions).order_by(table.id)).all()
    return random.choice(rows)


def _edit(random: Random) -> None:
    case = _any(random, Case)
    day = date(2026, random.randrange(1, 12), random.randrange(1, 28))
    edits: list[tuple[Any, dict[str, Any]]] = [
        (case, {"claimed_fen": random.randrange(900)}),
        (case, {"dispute_kind": random.choice(list(DisputeKind))}),
        (case, {"channel": random.choice(list(Channel))}),
        (case, {"registered_on": day}),
        (case, {"closed_on": day, "status": CaseStatus.CLOSED, "close_outcome": Outcome.AGREED}),
        (case, {"org_unit_id": _any(random, OrgUnit).id}),
        (_any(random, Proceeding), {"filed_on": day}),
        (_any(random, Proceeding), {"stage": Stage.ARBITRATION, "seq": random.randrange(10**6)}),
        (_any(random, Proceeding), {"status": Status.CONCLUDED, "concluded_on": day}),
        (_any(random, Proceeding), {"outcome": Outcome.AGREED}),
        (_any(random, CaseParty), {"removed_at": random.choice([None, make.clock.now()])}),
        (_any(random, Worker), {"id_no_hash": None}),
        (_any(random, Employer), {"industry": random.choice(list(Industry))}),
        (_any(random, Employer), {"size": random.choice(list(EnterpriseSize))}),
        (_any(random, Employer), {"name": f"示例第{random.randrange(99)}厂"}),
        (_any(random, OrgUnit), {"name": f"示例第{random.randrange(99)}站"}),
        (_any(random, Deadline), {"met_on": day}),
    ]
    row, values = random.choice(edits)
    changed = sa.update(type(row)).where(type(row).id == row.id).values(**values)
    db.session.execute(changed.execution_options(synchronize_session=False))
    db.session.expire_all()


@pytest.mark.parametrize("seed", range(3))
def test_after_any_edit_a_kept_answer_is_what_is_counted(there: list[Case], seed: int) -> None:
    random = Random(seed)
    for turn in range(60):
        _edit(random)
        if turn % 9 == 4:
            recount.refresh()
        for ask, asked in _questions():
            assert ask(*asked) == _anew(ask)(*asked), ask.__qualname__


def test_every_column_that_is_read_is_watched(there: list[Case]) -> None:
    with _statements() as found:
        for ask, asked in _questions():
            _anew(ask)(*asked)
    tables = db.metadata.tables
    # what is worked out from watched columns, and events, which are never changed
    own = {
        "figure_rollup",
        "figure_persons",
        "figure_mark",
        "figure_change",
        "figure_state",
        "case_event",
    }
    read = {
        (table, column)
        for statement in found
        for table, column in READ.findall(statement)
        if table in tables.keys() - own and column in tables[table].c and column != "id"
    }
    assert len(read) > 25
    unwatched = [pair for pair in sorted(read) if not _is_watched(*pair)]
    assert unwatched == []


def _is_watched(table: str, column: str) -> bool:
    before = kept.state_of_books()
    db.session.execute(sa.text(f'UPDATE {table} SET "{column}" = "{column}"'))  # noqa: S608
    return kept.state_of_books() != before


def test_rows_that_come_and_go_are_noticed(there: list[Case]) -> None:
    changes: list[Callable[[], object]] = [
        lambda: db.session.execute(sa.delete(Deadline)),
        lambda: make.record(there[0], EventKind.VISIT),
        lambda: make.open_stage(there[0], Stage.MEDIATION),
        lambda: make.make_case(org.centre()),
    ]
    for change in changes:
        before = kept.state_of_books()
        change()
        assert kept.state_of_books() != before


def test_what_is_kept_costs_one_question(there: list[Case]) -> None:
    measures.figures_alone(SYSTEM, YEAR)
    with _statements() as found:
        measures.figures_alone(SYSTEM, YEAR)
    assert len(found) == 1
    assert "figure_change" in found[0]


def test_each_sees_answers_of_their_own(there: list[Case]) -> None:
    sites = [org.get_unit(case.org_unit_id) for case in there[:2]]
    whole, part = (make.make_actor(site, Role.DIRECTOR) for site in sites)
    assert [measures.figures_alone(actor, YEAR).cases for actor in (whole, part)] == [3, 2]


def test_what_was_taken_back_is_not_kept(there: list[Case]) -> None:
    def both() -> tuple[int, int]:
        return measures.figures_alone(SYSTEM, YEAR).cases, official.official(
            SYSTEM, YEAR, None
        ).whole.figures["received"]

    recount.refresh()
    db.session.commit()
    assert both() == (3, 3)
    for _ in range(2):  # the second time the numbers of the rows come again
        make.make_case(org.centre())
        assert both() == (4, 4)
        db.session.rollback()
        assert both() == (3, 3)


def test_clearing_away_what_changed_names_the_books_anew(app: Flask, there: list[Case]) -> None:
    before = kept.state_of_books()
    recount.refresh()
    after = kept.state_of_books()
    assert before is not None
    assert after is not None
    assert not before & after
    assert db.session.scalar(sa.select(sa.func.count(FigureChange.id))) == 0
    recount.refresh()
    assert kept.state_of_books() == after


def test_while_very_much_changes_nothing_is_kept(
    there: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST_CHANGES", 3)
    assert kept.state_of_books() is None
    assert measures.figures_alone(SYSTEM, YEAR).cases == 3
