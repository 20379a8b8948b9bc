"""Which local standards a calculation looks at, on which day, and how typed ones override them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from worker_legal.law.compensation.fields import FIELDS, Field, FieldType, Kind
from worker_legal.law.parameters import Parameter, Situation, inputs_of, picked_for

GROUP = "parameters"
_WAGE = "minimum_wage_fen"
_AVERAGE = "average_wage_fen"
_ENDING = "ending_average_wage_fen"
_ON_LEAVING = ("life_expectancy_years", "fujian_floor_months")
ABOUT = ("confirmed", "source")

USED: dict[Kind, tuple[str, ...]] = {
    Kind.UNPAID_WAGES: (_WAGE,),
    Kind.OVERTIME: (_WAGE,),
    Kind.DOUBLE_WAGE: (_WAGE,),
    Kind.SEVERANCE: (_WAGE, _AVERAGE),
    Kind.ANNUAL_LEAVE: (_WAGE,),
    Kind.INJURY_BENEFITS: (_WAGE, _AVERAGE, _ENDING, *_ON_LEAVING),
    Kind.WITHHELD_PAY_ORDER: (),
    Kind.ILLEGAL_PROBATION: (_WAGE,),
}
"""The standards each calculation can use; forms ask for no others."""


def standard_fields(kind: Kind) -> tuple[Field, ...]:
    """The inputs for local standards that make sense for this calculation."""
    group = next(field for field in FIELDS[kind] if field.name == GROUP)
    wanted = (*USED[kind], *ABOUT) if USED[kind] else ()
    return tuple(field for field in group.inner if field.name in wanted)


def own_fields(kind: Kind) -> tuple[Field, ...]:
    """The inputs of this calculation without the local standards."""
    return tuple(field for field in FIELDS[kind] if field.type is not FieldType.GROUP)


def day_of_standards(kind: Kind, given: Mapping[str, Any]) -> date | None:
    """The day whose standards hold for what was entered, or None where nothing says so.

    The last unpaid month, the last overtime, the end of work or the leave year, the first day of
    the probation; for work injuries the accident, which is asked for by itself.
    """
    if kind is Kind.UNPAID_WAGES:
        return _latest(f"{row.get('month')}-01" for row in given.get("months", ()))
    if kind is Kind.OVERTIME:
        return _latest(row.get("date") for row in given.get("entries", ()))
    if kind is Kind.ANNUAL_LEAVE:
        return _end_of_leave_year(given)
    named = {Kind.ILLEGAL_PROBATION: "probation_start", Kind.INJURY_BENEFITS: ""}
    return _day(given.get(named.get(kind, "end_date")))


def pick_standards(
    kind: Kind, given: Mapping[str, Any], rows: Iterable[Parameter], situation: Situation
) -> dict[str, Parameter]:
    """The rows a calculation takes by itself; on leaving after an injury those of that day."""
    known = list(rows)
    found = {
        key: row for key, row in picked_for(known, situation).items() if key in _wanted(kind, given)
    }
    ended = _day(given.get("end_date"))
    if kind is Kind.INJURY_BENEFITS and given.get("leaves") and ended:
        later = picked_for(known, replace(situation, on=ended))
        found |= {key: later[key] for key in _ON_LEAVING if key in later}
        if _AVERAGE in later:
            found[_ENDING] = later[_AVERAGE]
    return found


def with_standards(
    given: Mapping[str, Any], picked: Mapping[str, Parameter]
) -> tuple[dict[str, Any], dict[str, Parameter]]:
    """The input with the picked rows where nothing was typed, and the rows that were so used."""
    typed = dict(given.get(GROUP) or {})
    own = {key for key in typed if key not in ABOUT}
    used = {key: row for key, row in picked.items() if key not in own}
    automatic = inputs_of(used)
    sources = (typed.get("source"), automatic.get("source"))
    merged = {
        **automatic,
        **typed,
        "confirmed": bool(
            (not own or typed.get("confirmed")) and (not used or automatic["confirmed"])
        ),
        "source": "；".join(str(text) for text in sources if text),
    }
    return {**given, GROUP: merged}, used


def _wanted(kind: Kind, given: Mapping[str, Any]) -> set[str]:
    wanted = set(USED[kind])
    return wanted if given.get("leaves") else wanted - {*_ON_LEAVING, _ENDING}


def _end_of_leave_year(given: Mapping[str, Any]) -> date | None:
    year, ended = given.get("year"), _day(given.get("end_date"))
    if not isinstance(year, int) or not 1950 <= year <= 2100:
        return None
    last = date(year, 12, 31)
    return min(last, ended) if ended else last


def _latest(texts: Iterable[object]) -> date | None:
    return max((day for day in map(_day, texts) if day), default=None)


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
