"""The office and its tree of sites: levels, moving, retiring; scope follows the tree."""

from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import make_actor, make_office, make_site
from worker_legal.domain import audit, org
from worker_legal.domain.permissions import Action, Actor, Role
from worker_legal.errors import BadInput, NotAllowed, NotFound, RuleBroken, StaleEdit
from worker_legal.infra.db import db
from worker_legal.law.enums import OrgKind, Stage

SYSTEM = Actor.system("tests")


@pytest.fixture
def centre(app: Flask) -> org.OrgUnit:
    return make_office()


@pytest.fixture
def station(centre: org.OrgUnit) -> org.OrgUnit:
    return make_site(OrgKind.STATION, "东站", centre)


@pytest.fixture
def room(station: org.OrgUnit) -> org.OrgUnit:
    return make_site(OrgKind.ROOM, "调解室", station)


@pytest.fixture
def other(centre: org.OrgUnit) -> org.OrgUnit:
    return make_site(OrgKind.STATION, "西站", centre)


def _details(unit: org.OrgUnit, **changes: object) -> org.UnitDetails:
    values = {
        "name": unit.name,
        "code": unit.code,
        "address": "",
        "phone": "",
        "hours": "",
        "services": unit.stages,
    }
    return org.UnitDetails(**{**values, **changes})  # type: ignore[arg-type]


def test_before_the_set_up_the_office_says_what_to_do(app: Flask) -> None:
    assert org.find_office() is None
    with pytest.raises(RuleBroken, match="单位设置"):
        org.get_office()
    with pytest.raises(NotFound):
        org.centre()


def test_the_particulars_are_kept(app: Flask) -> None:
    org.set_up_office(SYSTEM, "示例中心", "示援", phone="0595-1", public_url="https://a.example/")
    office = org.get_office()
    assert (office.name, office.prefix, office.phone) == ("示例中心", "示援", "0595-1")
    assert office.public_url == "https://a.example"


def test_what_is_not_given_stays(centre: org.OrgUnit) -> None:
    org.set_up_office(SYSTEM, "示例中心", "示援", phone="0595-1")
    org.set_up_office(SYSTEM, "示例中心", "示援", hours="9-17")
    assert org.get_office().phone == "0595-1"


def test_a_stale_form_does_not_change_the_office(centre: org.OrgUnit) -> None:
    with pytest.raises(StaleEdit):
        org.set_up_office(SYSTEM, "别名", "示援", version=org.get_office().version - 1)


def test_the_path_is_the_chain_of_ids(
    centre: org.OrgUnit, station: org.OrgUnit, room: org.OrgUnit
) -> None:
    assert room.path == f"/{centre.id}/{station.id}/{room.id}/"


def test_a_site_covers_itself_and_what_is_below(
    centre: org.OrgUnit, station: org.OrgUnit, room: org.OrgUnit, other: org.OrgUnit
) -> None:
    assert org.sites_below(station.id) == {station.id, room.id}
    assert org.sites_below(centre.id) == {centre.id, station.id, room.id, other.id}


@pytest.mark.parametrize("kind", [OrgKind.CENTRE, OrgKind.STATION])
def test_a_site_stands_below_a_higher_level(station: org.OrgUnit, kind: OrgKind) -> None:
    with pytest.raises(RuleBroken):
        org.add_unit(SYSTEM, kind, "错", "X1", station)


def test_only_the_centre_has_nothing_above(centre: org.OrgUnit) -> None:
    with pytest.raises(RuleBroken):
        org.add_unit(SYSTEM, OrgKind.STATION, "错", "X1")


def test_there_is_one_centre(centre: org.OrgUnit) -> None:
    with pytest.raises(RuleBroken):
        org.add_unit(SYSTEM, OrgKind.CENTRE, "第二中心", "C2")


def test_a_code_is_given_once(station: org.OrgUnit, centre: org.OrgUnit) -> None:
    with pytest.raises(BadInput) as refusal:
        org.add_unit(SYSTEM, OrgKind.STATION, "又一站", station.code, centre)
    assert refusal.value.field == "code"


def test_a_site_is_changed(station: org.OrgUnit) -> None:
    services = (Stage.MEDIATION, Stage.CONSULTATION)
    org.edit_unit(
        SYSTEM, station, _details(station, name="新站", services=services), station.version
    )
    assert station.name == "新站"
    assert set(station.stages) == set(services)


def test_a_site_does_not_take_the_code_of_another(station: org.OrgUnit, other: org.OrgUnit) -> None:
    with pytest.raises(BadInput):
        org.edit_unit(SYSTEM, station, _details(station, code=other.code), station.version)


def test_a_stale_form_does_not_change_a_site(station: org.OrgUnit) -> None:
    with pytest.raises(StaleEdit):
        org.edit_unit(SYSTEM, station, _details(station), station.version - 1)


def test_moving_a_site_takes_everything_below_along(
    station: org.OrgUnit, room: org.OrgUnit, other: org.OrgUnit
) -> None:
    org.move_unit(SYSTEM, room, other)
    assert room.path == f"{other.path}{room.id}/"
    assert org.sites_below(station.id) == {station.id}


def test_a_site_is_not_moved_below_itself(station: org.OrgUnit, room: org.OrgUnit) -> None:
    with pytest.raises(RuleBroken):
        org.move_unit(SYSTEM, station, room)


def test_a_station_is_not_moved_below_a_station(station: org.OrgUnit, other: org.OrgUnit) -> None:
    with pytest.raises(RuleBroken):
        org.move_unit(SYSTEM, station, other)


def test_a_site_in_use_below_keeps_the_site_above_open(
    station: org.OrgUnit, room: org.OrgUnit
) -> None:
    with pytest.raises(RuleBroken):
        org.retire_unit(SYSTEM, station, date(2026, 11, 23))
    org.retire_unit(SYSTEM, room, date(2026, 11, 23))
    org.retire_unit(SYSTEM, station, date(2026, 11, 23))
    assert station.retired_on == date(2026, 11, 23)


def test_a_site_opens_again_after_the_one_above(station: org.OrgUnit, room: org.OrgUnit) -> None:
    for site in (room, station):
        org.retire_unit(SYSTEM, site, date(2026, 11, 23))
    with pytest.raises(RuleBroken):
        org.reopen_unit(SYSTEM, room)
    org.reopen_unit(SYSTEM, station)
    org.reopen_unit(SYSTEM, room)
    assert room.retired_on is None


def test_the_centre_is_never_retired(centre: org.OrgUnit) -> None:
    with pytest.raises(RuleBroken):
        org.retire_unit(SYSTEM, centre, date(2026, 11, 23))


def test_an_administrator_of_a_station_leaves_other_sites_alone(
    station: org.OrgUnit, other: org.OrgUnit
) -> None:
    local = make_actor(station, Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        org.edit_unit(local, other, _details(other), other.version)
    with pytest.raises(NotAllowed):
        org.set_up_office(local, "抢名", "抢")


def test_paths_are_those_the_actor_may_watch(station: org.OrgUnit, other: org.OrgUnit) -> None:
    director = make_actor(station, Role.DIRECTOR)
    assert org.paths(director, Action.VIEW_AUDIT) == (station.path,)
    assert org.paths(director, Action.MANAGE_USERS) == ()


def test_every_step_over_the_tree_is_logged(station: org.OrgUnit, room: org.OrgUnit) -> None:
    org.edit_unit(SYSTEM, room, _details(room), room.version)
    org.retire_unit(SYSTEM, room, date(2026, 11, 23))
    org.reopen_unit(SYSTEM, room)
    rows = db.session.query(audit.AuditEntry).order_by(audit.AuditEntry.id).all()
    assert [row.action for row in rows[-4:]] == [
        "add_site",
        "edit_site",
        "retire_site",
        "reopen_site",
    ]
    assert {row.org_path for row in rows[-4:]} == {room.path}


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12))
def test_after_any_moves_scope_is_what_the_parents_say(
    centre: org.OrgUnit, moves: list[tuple[int, int]]
) -> None:
    with db.session.begin_nested() as trial:
        _check_moves(centre, moves)
        trial.rollback()


def _check_moves(centre: org.OrgUnit, moves: list[tuple[int, int]]) -> None:
    stations = [make_site(OrgKind.STATION, parent=centre) for _ in range(2)]
    rooms = [make_site(OrgKind.ROOM, parent=stations[n % 2]) for n in range(3)]
    points = [make_site(OrgKind.POINT, parent=rooms[n % 3]) for n in range(2)]
    sites = [centre, *stations, *rooms, *points]
    for which, where in moves:
        try:
            org.move_unit(SYSTEM, sites[which], sites[where])
        except RuleBroken:
            continue
    parents = {site.id: site.parent_id for site in sites}
    for site in sites:
        assert org.sites_below(site.id) == {s for s in parents if _is_below(s, site.id, parents)}


def _is_below(site_id: int | None, top: int, parents: dict[int, int | None]) -> bool:
    while site_id is not None:
        if site_id == top:
            return True
        site_id = parents[site_id]
    return False
