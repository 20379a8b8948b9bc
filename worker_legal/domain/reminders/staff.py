"""Who can be told of a date: the active people of a site and those who lead it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from worker_legal.domain.access import RoleGrant, User
from worker_legal.domain.permissions import GRANTS, OWN_CASES_ONLY, Action, Role
from worker_legal.domain.reminders.ladder import CENTRE, DIRECTOR, HANDLER
from worker_legal.domain.reminders.models import LeaveCover
from worker_legal.infra.db import db

# The roles that see every case of a site: only they can stand in for somebody.
SEES_ALL = frozenset(
    role for role in Role if Action.VIEW_CASE in GRANTS[role] and role not in OWN_CASES_ONLY
)


@dataclass(frozen=True)
class Staff:
    """Where each active person has a role, and who leads which site; read once per planning."""

    places: Mapping[int, frozenset[int]]
    directors: Mapping[int, tuple[int, ...]]
    # who stands in today for whom
    deputies: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    # where each person sees every case
    sights: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def serves(self, user_id: int | None, path: str) -> bool:
        """Whether a person is active and has a role at the site or above it."""
        return user_id is not None and not self.places.get(user_id, frozenset()).isdisjoint(
            chain(path)
        )

    def directors_of(self, path: str) -> tuple[int, ...]:
        """The directors of the site, else of the nearest site above that has one."""
        for site_id in reversed(chain(path)):
            if site_id in self.directors:
                return self.directors[site_id]
        return ()

    def centre_of(self, path: str) -> tuple[int, ...]:
        """The directors of the centre."""
        return self.directors.get(chain(path)[0], ())

    def with_deputies(self, person: int, path: str) -> tuple[int, ...]:
        """A person and, while the person is away, who stands in and sees the cases of the site."""
        stand_ins = self.deputies.get(person, ())
        return (person, *(each for each in stand_ins if self.sees(each, path)))

    def sees(self, user_id: int, path: str) -> bool:
        """Whether a person is active and sees every case of the site."""
        return not self.sights.get(user_id, frozenset()).isdisjoint(chain(path))

    def on_rung(self, rung: int, handler_id: int | None, path: str) -> tuple[int, ...]:
        """Who stands on a rung of the ladder; nobody where the handler cannot be told."""
        if rung == HANDLER:
            return (handler_id,) if handler_id and self.serves(handler_id, path) else ()
        return self.directors_of(path) if rung == DIRECTOR else self.centre_of(path)

    def told(self, handler_id: int | None, path: str, up_to: int) -> list[int]:
        """Everybody up to a rung; without a handler who can be told, the directors at once."""
        if not self.serves(handler_id, path):
            up_to = max(up_to, DIRECTOR)
        rungs = (HANDLER, DIRECTOR, CENTRE)[: up_to + 1]
        people = [person for rung in rungs for person in self.on_rung(rung, handler_id, path)]
        return list(dict.fromkeys(each for p in people for each in self.with_deputies(p, path)))


def staff(on: date) -> Staff:
    """The people who can be told now, and who stands in on the day."""
    query = (
        sa.select(RoleGrant.user_id, RoleGrant.role, RoleGrant.org_unit_id)
        .join(User, User.id == RoleGrant.user_id)
        .where(User.disabled_at.is_(None))
        .order_by(RoleGrant.user_id)
    )
    places: dict[int, set[int]] = {}
    sights: dict[int, set[int]] = {}
    directors: dict[int, tuple[int, ...]] = {}
    for user_id, role, site_id in db.session.execute(query).all():
        places.setdefault(user_id, set()).add(site_id)
        if role in SEES_ALL:
            sights.setdefault(user_id, set()).add(site_id)
        if role is Role.DIRECTOR:
            directors[site_id] = (*directors.get(site_id, ()), user_id)
    return Staff(_frozen(places), directors, _deputies(on), _frozen(sights))


def _deputies(on: date) -> dict[int, tuple[int, ...]]:
    query = (
        sa.select(LeaveCover.user_id, LeaveCover.deputy_id)
        .where(LeaveCover.first_on <= on, LeaveCover.last_on >= on)
        .order_by(LeaveCover.id)
    )
    deputies: dict[int, tuple[int, ...]] = {}
    for user_id, deputy_id in db.session.execute(query):
        deputies[user_id] = (*deputies.get(user_id, ()), deputy_id)
    return deputies


def _frozen(sites: Mapping[int, set[int]]) -> dict[int, frozenset[int]]:
    return {user_id: frozenset(ids) for user_id, ids in sites.items()}


def chain(path: str) -> list[int]:
    """The ids of a site and those above it, the centre first."""
    return [int(part) for part in path.split("/") if part]
