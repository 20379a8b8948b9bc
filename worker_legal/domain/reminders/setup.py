"""Setting the ways outside up: by the administrator for the office, by each person for oneself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from worker_legal.domain import audit, org
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.reminders.routes import (
    OfficeRoute,
    PersonRoute,
    Route,
    address_of,
    set_office_route,
    set_person_route,
    settings_of,
)
from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.infra import outward
from worker_legal.infra.channels import fill_template
from worker_legal.infra.db import db, expect_version
from worker_legal.infra.letters import Letter
from worker_legal.law import identifiers
from worker_legal.law.enums import LabelledEnum

FIELDS: dict[Route, tuple[str, ...]] = {
    Route.EMAIL: ("host", "port", "security", "username", "password", "sender"),
    Route.SMS: ("url", "secret", "template", "accepted"),
    Route.WECOM: ("url",),
    Route.DINGTALK: ("url", "secret"),
    Route.FEISHU: ("url", "secret"),
    Route.WEBHOOK: ("url", "secret"),
    Route.BY_HAND: (),
}
# Never shown again; left empty they stay.
SECRET = frozenset({"url", "password", "secret"})
MAY_BE_EMPTY = {
    Route.EMAIL: {"username", "password"},
    Route.SMS: {"accepted"},
    Route.DINGTALK: {"secret"},
    Route.FEISHU: {"secret"},
}
SHORTEST_NUMBER = 7
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_OPEN_ID = re.compile(r"o[un]_[A-Za-z0-9_-]{4,80}")
_TRIAL = Letter("id", "13800000000", "", "text")


class Encryption(LabelledEnum):
    """How a mail server is spoken to; in clear is not offered."""

    STARTTLS = "starttls", "STARTTLS"
    SSL = "ssl", "SSL"


@dataclass(frozen=True)
class RouteState:
    """A way as the administrator sees it; `kept` names the secrets there are, not what they say."""

    route: Route
    is_on: bool = False
    is_set: bool = False
    version: int = 0
    people: int = 0
    failures: int = 0
    rests_until: datetime | None = None
    last_error: str = ""
    last_accepted_at: datetime | None = None
    shown: Mapping[str, str] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True)
class OwnRoute:
    """A way the office uses, as one person sees it; the hint shows little of the address."""

    route: Route
    is_on: bool
    hint: str


def route_states() -> list[RouteState]:
    """Every way in the order of the list."""
    return [route_state(route) for route in Route]


def route_state(route: Route) -> RouteState:
    """One way: what is set, and how it fares."""
    used = sa.select(sa.func.count()).where(PersonRoute.kind == route, PersonRoute.is_on)
    people = int(db.session.scalar(used.select_from(PersonRoute)) or 0)
    row = db.session.get(OfficeRoute, route)
    if row is None:
        return RouteState(route, people=people)
    settings = settings_of(row)
    return RouteState(
        route,
        row.is_on,
        True,
        row.version,
        people,
        row.failures,
        row.rests_until,
        row.last_error,
        row.last_accepted_at,
        {name: value for name, value in settings.items() if name not in SECRET},
        frozenset(name for name in SECRET if settings.get(name)),
    )


def save_office_route(
    actor: Actor, route: Route, is_on: bool, given: Mapping[str, str], version: int
) -> None:
    """Set a way up or change it; secrets that are not given stay.

    Raises BadInput at the field, StaleEdit when somebody else has changed it since `version`.
    """
    centre = org.centre()
    actor.require(Action.MANAGE_OFFICE, centre.id)
    row = db.session.get(OfficeRoute, route)
    known: Mapping[str, str] = {}
    if row is not None:
        expect_version(row, version)
        known = settings_of(row)
    settings = {
        name: given.get(name, "").strip() or (known.get(name, "") if name in SECRET else "")
        for name in FIELDS[route]
    }
    if known.get("host") != settings.get("host") and not given.get("password"):
        settings["password"] = ""  # a password is never carried to another server
    settings = {name: settings[name] for name in FIELDS[route]}
    if is_on:
        check_settings(route, settings)
    set_office_route(route, is_on, settings)
    audit.record(actor, "set_route", "route", None, centre.path or "", way=route.value, on=is_on)


def check_settings(route: Route, settings: Mapping[str, str]) -> None:
    """Refuse settings by which nothing can be sent.

    Raises BadInput at the field.
    """
    for name in FIELDS[route]:
        if not settings[name] and name not in MAY_BE_EMPTY.get(route, set()):
            raise BadInput(N_("请填写这一项"), field=name)
    if "url" in settings:
        outward.check_url(settings["url"])
    if "template" in settings:
        fill_template(settings["template"], _TRIAL)
    if "host" in settings:
        _check_server(settings)


def _check_server(settings: Mapping[str, str]) -> None:
    if not _HOST.fullmatch(settings["host"]):
        raise BadInput(N_("这里只写服务器名，例如 smtp. 开头的域名"), field="host")
    port = settings["port"]
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise BadInput(N_("端口是1到65535的数字"), field="port")
    if not _MAIL.fullmatch(settings["sender"]):
        raise BadInput(N_("这不是邮箱地址"), field="sender")
    if settings["username"] and not settings["password"]:
        raise BadInput(N_("有用户名就要有密码；换了服务器要重新填"), field="password")


# --- a person's own -----------------------------------------------------------------------


def own_routes(actor: Actor) -> list[OwnRoute]:
    """The ways the office uses, and which of them this person does."""
    in_use = set(db.session.scalars(sa.select(OfficeRoute.kind).where(OfficeRoute.is_on)))
    query = sa.select(PersonRoute).where(PersonRoute.user_id == actor.user_id)
    own = {row.kind: row for row in db.session.scalars(query)}
    return [_own(route, own.get(route)) for route in Route if route in in_use]


def routes_of(user_id: int) -> list[Route]:
    """Which ways a person uses, without where; for the administrator."""
    query = (
        sa.select(PersonRoute.kind)
        .join(OfficeRoute, OfficeRoute.kind == PersonRoute.kind)
        .where(PersonRoute.user_id == user_id, PersonRoute.is_on, OfficeRoute.is_on)
    )
    used = set(db.session.scalars(query))
    return [route for route in Route if route in used]


def save_own_route(actor: Actor, route: Route, address: str, is_on: bool) -> None:
    """Say whether one uses a way, and where it reaches one; an empty address stays as it is.

    Raises BadInput when there is no address, or one of another kind.
    """
    user_id = actor.user_id or 0
    row = db.session.get(PersonRoute, (user_id, route))
    known = address_of(user_id, route, also_off=True) if row else ""
    text = address.strip()
    if text:
        check_address(route, text)
    elif is_on and not known:
        raise BadInput(N_("请填写这一项"), field="address")
    set_person_route(user_id, route, text or known, is_on)
    audit.record(actor, "set_own_route", "user", user_id, way=route.value, on=is_on)


def check_address(route: Route, address: str, at: str = "address") -> None:
    """Refuse an address that this way cannot reach.

    Raises BadInput.
    """
    shapes = {
        Route.EMAIL: (_MAIL, N_("这不是邮箱地址")),
        Route.SMS: (_MOBILE, N_("这不是11位手机号")),
        Route.WECOM: (_MOBILE, N_("这不是11位手机号")),
        Route.DINGTALK: (_MOBILE, N_("这不是11位手机号")),
        Route.FEISHU: (_OPEN_ID, N_("Open ID 以 ou_ 开头")),
    }
    if route in shapes:
        shape, refusal = shapes[route]
        if not shape.fullmatch(address):
            raise BadInput(refusal, field=at)
    elif not address.isprintable():
        raise BadInput(N_("这一项里有不能保存的字符，请重新输入"), field=at)


def _own(route: Route, row: PersonRoute | None) -> OwnRoute:
    if row is None:
        return OwnRoute(route, False, "")
    address = address_of(row.user_id, route, also_off=True)
    return OwnRoute(route, row.is_on, hint_of(address))


def hint_of(address: str) -> str:
    """Enough of an address to know it again; a pigeonhole or a staff number is no secret."""
    name, at, place = address.partition("@")
    if at:
        return f"{name[:1]}***@{place}"
    digits = sum(char.isdigit() for char in address)
    return identifiers.mask_phone(address) if digits >= SHORTEST_NUMBER else address
