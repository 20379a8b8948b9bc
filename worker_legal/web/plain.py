"""Words of the worker's page and paper in the language of the reader."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from flask_babel import gettext, lazy_gettext

from worker_legal.domain.portal import LastDay, PathStep
from worker_legal.law.explain import law_text
from worker_legal.law.rules.row import Law
from worker_legal.web import filters

LENGTHS = {
    "day": lazy_gettext("%(n)s天"),
    "working_day": lazy_gettext("%(n)s个工作日"),
    "month": lazy_gettext("%(n)s个月"),
    "year": lazy_gettext("%(n)s年"),
    "hour": lazy_gettext("%(n)s小时"),
}


class SpokenStep(NamedTuple):
    """One step of the road as the page shows it."""

    state: str
    name: str
    text: str


def phrases(sentence: str) -> list[str]:
    """A sentence in the pieces that should not be broken: after each comma a new one."""
    return [part for part in re.split(r"(?<=[，；])", gettext(sentence)) if part]


def things(items: Iterable[str]) -> list[str]:
    """What to bring: the office's own list in the reader's language, typed things as typed."""
    return [gettext(item) for item in items if item]


def steps(road: Iterable[PathStep]) -> list[SpokenStep]:
    """The steps of the road with the day or the plain words below each."""
    return [SpokenStep(step.state, gettext(step.name), _under(step)) for step in road if step.name]


def _under(step: PathStep) -> str:
    if step.on is not None:
        return filters.spoken_date(step.on)
    return gettext(step.text) if step.text else ""


def reckoning(day: LastDay) -> str:
    """From what a last day was counted: 2026-10-31 离职 + 1年."""
    start = f"{day.started_on:%Y-%m-%d} {gettext(day.started_by) if day.started_by else ''}"
    if day.length is None:
        return start.strip()
    return f"{start.strip()} + {str(LENGTHS[day.unit]) % {'n': day.length}}"


def law_of(day: LastDay) -> str:
    """The article a last day stands on."""
    return law_text(Law(day.statute, day.article), gettext)
