"""Who can be told of a date: the active people of a site and those who lead it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from worker_legal.domain.access import RoleGrant, User
from worker_legal.domain.permissions import Role
from worker_legal.domain.reminders.ladder import CENTRE, DIRECTOR, HANDLER
from worker_legal.infra.db import db


@dataclass(frozen=True)
class Staff:
    """Where each active person has a role, and who leads which site; read once per planning."""

    places: Mapping[int, frozenset[int]]
    directors: Mapping[int, tuple[int, ...]]
    # who stands in today for whom
    deputies: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

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

    def with_deputies(self, person: int) -> tuple[int, ...]:
        """A person and, while the person is away, who stands in."""
        return (person, *self.deputies.get(person, ()))

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
        return list(dict.fromkeys(each for p in people for each in self.with_deputies(p)))


def staff() -> Staff:
    """The people who can be told now."""
    query = (
        sa.select(RoleGrant.user_id, RoleGrant.role, RoleGrant.org_unit_id)
        .join(User, User.id == RoleGrant.user_id)
        .where(User.disabled_at.is_(None))
        .order_by(RoleGrant.user_id)
    )
    places: dict[int, set[int]] = {}
    directors: dict[int, tuple[int, ...]] = {}
    for user_id, role, site_id in db.session.execute(query).all():
        places.setdefault(user_id, set()).add(site_id)
        if role is Role.DIRECTOR:
            directors[site_id] = (*directors.get(site_id, ()), user_id)
    return Staff({user_id: frozenset(sites) for user_id, sites in places.items()}, directors)


def chain(path: str) -> list[int]:
    """The ids of a site and those above it, the centre first."""
    return [int(part) for part in path.split("/") if part]
