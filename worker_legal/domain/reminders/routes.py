"""The ways outside the program by which reminders reach a person, beside the inbox.

The office says which ways it uses and how they are set; each person says which of them, and
where. Settings and addresses are sealed. The inbox is always one of a person's channels.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from worker_legal.domain.reminders.models import INBOX
from worker_legal.i18n import N_
from worker_legal.infra import crypto
from worker_legal.infra.db import Base, UtcDateTime, coded, db
from worker_legal.law.enums import LabelledEnum


class Route(LabelledEnum):
    """A way outside the program; `by_hand` is the tray of what a person prints or sends."""

    EMAIL = "email", N_("电子邮件")
    SMS = "sms", N_("短信")
    WECOM = "wecom", N_("企业微信")
    DINGTALK = "dingtalk", N_("钉钉")
    FEISHU = "feishu", N_("飞书")
    WEBHOOK = "webhook", N_("其他系统")
    BY_HAND = "by_hand", N_("待发箱")


class OfficeRoute(Base):
    """A way the office has set up, and how it has fared: the breaker of a way that is down."""

    __tablename__ = "office_route"

    kind: Mapped[Route] = mapped_column(coded(Route), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    is_on: Mapped[bool] = mapped_column(default=False)
    settings_enc: Mapped[str] = mapped_column(sa.Text)
    # failures in a row; nothing is tried again before the instant
    failures: Mapped[int] = mapped_column(default=0)
    rests_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(sa.String(120), default="")
    last_accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape


class PersonRoute(Base):
    """Where one person is reached by one way."""

    __tablename__ = "person_route"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"), primary_key=True)
    kind: Mapped[Route] = mapped_column(coded(Route), primary_key=True)
    address_enc: Mapped[str] = mapped_column(sa.Text)
    is_on: Mapped[bool] = mapped_column(default=True)


@dataclass(frozen=True)
class Routes:
    """Which channels each person uses; read once per planning."""

    outside: Mapping[int, tuple[str, ...]]

    def of(self, person_id: int) -> tuple[str, ...]:
        """A person's channels, the inbox first."""
        return (INBOX, *self.outside.get(person_id, ()))


def routes_in_use() -> Routes:
    """The channels of everybody, as office and people have set them."""
    query = (
        sa.select(PersonRoute.user_id, PersonRoute.kind)
        .join(OfficeRoute, OfficeRoute.kind == PersonRoute.kind)
        .where(OfficeRoute.is_on, PersonRoute.is_on)
        .order_by(PersonRoute.user_id, PersonRoute.kind)
    )
    outside: dict[int, tuple[str, ...]] = {}
    for user_id, kind in db.session.execute(query):
        outside[user_id] = (*outside.get(user_id, ()), kind.value)
    return Routes(outside)


def office_uses(kind: Route) -> bool:
    """Whether the office has set a way up and uses it."""
    row = db.session.get(OfficeRoute, kind, populate_existing=True)
    return row is not None and row.is_on


def settings_of(row: OfficeRoute) -> dict[str, str]:
    """The settings of a way in clear."""
    opened: dict[str, str] = json.loads(crypto.unseal(row.settings_enc, _settings_place(row.kind)))
    return opened


def set_office_route(kind: Route, is_on: bool, settings: Mapping[str, str]) -> OfficeRoute:
    """Set a way of the office up or change it; a way that rested after failures is tried anew."""
    row = db.session.get(OfficeRoute, kind) or OfficeRoute(kind=kind)
    row.is_on, row.failures, row.rests_until = is_on, 0, None
    row.settings_enc = crypto.seal(json.dumps(dict(settings)), _settings_place(kind))
    db.session.add(row)
    db.session.flush()
    return row


def set_person_route(user_id: int, kind: Route, address: str, is_on: bool = True) -> PersonRoute:
    """Say where a person is reached by a way, and whether it is used."""
    row = db.session.get(PersonRoute, (user_id, kind)) or PersonRoute(user_id=user_id, kind=kind)
    row.is_on, row.address_enc = is_on, crypto.seal(address, _address_place(user_id, kind))
    db.session.add(row)
    db.session.flush()
    return row


def address_of(user_id: int, kind: Route, also_off: bool = False) -> str:
    """Where a person is reached by a way; empty when the person does not use it."""
    row = db.session.get(PersonRoute, (user_id, kind), populate_existing=True)
    if row is None or not (row.is_on or also_off):
        return ""
    return crypto.unseal(row.address_enc, _address_place(user_id, kind))


def _settings_place(kind: Route) -> str:
    return f"office_route:settings:{kind.value}"


def _address_place(user_id: int, kind: Route) -> str:
    return f"person_route:address:{user_id}:{kind.value}"
