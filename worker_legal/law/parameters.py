"""Local parameters: published figures of a place, each with its first day and its document.

The office edits the rows on screen; this module only says which row holds on a day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from worker_legal.i18n import N_
from worker_legal.law.enums import Gender, LabelledEnum
from worker_legal.law.money import round_half_up


class ParameterUnit(LabelledEnum):
    """What a value counts; values are whole hundredths of it, so yuan are kept in fen."""

    YUAN = "yuan", N_("元/月")
    YEAR = "year", N_("年")
    MONTH = "month", N_("个月")


class ParameterCode(LabelledEnum):
    """The published figures that the calculators use."""

    MINIMUM_WAGE = "minimum_wage", N_("月最低工资标准")
    AVERAGE_WAGE = "average_wage", N_("上年度职工月平均工资")
    LIFE_EXPECTANCY_ALL = "life_expectancy_all", N_("人口平均预期寿命")
    LIFE_EXPECTANCY_MALE = "life_expectancy_male", N_("人口平均预期寿命（男）")
    LIFE_EXPECTANCY_FEMALE = "life_expectancy_female", N_("人口平均预期寿命（女）")
    FUJIAN_FLOOR_5 = "fujian_floor_5", N_("福建一次性补助金最低月数（五级）")
    FUJIAN_FLOOR_6 = "fujian_floor_6", N_("福建一次性补助金最低月数（六级）")
    FUJIAN_FLOOR_7 = "fujian_floor_7", N_("福建一次性补助金最低月数（七级）")
    FUJIAN_FLOOR_8 = "fujian_floor_8", N_("福建一次性补助金最低月数（八级）")
    FUJIAN_FLOOR_9 = "fujian_floor_9", N_("福建一次性补助金最低月数（九级）")
    FUJIAN_FLOOR_10 = "fujian_floor_10", N_("福建一次性补助金最低月数（十级）")


def unit_of(code: ParameterCode) -> ParameterUnit:
    """The unit in which a figure is published."""
    if code.value.endswith("_wage"):
        return ParameterUnit.YUAN
    return ParameterUnit.MONTH if code.value.startswith("fujian") else ParameterUnit.YEAR


@dataclass(frozen=True)
class Parameter:
    """One published figure: value in hundredths of its unit, document number, checked or not."""

    code: ParameterCode
    place: str
    valid_from: date
    value: int
    unit: ParameterUnit
    document: str
    confirmed: bool


def pick(
    parameters: Iterable[Parameter], code: ParameterCode, place: str, on: date
) -> Parameter | None:
    """The row of a place that holds on a day: the latest one already in force, or None."""
    held = [
        row for row in parameters if (row.code, row.place) == (code, place) and row.valid_from <= on
    ]
    return max(held, key=lambda row: row.valid_from, default=None)


@dataclass(frozen=True)
class Situation:
    """Where and when a calculation stands, and for whom, so that the right rows are taken."""

    places: tuple[str, ...]
    on: date
    gender: Gender = Gender.UNKNOWN
    grade: int | None = None


def inputs_for(parameters: Iterable[Parameter], situation: Situation) -> dict[str, object]:
    """The "parameters" field of a calculation, from the nearest place that has each figure."""
    return inputs_of(picked_for(parameters, situation))


def picked_for(parameters: Iterable[Parameter], situation: Situation) -> dict[str, Parameter]:
    """For each input of a calculation the row that holds, from the nearest place that has it."""
    rows = list(parameters)
    found: dict[str, Parameter] = {}
    for key, code in _keys(situation):
        picked = (pick(rows, code, place, situation.on) for place in situation.places)
        row = next((row for row in picked if row), None)
        if row:
            found.setdefault(key, row)
    return found


def inputs_of(picked: Mapping[str, Parameter]) -> dict[str, object]:
    """The "parameters" field of a calculation from the rows picked for it."""
    inputs: dict[str, object] = {key: _input_value(row) for key, row in picked.items()}
    if picked:
        inputs["confirmed"] = all(row.confirmed for row in picked.values())
        inputs["source"] = "；".join(dict.fromkeys(_describe(row) for row in picked.values()))
    return inputs


def nearest_first(place: str, places: Iterable[str]) -> tuple[str, ...]:
    """A place and those it lies in, nearest first; names grow inwards: 福建, 福建泉州."""
    around = {known for known in places if known and place.startswith(known)}
    return tuple(sorted({place, *around}, key=len, reverse=True))


def _keys(situation: Situation) -> list[tuple[str, ParameterCode]]:
    keys = [
        ("minimum_wage_fen", ParameterCode.MINIMUM_WAGE),
        ("average_wage_fen", ParameterCode.AVERAGE_WAGE),
    ]
    if situation.gender is not Gender.UNKNOWN:
        own = ParameterCode(f"life_expectancy_{situation.gender.value}")
        keys.append(("life_expectancy_years", own))
    keys.append(("life_expectancy_years", ParameterCode.LIFE_EXPECTANCY_ALL))
    if situation.grade in range(5, 11):
        keys.append(("fujian_floor_months", ParameterCode(f"fujian_floor_{situation.grade}")))
    return keys


def _input_value(row: Parameter) -> int | str:
    if row.unit is ParameterUnit.YUAN:
        return row.value
    return f"{row.value // 100}.{row.value % 100:02d}"


def _describe(row: Parameter) -> str:
    return f"{row.place} {row.valid_from.isoformat()} {row.document}".strip()


def monthly_from_yearly(yearly_fen: int) -> int:
    """A month of a wage published for the year: a twelfth in fen, half a fen up."""
    return round_half_up(Fraction(yearly_fen, 12))


def _first(code: ParameterCode, valid_from: date, value: int, document: str) -> Parameter:
    return Parameter(code, "福建", valid_from, value, unit_of(code), document, confirmed=False)


_LIFE_TABLE = (date(2022, 1, 1), "闽人社办〔2022〕63号")
INITIAL = (
    _first(ParameterCode.LIFE_EXPECTANCY_ALL, _LIFE_TABLE[0], 7849, _LIFE_TABLE[1]),
    _first(ParameterCode.LIFE_EXPECTANCY_MALE, _LIFE_TABLE[0], 7581, _LIFE_TABLE[1]),
    _first(ParameterCode.LIFE_EXPECTANCY_FEMALE, _LIFE_TABLE[0], 8155, _LIFE_TABLE[1]),
    _first(ParameterCode.FUJIAN_FLOOR_7, date(2011, 1, 1), 1000, "闽政〔2011〕80号"),
)
"""The figures known when the product is set up, all still to be verified; wages are entered."""
