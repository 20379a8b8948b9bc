"""The cases of the demonstration: the year 2022 with the park's totals, and the work in hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from worker_legal.demo import living, years
from worker_legal.demo.fakes import Fakes
from worker_legal.demo.scene import Scene
from worker_legal.domain import org
from worker_legal.domain.cases.models import Case
from worker_legal.domain.permissions import Actor
from worker_legal.domain.statistics import measures, report
from worker_legal.infra import clock
from worker_legal.infra.db import db

SEED = 20260718


@dataclass(frozen=True)
class Loaded:
    """How much was made."""

    cases: int


def load(progress: Callable[[str], None] = lambda _line: None) -> Loaded:
    """Fill an empty office with the demonstration's cases; does nothing where cases exist."""
    if db.session.scalar(sa.select(sa.func.count(Case.id))):
        return Loaded(0)
    scene = Scene(Fakes(SEED), {unit.code: unit for unit in org.tree()}, clock.today())
    progress("2022")
    years.make_2022(scene)
    progress("2025")
    years.make_ordinary(scene, date(2025, 1, 2), date(2025, 12, 30), 90)
    progress("2026")
    years.make_ordinary(scene, date(2026, 1, 2), years.days_before(scene.today, 60), 60)
    living.make(scene)
    series = measures.whole_year(2021)
    report.set_comparison(Actor.system("demo"), series, 407, "园区2021年度工作总结（演示）")
    return Loaded(db.session.scalar(sa.select(sa.func.count(Case.id))) or 0)
