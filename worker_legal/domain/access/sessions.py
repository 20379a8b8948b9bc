"""Sessions of signed-in browsers: rows that end, so that a copied cookie is worth nothing."""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from worker_legal.domain.access.models import User, WebSession
from worker_legal.infra import clock, crypto
from worker_legal.infra.db import db

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=10)


def open_session(user: User, second_factor: bool = False) -> str:
    """Start a session and give its token; only the digest is stored."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    dead = sa.or_(WebSession.seen_at <= now - IDLE, WebSession.created_at <= now - LONGEST)
    db.session.execute(sa.delete(WebSession).where(WebSession.user_id == user.id, dead))
    db.session.add(
        WebSession(
            token_hash=crypto.token_digest(token),
            user_id=user.id,
            created_at=now,
            seen_at=now,
            second_factor=second_factor,
        )
    )
    return token


def find_session(token: str) -> WebSession | None:
    """The live session of a token: not idle too long, not too old, its person not disabled."""
    row = db.session.get(WebSession, crypto.token_digest(token))
    now = clock.now()
    if row is None or row.seen_at + IDLE <= now or row.created_at + LONGEST <= now:
        return None
    user = db.session.get(User, row.user_id)
    return row if user is not None and user.disabled_at is None else None


def sessions_of(user: User) -> list[WebSession]:
    """The live sessions of a person, newest first."""
    now = clock.now()
    query = sa.select(WebSession).where(
        WebSession.user_id == user.id,
        WebSession.seen_at > now - IDLE,
        WebSession.created_at > now - LONGEST,
    )
    return list(db.session.scalars(query.order_by(WebSession.created_at.desc())))


def end_session(token: str) -> None:
    """Sign out for good."""
    digest = crypto.token_digest(token)
    db.session.execute(sa.delete(WebSession).where(WebSession.token_hash == digest))


def end_all_sessions(user: User) -> None:
    """Sign a person out everywhere."""
    db.session.execute(sa.delete(WebSession).where(WebSession.user_id == user.id))
