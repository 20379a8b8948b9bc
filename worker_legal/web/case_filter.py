"""Case filters as addresses of the case list: a number and its list share one filter."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from worker_legal.domain.cases.queries import CaseFilter
from worker_legal.errors import NotFound
from worker_legal.i18n import N_


def arguments(wanted: CaseFilter, site_id: int | None = None) -> dict[str, Any]:
    """The filter as values of an address; `site_id` stands for the sites it was built from."""
    found: dict[str, Any] = {} if site_id is None else {"site": str(site_id)}
    for field in fields(CaseFilter):
        value = getattr(wanted, field.name)
        if field.name in {"site_ids", "worker_ids", "worker_id", "text"}:
            continue
        if value is True:
            found[field.name] = "1"
        elif value not in (None, False):
            found[field.name] = str(getattr(value, "value", value))
    return found


def site_of(given: Mapping[str, str]) -> int | None:
    """The site whose cases, with all below it, an address asks for.

    Raises NotFound for what is no number of a site.
    """
    text = given.get("site", "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound(N_("没有这个站点"))
    return int(text)
