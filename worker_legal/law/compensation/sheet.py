"""The sheet of one calculation: the local standards, its lines and its warnings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from worker_legal.i18n import N_
from worker_legal.law.calendar import WorkCalendar
from worker_legal.law.compensation.inputs import wrong
from worker_legal.law.compensation.result import (
    Figure,
    Line,
    Notice,
    Notices,
    Result,
    Sentence,
    decimal,
    figure,
    say,
    yuan,
)
from worker_legal.law.money import round_half_up


@dataclass(frozen=True)
class Basis:
    """An exact sum of fen on its way through the rules, with the steps that made it."""

    fen: Fraction
    steps: tuple[Sentence, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)
    used: tuple[str, ...] = ()

    def then(self, fen: Fraction, step: Sentence, **figures: Figure) -> "Basis":
        """The next sum, with the step that led to it."""
        return replace(
            self, fen=fen, steps=(*self.steps, step), figures={**self.figures, **figures}
        )

    def using(self, *keys: str) -> "Basis":
        """The same sum, for which these local standards were looked at."""
        return replace(self, used=(*self.used, *keys))


class Sheet:
    """Collects the lines of one calculation and tells which of them are confirmed."""

    def __init__(self, local: Mapping[str, Any], calendar: WorkCalendar) -> None:
        self.local = local
        self.calendar = calendar
        self.notices = Notices()
        self.lines: list[Line] = []

    def standard(self, key: str) -> int:
        """A local standard without which nothing can be calculated."""
        value = self.local[key]
        if value is None:
            raise wrong(f"parameters-{key}", N_("缺少 %(name)s"))
        return int(value)

    def add(
        self,
        label: Sentence,
        basis: Basis,
        article: str,
        *,
        sure: bool = True,
    ) -> None:
        """Print a line: the exact sum rounded once to fen; confirmed if rule and standards are."""
        amount = round_half_up(basis.fen)
        used = {key: self._shown(key) for key in basis.used}
        if used and self.local["source"]:
            used["source"] = self.local["source"]
        rounded = N_("四舍五入到分：%(amount)s元")
        whole = basis.fen.denominator == 1
        result = say(N_("合计%(amount)s元") if whole else rounded, amount=yuan(amount))
        self.lines.append(
            Line(
                label,
                amount,
                (*basis.steps, result),
                {**basis.figures, **used},
                article,
                sure and (bool(self.local["confirmed"]) or not used),
            )
        )

    def _shown(self, key: str) -> Figure:
        value = self.local[key]
        return decimal(value) if isinstance(value, Fraction) else int(value)

    def floored(self, basis: Basis) -> Basis:
        """A monthly wage raised to the local minimum wage where that is given and higher."""
        minimum = self.local["minimum_wage_fen"]
        if minimum is None:
            return basis
        basis = basis.using("minimum_wage_fen")
        if basis.fen >= minimum:
            return basis
        self.notices.add(Notice.MINIMUM_WAGE_FLOOR)
        step = say(N_("低于最低工资标准，按%(minimum)s元"), minimum=yuan(minimum))
        return basis.then(Fraction(minimum), step, base_fen=minimum)

    def result(self) -> Result:
        """The lines and their sum."""
        total = sum(line.amount_fen for line in self.lines)
        return Result(total, tuple(self.lines), self.notices.all())


def monthly(fen: int) -> Basis:
    """A monthly wage as it stands."""
    step = say(N_("月工资%(base)s元"), base=yuan(fen))
    return Basis(Fraction(fen), (step,), {"base_fen": fen})


def average_of(given: Mapping[str, Any], listed: str, made: str) -> Basis:
    """The average of the listed months or the average already made, exactly one of them."""
    months, average = given[listed], given[made]
    if (months is None) == (average is None):
        raise wrong(listed, N_("%(name)s 与 %(other)s 应填且只填一项"), other=made)
    if months is None:
        step = say(N_("十二个月平均%(base)s元"), base=yuan(average))
        return Basis(Fraction(average), (step,), {"base_fen": average})
    total, count = sum(months), len(months)
    exact = Fraction(total, count)
    step = say(
        N_("月平均 = %(total)s元 ÷ 所填%(count)s个月 = %(base)s元"),
        total=yuan(total),
        count=count,
        base=yuan(exact),
    )
    return Basis(exact, (step,), {listed: list(months), "base_fen": figure(exact)})
