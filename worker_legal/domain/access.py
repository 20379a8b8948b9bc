"""Staff accounts: roles per site, sign-in with throttle, sessions that end, one-use links."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy.orm import Mapped, mapped_column, relationship

from worker_legal.domain import org
from worker_legal.domain.permissions import NEED_SECOND_FACTOR, Action, Actor, Grant, Role
from worker_legal.errors import BadInput, NotAllowed, NotFound, RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra import clock, crypto
from worker_legal.infra.db import Base, UtcDateTime, coded, db

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=10)
LINK_LIFE = timedelta(days=3)
SHORTEST_PASSWORD = 12
TRIES = 5
WINDOW = timedelta(minutes=15)
LONGEST_WAIT = timedelta(minutes=15)
COMMON_PASSWORDS = ("password", "admin", "qwerty", "123456", "111111", "abc123", "worker", "iloveyou")

_hasher = PasswordHasher()
_dummy_hash = _hasher.hash(secrets.token_hex(16))


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


@dataclass(frozen=True)
class NewUser:
    """What the administrator enters for a new account."""

    username: str
    display_name: str
    site_id: int
    roles: tuple[Role, ...]


# --- accounts ---------------------------------------------------------------


def add_user(actor: Actor, new: NewUser) -> User:
    """Make an account that cannot sign in until its one-use link has been used.

    Raises BadInput when the name is taken or no role is given.
    """
    actor.require(Action.MANAGE_USERS)
    username = new.username.strip().lower()
    if db.session.scalar(sa.select(User.id).where(User.username == username)):
        raise BadInput(N_("用户名 %(name)s 已经有人用了，请换一个"), field="username", name=username)
    org.get_unit(new.site_id)
    user = User(username=username, display_name=new.display_name, org_unit_id=new.site_id)
    db.session.add(user)
    db.session.flush()
    for role in new.roles:
        db.session.add(RoleGrant(user_id=user.id, role=role, org_unit_id=new.site_id))
    db.session.flush()
    return user


def add_nameless_account(display_name: str, site_id: int) -> User:
    """An account for a handler known from an old ledger; it has no role and cannot sign in."""
    user = User(
        username=f"ledger-{secrets.token_hex(6)}", display_name=display_name, org_unit_id=site_id
    )
    db.session.add(user)
    db.session.flush()
    return user


def change_user(actor: Actor, user: User, new: NewUser) -> None:
    """Move a person to another site or give other roles; sessions feel it at the next request."""
    actor.require(Action.MANAGE_USERS)
    if user.id == actor.user_id:
        raise NotAllowed(N_("不能修改自己的角色，请另一位管理员办理"))
    org.get_unit(new.site_id)
    user.display_name, user.org_unit_id = new.display_name, new.site_id
    db.session.execute(sa.delete(RoleGrant).where(RoleGrant.user_id == user.id))
    for role in new.roles:
        db.session.add(RoleGrant(user_id=user.id, role=role, org_unit_id=new.site_id))
    db.session.flush()


def disable_user(actor: Actor, user: User) -> None:
    """Shut an account at once; history keeps the name."""
    actor.require(Action.MANAGE_USERS)
    if user.id == actor.user_id:
        raise NotAllowed(N_("不能停用自己的账号"))
    user.disabled_at = clock.now()
    end_all_sessions(user)


def enable_user(actor: Actor, user: User) -> None:
    """Open a shut account again."""
    actor.require(Action.MANAGE_USERS)
    user.disabled_at = None


def get_user(user_id: int) -> User:
    """One account.

    Raises NotFound.
    """
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound(N_("没有这个账号"))
    return user


def users() -> list[User]:
    """All accounts with their roles, by site and name."""
    query = sa.select(User).options(sa.orm.selectinload(User.grants))
    return list(db.session.scalars(query.order_by(User.org_unit_id, User.username)))


def handlers(site_ids: frozenset[int]) -> list[User]:
    """People who can be given a case at these sites or above them."""
    granted = sa.select(RoleGrant.user_id).where(RoleGrant.role.in_(CASE_ROLES))
    query = sa.select(User).where(User.disabled_at.is_(None), User.id.in_(granted))
    people = db.session.scalars(query.options(sa.orm.selectinload(User.grants)))
    return [user for user in people if actor_for(user).site_ids(Action.RECORD_EVENT) & site_ids
            or actor_for(user).own_case_sites(Action.RECORD_EVENT) & site_ids]


CASE_ROLES = (Role.INTAKE, Role.MEDIATOR, Role.LAWYER, Role.INSPECTOR, Role.DIRECTOR)


def actor_for(user: User, ip: str = "") -> Actor:
    """The actor a signed-in person is, with the sites of each role resolved."""
    grants = tuple(
        Grant(grant.role, grant.org_unit_id, org.sites_below(grant.org_unit_id))
        for grant in _grants_of(user)
    )
    return Actor(user_id=user.id, label=user.display_name, grants=grants, ip=ip)


def _grants_of(user: User) -> list[RoleGrant]:
    query = sa.select(RoleGrant).where(RoleGrant.user_id == user.id)
    return list(db.session.scalars(query.order_by(RoleGrant.role, RoleGrant.org_unit_id)))


# --- passwords and one-use links ---------------------------------------------


def make_link(user: User) -> str:
    """The token of a one-use link for setting a password; only its digest is kept."""
    db.session.execute(sa.delete(InviteLink).where(InviteLink.user_id == user.id))
    token = secrets.token_urlsafe(32)
    expires = clock.now() + LINK_LIFE
    db.session.add(
        InviteLink(token_hash=crypto.token_digest(token), user_id=user.id, expires_at=expires)
    )
    db.session.flush()
    return token


def find_link(token: str) -> InviteLink | None:
    """A one-use link that still works."""
    link = db.session.get(InviteLink, crypto.token_digest(token))
    if link is None or link.used_at is not None or link.expires_at < clock.now():
        return None
    return link


def use_link(token: str, password: str) -> User:
    """Set a password by a one-use link; every session of the person ends.

    Raises NotFound for a used or old link, BadInput for a weak password.
    """
    link = find_link(token)
    if link is None:
        raise NotFound(N_("链接已用过或已过期，请管理员重新发一个"))
    user = get_user(link.user_id)
    if user.disabled_at is not None:
        raise NotFound(N_("链接已用过或已过期，请管理员重新发一个"))
    set_password(user, password)
    link.used_at = clock.now()
    return user


def set_password(user: User, password: str) -> None:
    """Keep a new password as an Argon2id hash and end every session of the person."""
    check_password_quality(password, user.username, user.display_name)
    user.password_hash = _hasher.hash(password)
    end_all_sessions(user)


def check_password_quality(password: str, *context: str) -> None:
    """Length and no guessable words; no forced rotation (features M1).

    Raises BadInput.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise BadInput(N_("密码至少12个字符，可以用一句话"), field="password")
    lowered = password.lower()
    words = (*COMMON_PASSWORDS, *(word.lower() for word in context if len(word) > 1))
    rest = lowered
    for word in words:
        rest = rest.replace(word, "")
    if len(rest) < SHORTEST_PASSWORD // 2 or len(set(lowered)) < 5:
        raise BadInput(N_("这个密码太容易猜到，请换一个"), field="password")


def change_password(user: User, old: str, new: str) -> None:
    """Change one's own password.

    Raises BadInput when the old one is wrong.
    """
    if not _matches(user.password_hash, old):
        raise BadInput(N_("原密码不对"), field="old")
    set_password(user, new)


# --- sign-in ------------------------------------------------------------------


def sign_in(username: str, password: str, ip: str) -> User | None:
    """The person if name and password are right and neither is being guessed; else None.

    Counts failures per account and per address; the caller commits them also on failure.
    Raises NotAllowed while account or address must wait.
    """
    name = username.strip().lower()
    subjects = (f"user:{crypto.blind_index(name, 'username')[:40]}:{ip}", f"addr:{ip}")
    if any(wait_left(subject) for subject in subjects):
        raise NotAllowed(N_("试的次数太多，请过几分钟再登录；急用请找管理员"), code="throttled")
    user = db.session.scalar(sa.select(User).where(User.username == name))
    usable = user is not None and user.disabled_at is None
    right = _matches(user.password_hash if user is not None and usable else None, password)
    if not right or user is None:
        for subject, tries in zip(subjects, (TRIES, TRIES * 4), strict=True):
            count_failure(subject, tries)
        return None
    for subject in subjects[:1]:
        db.session.execute(sa.delete(Throttle).where(Throttle.subject == subject))
    return user


def _matches(password_hash: str | None, password: str) -> bool:
    try:
        return _hasher.verify(password_hash or _dummy_hash, password) and password_hash is not None
    except VerificationError:
        return False


def wait_left(subject: str) -> timedelta | None:
    """How long a subject must still wait, or None."""
    row = db.session.get(Throttle, subject)
    if row is None or row.blocked_until is None or row.blocked_until <= clock.now():
        return None
    return row.blocked_until - clock.now()


def count_failure(subject: str, tries: int) -> None:
    """Count one failure; past `tries` in a quarter of an hour the subject waits, longer each time."""
    now = clock.now()
    row = db.session.get(Throttle, subject, with_for_update=True)
    if row is None:
        row = Throttle(subject=subject, failures=0, window_start=now)
        db.session.add(row)
    if row.window_start + WINDOW < now:
        row.window_start, row.failures = now, 0
    row.failures += 1
    over = row.failures - tries
    if over >= 0:
        row.blocked_until = now + min(timedelta(minutes=2**over), LONGEST_WAIT)
    db.session.flush()


# --- sessions ------------------------------------------------------------------


def open_session(user: User, second_factor: bool = False) -> str:
    """Start a session and give its token; only the digest is stored."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
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
    if row is None or row.seen_at + IDLE < now or row.created_at + LONGEST < now:
        return None
    user = db.session.get(User, row.user_id)
    return row if user is not None and user.disabled_at is None else None


def end_session(token: str) -> None:
    """Sign out for good."""
    digest = crypto.token_digest(token)
    db.session.execute(sa.delete(WebSession).where(WebSession.token_hash == digest))


def end_all_sessions(user: User) -> None:
    """Sign a person out everywhere."""
    db.session.execute(sa.delete(WebSession).where(WebSession.user_id == user.id))


# --- second factor ---------------------------------------------------------------


def needs_second_factor(user: User) -> bool:
    """Supervisors and administrators must have one (threats A12)."""
    return any(grant.role in NEED_SECOND_FACTOR for grant in _grants_of(user))


def has_second_factor(user: User) -> bool:
    """Whether the person has set up a one-time-code app."""
    return user.totp_secret_enc is not None


def new_totp_secret() -> str:
    """A fresh secret for a one-time-code app, not yet kept."""
    return pyotp.random_base32()


def totp_address(user: User, secret: str, office: str) -> str:
    """The otpauth address that the enrolment QR shows."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=office)


def enrol_totp(user: User, secret: str, code: str) -> None:
    """Keep a second factor after its first code was right.

    Raises BadInput.
    """
    step = _step_of(secret, code)
    if step is None:
        raise BadInput(N_("验证码不对，请看手机上的最新6位数字"), field="code")
    user.totp_secret_enc = crypto.seal(secret, f"app_user:totp:{user.uid}")
    user.totp_last_step = step


def check_totp(user: User, code: str) -> bool:
    """Whether a one-time code is right and was not used before (threats A13)."""
    if user.totp_secret_enc is None:
        return False
    secret = crypto.unseal(user.totp_secret_enc, f"app_user:totp:{user.uid}")
    step = _step_of(secret, code)
    if step is None or step <= user.totp_last_step:
        return False
    user.totp_last_step = step
    return True


def reset_totp(actor: Actor, user: User) -> None:
    """Forget a lost second factor; the person sets up a new one at the next sign-in."""
    actor.require(Action.MANAGE_USERS)
    if user.id == actor.user_id:
        raise RuleBroken(N_("请另一位管理员为您重置"))
    user.totp_secret_enc, user.totp_last_step = None, 0
    end_all_sessions(user)


def _step_of(secret: str, code: str) -> int | None:
    totp, moment = pyotp.TOTP(secret), int(clock.now().timestamp())
    for drift in (0, -1, 1):
        step = moment // 30 + drift
        if secrets.compare_digest(totp.generate_otp(step), code.strip()):
            return step
    return None
