"""Ways outside the program: who uses which, and what the planner makes of it."""

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import builders as make
from worker_legal.domain import access, reminders
from worker_legal.domain.permissions import Role
from worker_legal.domain.reminders import deliver, routes
from worker_legal.domain.reminders.models import InboxMessage, OutboxMessage
from worker_legal.domain.reminders.routes import OfficeRoute, PersonRoute, Route
from worker_legal.infra.db import db, transaction


@pytest.fixture
def handler(app: Flask) -> access.User:
    with transaction():
        centre = make.make_office()
        user = make.make_user(centre, Role.MEDIATOR)
        make.make_dates(make.make_case(centre, handler_id=user.id), 0, 3)
    return user


def _channels() -> list[str]:
    deliver.plan_owed()
    return sorted(db.session.scalars(sa.select(OutboxMessage.channel).distinct()))


def test_the_inbox_is_every_persons_channel(handler: access.User) -> None:
    assert routes.routes_in_use().of(handler.id) == ("inbox",)


def test_a_reminder_is_owed_on_every_channel_a_person_uses(handler: access.User) -> None:
    with transaction():
        for kind in (Route.EMAIL, Route.BY_HAND):
            routes.set_office_route(kind, True, {})
            routes.set_person_route(handler.id, kind, "somewhere")
    assert _channels() == ["by_hand", "email", "inbox"]
    keys = list(db.session.scalars(sa.select(OutboxMessage.dedupe_key)))
    assert len(set(keys)) == len(keys)


def test_a_way_the_office_or_the_person_turned_off_is_not_used(handler: access.User) -> None:
    with transaction():
        routes.set_office_route(Route.EMAIL, False, {})
        routes.set_person_route(handler.id, Route.EMAIL, "somewhere")
        routes.set_office_route(Route.SMS, True, {})
        routes.set_person_route(handler.id, Route.SMS, "somewhere", is_on=False)
    assert _channels() == ["inbox"]
    assert routes.address_of(handler.id, Route.SMS) == ""


def test_the_inbox_takes_only_its_own(handler: access.User) -> None:
    with transaction():
        routes.set_office_route(Route.EMAIL, True, {})
        routes.set_person_route(handler.id, Route.EMAIL, "somewhere")
    reminders.tick("a")
    keys = list(db.session.scalars(sa.select(InboxMessage.dedupe_key)))
    assert keys
    assert all(key.endswith(":inbox") for key in keys)


def test_settings_and_addresses_are_sealed(handler: access.User) -> None:
    with transaction():
        way = routes.set_office_route(Route.EMAIL, True, {"password": "canary-secret"})
        where = routes.set_person_route(handler.id, Route.EMAIL, "canary@office.example")
    assert routes.settings_of(way) == {"password": "canary-secret"}
    assert routes.address_of(handler.id, Route.EMAIL) == "canary@office.example"
    kept = str(db.session.execute(sa.select(OfficeRoute.settings_enc)).scalars().all())
    kept += str(db.session.execute(sa.select(PersonRoute.address_enc)).scalars().all())
    assert "canary" not in kept + way.settings_enc + where.address_enc
