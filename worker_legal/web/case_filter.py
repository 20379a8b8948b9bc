"""Case filters as addresses: what a figure counts and what its list shows are one filter.

Names in the address: the fields of CaseFilter, with `site` for a site and all below it,
`own_site` for one site alone, `handler` (an id or `none`), `employer` and `q`.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from worker_legal.domain import org
from worker_legal.domain.cases.queries import CaseFilter
from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.law.enums import (
    CaseStatus,
    Channel,
    DisputeKind,
    LabelledEnum,
    Outcome,
    Stage,
    Status,
)

NAMES = {
    "own_site_only": "own_site",
    "handler_id": "handler",
    "employer_id": "employer",
    "worker_id": "worker",
    "text": "q",
}
CODES: dict[str, type[LabelledEnum]] = {
    "status": CaseStatus,
    "stage": Stage,
    "stage_status": Status,
    "any_stage": Stage,
    "dispute_kind": DisputeKind,
    "channel": Channel,
    "outcome": Outcome,
}
IDS = ("own_site_only", "handler_id", "employer_id", "worker_id")
DAYS = (
    "registered_from",
    "registered_to",
    "closed_from",
    "closed_to",
    "open_since",
    "injury_from",
    "injury_to",
)
MARKS = ("unassigned", "missing_dates", "unidentified", "flagged", "collective")
LONGEST_TEXT = 80
NOBODY = "none"


def arguments(wanted: CaseFilter, site_id: int | None = None) -> dict[str, str]:
    """The filter as values of an address; `site_id` stands for the sites it was built from."""
    found = {"site": str(site_id)} if site_id is not None else {}
    for field in fields(CaseFilter):
        value = getattr(wanted, field.name)
        name = NAMES.get(field.name, field.name)
        if field.name in DAYS and value is not None:
            found[name] = value.isoformat()
        elif field.name in MARKS and value:
            found[name] = "1"
        elif (field.name in CODES or field.name in IDS) and value is not None:
            found[name] = str(getattr(value, "value", value))
    if wanted.text:
        found["q"] = wanted.text
    if found.pop("unassigned", ""):
        found["handler"] = NOBODY
    return found


def read(given: Mapping[str, str]) -> CaseFilter:
    """The filter an address asks for; empty values ask for nothing.

    Raises BadInput for a value that cannot be read, NotFound for a site that is not there.
    """
    found: dict[str, Any] = {}
    for name, read_one in _READERS.items():
        text = given.get(NAMES.get(name, name), "").strip()
        if text and not (name == "handler_id" and text == NOBODY):
            found[name] = read_one(text)
    site = given.get("site", "").strip()
    if site:
        found["site_ids"] = org.sites_below(_id_of(site))
    if given.get("handler") == NOBODY:
        found["unassigned"] = True
    return CaseFilter(**found, text=given.get("q", "").strip()[:LONGEST_TEXT])


def site_of(given: Mapping[str, str]) -> int | None:
    """The site whose cases, with all below it, the address asks for."""
    text = given.get("site", "").strip()
    return _id_of(text) if text else None


def _id_of(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise _unreadable(text)
    return int(text)


def _day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _unreadable(text) from None


def _code_of(kind: type[LabelledEnum]) -> Callable[[str], LabelledEnum]:
    known = {member.value: member for member in kind}

    def read_one(text: str) -> LabelledEnum:
        if text not in known:
            raise _unreadable(text)
        return known[text]

    return read_one


def _mark_of(text: str) -> bool:
    return text == "1"


def _unreadable(text: str) -> BadInput:
    return BadInput(N_("筛选条件“%(word)s”看不懂，请回到列表重新选择"), word=text[:20])


_READERS: dict[str, Callable[[str], Any]] = {
    **{name: _code_of(kind) for name, kind in CODES.items()},
    **dict.fromkeys(IDS, _id_of),
    **dict.fromkeys(DAYS, _day_of),
    **dict.fromkeys(MARKS, _mark_of),
}
