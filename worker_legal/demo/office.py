"""The demonstration office: its tree, its people, and passwords made on this machine only."""

import json
import os
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from worker_legal.domain import access, org, parameters
from worker_legal.domain.access import NewUser
from worker_legal.domain.permissions import Actor, Role
from worker_legal.domain.reminders import Route, routes
from worker_legal.law.enums import OrgKind, Stage
from worker_legal.law.parameters import Parameter, ParameterCode, unit_of

SITES = (
    # code, kind, name, code of the site above
    ("ZX", OrgKind.CENTRE, "开发区职工法律服务中心", ""),
    ("DQ", OrgKind.STATION, "东区工作站", "ZX"),
    ("XQ", OrgKind.STATION, "西区工作站", "ZX"),
    ("XF", OrgKind.ROOM, "鞋服调解室", "DQ"),
    ("SP", OrgKind.ROOM, "食品调解室", "XQ"),
    ("QY", OrgKind.POINT, "企业服务点", "XF"),
)
PEOPLE = (
    # username, name, site code, role
    ("clerk", "陈可", "ZX", Role.INTAKE),
    ("mediator", "林晓舟", "ZX", Role.MEDIATOR),
    ("lawyer", "许知行", "ZX", Role.LAWYER),
    ("inspector", "周晓彤", "ZX", Role.INSPECTOR),
    ("director", "黄文静", "ZX", Role.DIRECTOR),
    ("admin", "吴守正", "ZX", Role.ADMINISTRATOR),
    ("auditor", "郑明察", "ZX", Role.AUDITOR),
    ("east", "蒋立群", "DQ", Role.INTAKE),
    ("room", "苏敏", "XF", Role.MEDIATOR),
)
TRAY = (("mediator", "中心3号信箱"), ("room", "鞋服调解室门口信箱"))
PLACE = "福建泉州"
STANDARDS = ((ParameterCode.MINIMUM_WAGE, 200_000), (ParameterCode.AVERAGE_WAGE, 700_000))
LIGHT_SERVICES = (Stage.CONSULTATION, Stage.MEDIATION, Stage.WORK_INJURY)


@dataclass(frozen=True)
class Account:
    """A demonstration account as it is printed at the start."""

    username: str
    password: str
    role: str


def set_up(made: list[Account]) -> None:
    """The office, its sites and its people; their passwords come from this installation."""
    system = Actor.system("demo")
    org.set_up_office(
        system,
        name="晋江经济开发区职工法律服务一体化基地",
        prefix="晋开职调",
        letterhead="晋江经济开发区职工法律服务中心",
        phone="0595-0000000",
        address="晋江市示例路1号开发区党群服务中心一楼",
        hours="周一至周五 8:30–12:00，14:30–18:00",
    )
    units: dict[str, org.OrgUnit] = {}
    for code, kind, name, above in SITES:
        services = tuple(Stage) if kind in {OrgKind.CENTRE, OrgKind.STATION} else LIGHT_SERVICES
        units[code] = org.add_unit(system, kind, name, code, units.get(above), services)
        units[code].phone, units[code].address = "0595-0000000", f"晋江市示例路{len(units)}号"
    for username, name, code, role in PEOPLE:
        access.add_user(system, NewUser(username, name, units[code].id, (role,)))
    _give_passwords(made)
    _set_tray_up()
    for code, fen in STANDARDS:
        figure = Parameter(
            code, PLACE, date(2024, 1, 1), fen, unit_of(code), "演示数值，未核实", confirmed=False
        )
        parameters.add(system, figure)


def _set_tray_up() -> None:
    """Some are told on paper too: what is owed to them waits in the tray."""
    routes.set_office_route(Route.BY_HAND, True, {})
    people = {user.username: user for user in access.users()}
    for username, where in TRAY:
        routes.set_person_route(people[username].id, Route.BY_HAND, where)


def accounts(instance: Path) -> list[Account]:
    """The demonstration accounts with the passwords made for this installation."""
    path = instance / "demo-accounts.json"
    if not path.exists():
        made = {username: f"{username}-{secrets.token_hex(6)}" for username, *_ in PEOPLE}
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(made, out, ensure_ascii=False, indent=1)
    passwords = json.loads(path.read_text(encoding="utf-8"))
    return [Account(name, passwords[name], role.value) for name, _, _, role in PEOPLE]


def _give_passwords(made: list[Account]) -> None:
    by_name = {user.username: user for user in access.users()}
    for account in made:
        user = by_name[account.username]
        if user.password_hash is None:
            access.set_password(user, account.password)
