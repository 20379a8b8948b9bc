"""Passwords and the one-use links by which a person sets one."""

import secrets
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from worker_legal.domain import audit, org
from worker_legal.domain.access.accounts import actor_for, get_user
from worker_legal.domain.access.models import InviteLink, User
from worker_legal.domain.access.sessions import end_all_sessions
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.infra import clock, crypto
from worker_legal.infra.db import db

LINK_LIFE = timedelta(days=3)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
FEWEST_OWN = 6
COMMON_WORDS: Final = (
    *("password", "passw0rd", "p@ssw0rd", "admin", "administrator", "root", "letmein", "welcome"),
    *("qwertyuiop", "qwerty", "qazwsx", "1qaz2wsx", "asdfghjkl", "asdfgh", "zxcvbnm", "abcdef"),
    *("1234567890", "123456789", "12345678", "123456", "1234", "987654321", "654321", "111111"),
    *("000000", "888888", "666666", "123123", "abc123", "iloveyou", "5201314", "woaini", "mima"),
    *("worker", "legal", "zhigong", "gonghui", "falv", "yuanzhu", "tiaojie", "zhongcai"),
    *("密码", "管理员", "职工", "法律", "服务", "中心", "援助", "调解"),
)

_hasher = PasswordHasher()
_dummy_hash = _hasher.hash(secrets.token_hex(16))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether a password is right; takes the same time when there is nothing to compare with."""
    try:
        return _hasher.verify(password_hash or _dummy_hash, password) and password_hash is not None
    except VerificationError:
        return False


def set_password(user: User, password: str) -> None:
    """Keep a new password as an Argon2id hash and end every session of the person."""
    check_password_quality(password, user.username, user.display_name, *_names_of_the_office())
    user.password_hash = _hasher.hash(password)
    end_all_sessions(user)


def check_password_quality(password: str, *context: str) -> None:
    """Length and no guessable words; no forced rotation (features M1).

    Raises BadInput.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise BadInput(N_("密码至少12个字符，可以用一句话"), field="password")
    if len(password) > LONGEST_PASSWORD:
        raise BadInput(N_("密码最多200个字符"), field="password")
    rest = lowered = password.lower()
    words = {*COMMON_WORDS, *(word.lower() for word in context if len(word) > 1)}
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(rest) < FEWEST_OWN or len(set(rest)) < FEWEST_OWN - 1 or len(set(lowered)) < FEWEST_OWN:
        raise BadInput(N_("这个密码太容易猜到，请换一个"), field="password")


def _names_of_the_office() -> list[str]:
    office = org.find_office()
    return [site.name for site in org.tree()] + ([office.name] if office else [])


def change_password(user: User, old: str, new: str, ip: str = "") -> None:
    """Change one's own password; all sessions of the person end.

    Raises BadInput when the old one is wrong.
    """
    if not matches(user.password_hash, old):
        raise BadInput(N_("原密码不对"), field="old")
    set_password(user, new)
    _record(actor_for(user, ip), "change_password", user)


def make_link(actor: Actor, user: User) -> str:
    """The token of a one-use link for setting a password; only its digest is kept."""
    actor.require(Action.MANAGE_USERS, user.org_unit_id)
    db.session.execute(sa.delete(InviteLink).where(InviteLink.user_id == user.id))
    token = secrets.token_urlsafe(32)
    digest, expires = crypto.token_digest(token), clock.now() + LINK_LIFE
    db.session.add(InviteLink(token_hash=digest, user_id=user.id, expires_at=expires))
    _record(actor, "make_link", user)
    return token


def find_link(token: str) -> InviteLink | None:
    """A one-use link that still works."""
    link = db.session.get(InviteLink, crypto.token_digest(token))
    if link is None or link.used_at is not None or link.expires_at < clock.now():
        return None
    return link


def use_link(token: str, password: str, ip: str = "") -> User:
    """Set a password by a one-use link; every session of the person ends.

    Raises BadInput for a used or old link and for a weak password.
    """
    link = find_link(token)
    user = get_user(link.user_id) if link is not None else None
    if link is None or user is None or user.disabled_at is not None:
        raise BadInput(N_("链接已用过或已过期，请管理员重新发一个"), field="token")
    set_password(user, password)
    link.used_at = clock.now()
    _record(actor_for(user, ip), "use_link", user)
    return user


def _record(actor: Actor, action: str, user: User) -> None:
    audit.record(actor, action, "user", user.id, org.get_unit(user.org_unit_id).path or "")
    db.session.flush()
