"""Local standards: entered with their first day, mended in the open, never lost."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.builders import make_actor
from worker_legal.domain import audit, parameters
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.permissions import Actor, Role
from worker_legal.errors import BadInput, NotAllowed, NotFound, StaleEdit
from worker_legal.infra.db import db
from worker_legal.law.parameters import INITIAL, Parameter, ParameterCode, ParameterUnit

NEW = Parameter(
    ParameterCode.MINIMUM_WAGE,
    "福建泉州",
    date(2025, 4, 1),
    219500,
    ParameterUnit.YUAN,
    "闽人社文〔2025〕9号",
    confirmed=True,
)


def last_entry() -> audit.AuditEntry:
    query = sa.select(audit.AuditEntry).order_by(audit.AuditEntry.id.desc()).limit(1)
    return db.session.scalars(query).one()


def test_a_new_office_knows_the_figures_of_the_set_up(centre: OrgUnit) -> None:
    assert parameters.known() == list(INITIAL)


@pytest.mark.both_databases
def test_an_entered_figure_stands_beside_those_of_the_set_up(actor: Actor) -> None:
    parameters.add(actor, NEW)
    assert NEW in parameters.known()
    assert len(parameters.known()) == len(INITIAL) + 1


def test_the_figures_of_the_set_up_are_written_down_once(actor: Actor) -> None:
    parameters.seed(actor)
    parameters.seed(actor)
    assert len(parameters.listing()) == len(INITIAL)


def test_a_later_figure_leaves_the_earlier_one(actor: Actor) -> None:
    later = replace(NEW, valid_from=date(2027, 1, 1), value=230000)
    parameters.add(actor, NEW)
    parameters.add(actor, later)
    wages = [f for f in parameters.known() if f.code is ParameterCode.MINIMUM_WAGE]
    assert wages == [later, NEW]


def test_places_are_listed_from_the_province_on(actor: Actor) -> None:
    parameters.add(actor, NEW)
    assert parameters.places() == ["福建", "福建泉州"]


def test_who_entered_a_figure_is_known(actor: Actor) -> None:
    row = parameters.add(actor, NEW)
    assert row.entered_by == actor.user_id
    assert last_entry().action == "add_parameter"
    assert last_entry().detail["new"]["value"] == 219500


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"place": ""}, "place"),
        ({"place": "福" * 41}, "place"),
        ({"document": ""}, "document"),
        ({"document": "号" * 121}, "document"),
        ({"value": 0}, "value"),
        ({"value": -1}, "value"),
        ({"code": ParameterCode.LIFE_EXPECTANCY_ALL, "value": 15_001}, "value"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    actor: Actor, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        parameters.add(actor, replace(NEW, **change))
    assert refused.value.field == field


def test_a_day_has_one_figure(actor: Actor) -> None:
    parameters.add(actor, NEW)
    with pytest.raises(BadInput) as refused:
        parameters.add(actor, replace(NEW, value=1))
    assert refused.value.field == "valid_from"


def test_the_log_keeps_what_a_correction_replaced(actor: Actor) -> None:
    row = parameters.add(actor, NEW)
    parameters.correct(actor, row, replace(NEW, value=220000), row.version)
    assert row.figure.value == 220000
    assert last_entry().detail["old"]["value"] == 219500
    assert last_entry().detail["new"]["value"] == 220000


def test_a_correction_cannot_take_the_day_of_another_figure(actor: Actor) -> None:
    row = parameters.add(actor, NEW)
    parameters.add(actor, replace(NEW, valid_from=date(2026, 1, 1)))
    with pytest.raises(BadInput):
        parameters.correct(actor, row, replace(NEW, valid_from=date(2026, 1, 1)), row.version)


def test_a_correction_of_an_old_page_is_refused(actor: Actor) -> None:
    row = parameters.add(actor, NEW)
    parameters.correct(actor, row, replace(NEW, value=220000), 1)
    with pytest.raises(StaleEdit):
        parameters.correct(actor, row, NEW, 1)


def test_the_log_keeps_what_was_removed(actor: Actor) -> None:
    row = parameters.add(actor, NEW)
    parameters.remove(actor, row, row.version)
    assert NEW not in parameters.known()
    assert last_entry().detail["old"]["document"] == NEW.document


def test_a_row_that_is_not_there_is_not_found(actor: Actor) -> None:
    with pytest.raises(NotFound):
        parameters.get_row(77)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DIRECTOR, Role.ADMINISTRATOR}))
def test_others_do_not_change_standards(centre: OrgUnit, role: Role) -> None:
    with pytest.raises(NotAllowed):
        parameters.add(make_actor(centre, role), NEW)
