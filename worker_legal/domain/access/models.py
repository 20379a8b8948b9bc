"""The tables of staff accounts: people, roles at sites, sessions, throttle, one-use links."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from worker_legal.domain.permissions import Role
from worker_legal.infra.db import Base, UtcDateTime, coded


class User(Base):
    """A member of staff; imported handlers have an account that cannot sign in."""

    __tablename__ = "app_user"
    __table_args__ = (sa.UniqueConstraint("username"), sa.UniqueConstraint("uid"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    uid: Mapped[str] = mapped_column(sa.String(32), default=lambda: secrets.token_hex(16))
    username: Mapped[str] = mapped_column(sa.String(60))
    display_name: Mapped[str] = mapped_column(sa.String(60))
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    org_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"))
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_secret_enc: Mapped[str | None] = mapped_column(sa.String(300))
    totp_last_step: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(sa.String(8), default="zh")

    grants: Mapped[list["RoleGrant"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", back_populates="user"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape


class RoleGrant(Base):
    """A role at a site, covering everything below it."""

    __tablename__ = "role_grant"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(coded(Role), primary_key=True)
    org_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"), primary_key=True)

    user: Mapped[User] = relationship(lazy="raise_on_sql", back_populates="grants")


class WebSession(Base):
    """A signed-in browser; the row ends at sign-out, so a copied cookie is worth nothing."""

    __tablename__ = "web_session"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    second_factor: Mapped[bool] = mapped_column(default=False)


class Throttle(Base):
    """Failures counted per subject (account, address, site) in a window, in the database."""

    __tablename__ = "throttle"

    subject: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    window_start: Mapped[datetime] = mapped_column(UtcDateTime)
    blocked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class InviteLink(Base):
    """A one-use link by which a person sets the first or a new password."""

    __tablename__ = "invite_link"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
