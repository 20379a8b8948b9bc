"""Tables of the worker's window: codes given out, and browsers that entered with one."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from worker_legal.infra.db import Base, UtcDateTime


class PortalGrant(Base):
    """One code on one receipt: a worker's key to that worker's part of one case."""

    __tablename__ = "portal_grant"
    __table_args__ = (
        sa.UniqueConstraint("code_hash"),
        sa.Index(None, "case_id", "worker_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_case.id"))
    worker_id: Mapped[int] = mapped_column(sa.ForeignKey("worker.id"))
    # HMAC of the 18 digits under a key that is not in the database; the digits are kept nowhere
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_label: Mapped[str] = mapped_column(sa.String(80))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PortalSession(Base):
    """A worker's browser for an hour; bound to one grant, so no id is ever accepted."""

    __tablename__ = "portal_session"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    grant_id: Mapped[int] = mapped_column(sa.ForeignKey("portal_grant.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    # when the code was used before this time, so that the worker sees a stranger's visit
    previous_use_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
