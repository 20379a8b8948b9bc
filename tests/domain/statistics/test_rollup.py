"""Figures added up ahead of time are the live count, whatever happens to cases (X5)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random

import pytest
import sqlalchemy as sa

from tests import builders as make
from worker_legal.domain.cases.models import Case, Proceeding
from worker_legal.domain.cases.queries import CaseFilter
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.statistics import breakdowns, measures, recount, rollup, trends
from worker_legal.domain.statistics.measures import Period, registered_in
from worker_legal.domain.statistics.models import FigureMark, FigurePersons, FigureRollup
from worker_legal.infra.db import db
from worker_legal.law.enums import CaseStatus, Channel, DisputeKind, Outcome, Stage

SYSTEM = Actor.system("tests")
PERIODS = [
    Period(date(2022, 1, 1), date(2022, 12, 31)),
    Period(date(2021, 9, 1), date(2022, 7, 18)),
    Period(date(2022, 3, 5), date(2022, 3, 20)),
    Period(date(2022, 2, 10), date(2022, 4, 30)),
]
DIMENSIONS = (rollup.WHOLE, *rollup.COLUMNS, rollup.STAGE, rollup.SITE, rollup.MONTH)


@pytest.fixture
def sites(centre: OrgUnit) -> list[OrgUnit]:
    return [centre, make.make_site(parent=centre), make.make_site(parent=centre)]


def _day(random: Random) -> date:
    return date(2021, 8, 1).fromordinal(date(2021, 8, 1).toordinal() + random.randrange(520))


def _register(random: Random, sites: list[OrgUnit]) -> Case:
    workers = [make.make_party(claimed_fen=random.randrange(9_000)) for _ in range(2)]
    return make.make_case(
        random.choice(sites),
        registered_on=_day(random),
        workers=workers * (random.random() < 0.9),
        channel=random.choice(list(Channel)),
        dispute_kind=random.choice(list(DisputeKind)),
        source="ledger",
    )


def _edit(random: Random, case: Case, sites: list[OrgUnit]) -> None:
    """One of the things that move a figure, as the last write of any path to it."""
    edits: list[Callable[[], None]] = [
        lambda: setattr(case, "claimed_fen", random.randrange(9_000)),
        lambda: setattr(case, "dispute_kind", random.choice(list(DisputeKind))),
        lambda: setattr(case, "org_unit_id", random.choice(sites).id),
        lambda: setattr(case, "worker_count", random.randrange(30)),
        lambda: setattr(case, "recovered_fen", random.randrange(9_000)),
        lambda: _close(random, case),
        lambda: _reopen(case),
        lambda: _void(case),
        lambda: _proceed(random, case),
    ]
    random.choice(edits)()
    db.session.flush()


def _close(random: Random, case: Case) -> None:
    closed = max(case.registered_on, _day(random))
    case.status, case.closed_on, case.close_outcome = CaseStatus.CLOSED, closed, Outcome.AGREED


def _reopen(case: Case) -> None:
    case.status, case.closed_on, case.close_outcome = CaseStatus.OPEN, None, None


def _void(case: Case) -> None:
    case.status, case.closed_on, case.close_outcome = CaseStatus.VOID, None, None


def _proceed(random: Random, case: Case) -> None:
    stage = random.choice(list(Stage))
    seq = int(db.session.scalar(sa.select(sa.func.count(Proceeding.id))) or 0) + 1
    db.session.add(Proceeding(case_id=case.id, stage=stage, seq=seq, filed_on=case.registered_on))


def _rows_of(table: type[FigureMark | FigurePersons | FigureRollup]) -> int:
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def _live(actor: Actor, wanted: CaseFilter, dimension: str) -> dict[str, rollup.Sums]:
    found = rollup.live(actor, wanted, dimension)
    return {key: row for key, row in found.items() if row.cases}


@pytest.mark.parametrize("seed", range(4))
def test_after_any_edits_every_answer_is_the_live_count(sites: list[OrgUnit], seed: int) -> None:
    random = Random(seed)
    there = [_register(random, sites) for _ in range(12)]
    for turn in range(40):
        _edit(random, random.choice(there), sites)
        if turn % 9 == 4:
            recount.refresh()
        period = random.choice(PERIODS)
        some = random.choice(
            [None, frozenset({sites[0].id}), frozenset({sites[1].id, sites[2].id})]
        )
        wanted = registered_in(period, some)
        dimension = random.choice(DIMENSIONS)
        assert rollup.by(SYSTEM, wanted, dimension) == _live(SYSTEM, wanted, dimension)
        for books in trends.balance(SYSTEM, period, some).behind.values():
            found = rollup.whole(SYSTEM, books)
            assert found == rollup.live(SYSTEM, books)[""]
    recount.refresh()
    assert recount.recount().differences == ()
    assert _rows_of(FigureMark) == 0
    assert recount.recount().rows == _rows_of(FigureRollup) + _rows_of(FigurePersons)


def test_a_row_of_a_dimension_is_the_live_count_too(sites: list[OrgUnit]) -> None:
    random = Random(7)
    for _ in range(15):
        _register(random, sites)
    recount.refresh()
    for cell in breakdowns.by_cause(SYSTEM, registered_in(PERIODS[0], None)).cells:
        assert rollup.whole(SYSTEM, cell.behind) == rollup.live(SYSTEM, cell.behind)[""]


def test_the_page_reads_buckets_and_not_cases(sites: list[OrgUnit]) -> None:
    _register(Random(1), sites[:1])
    recount.refresh()
    db.session.execute(sa.update(FigureRollup).values(cases=FigureRollup.cases + 1000))
    whole = Period(date(2021, 1, 1), date(2022, 12, 31))
    assert measures.figures_alone(SYSTEM, whole).cases == 1001


def test_a_wrong_bucket_is_named_and_mended(sites: list[OrgUnit]) -> None:
    _register(Random(1), sites[:1])
    recount.refresh()
    db.session.execute(sa.update(FigureRollup).values(cases=FigureRollup.cases + 1))
    found = recount.recount()
    assert len(found.differences) == _rows_of(FigureRollup)
    assert found.differences[0].row.site_id == sites[0].id
    assert recount.rebuild() == found.rows
    assert recount.recount().differences == ()


def test_who_sees_some_cases_of_a_site_only_is_counted_live(sites: list[OrgUnit]) -> None:
    lawyer = make.make_actor(sites[0], Role.LAWYER)
    assert rollup.whole(lawyer, registered_in(PERIODS[0], None)) is None


def test_a_director_of_a_station_is_answered_for_the_station(sites: list[OrgUnit]) -> None:
    random = Random(3)
    for _ in range(10):
        _register(random, sites)
    recount.refresh()
    director = make.make_actor(sites[1], Role.DIRECTOR)
    wanted = registered_in(Period(date(2021, 1, 1), date(2022, 12, 31)), None)
    found = rollup.whole(director, wanted)
    assert found == rollup.live(director, wanted)[""]
    assert found != rollup.live(SYSTEM, wanted)[""]


@pytest.mark.parametrize(
    "more",
    [
        {"text": "鞋"},
        {"with_void": True},
        {"status": CaseStatus.VOID},
        {"registered_to": None},
        {"handler_id": 1},
        {"closed_from": date(2022, 1, 1)},
        {"status": CaseStatus.OPEN, "channel": Channel.PHONE},
    ],
)
def test_other_questions_are_left_to_the_live_count(
    sites: list[OrgUnit], more: dict[str, object]
) -> None:
    wanted = replace(registered_in(PERIODS[0], None), **more)  # type: ignore[arg-type]
    assert rollup.whole(SYSTEM, wanted) is None
