"""The second factor: one-time codes of a phone app (TOTP), each good for one use."""

import secrets

import pyotp

from worker_legal.domain import audit, org
from worker_legal.domain.access.accounts import actor_for, grants_of
from worker_legal.domain.access.attempts import (
    TRIES,
    count_failure,
    forget_failures,
    lock,
    wait_left,
)
from worker_legal.domain.access.models import User
from worker_legal.domain.access.sessions import end_all_sessions
from worker_legal.domain.permissions import NEED_SECOND_FACTOR, Action, Actor
from worker_legal.errors import BadInput, RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra import clock, crypto
from worker_legal.infra.db import db

STEP_SECONDS = 30


def needs_second_factor(user: User) -> bool:
    """Supervisors and administrators must have one (threats A12)."""
    return any(grant.role in NEED_SECOND_FACTOR for grant in grants_of(user))


def has_second_factor(user: User) -> bool:
    """Whether the person has set up a one-time-code app."""
    return user.totp_secret_enc is not None


def new_totp_secret() -> str:
    """A fresh secret for a one-time-code app, not yet kept."""
    return pyotp.random_base32()


def totp_address(user: User, secret: str, office: str) -> str:
    """The otpauth address that the enrolment QR shows."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=office)


def enrol_totp(user: User, secret: str, code: str, ip: str = "") -> None:
    """Keep a second factor after its first code was right; all sessions of the person end.

    Raises BadInput for a wrong code, RuleBroken when there is one already.
    """
    if has_second_factor(user):
        raise RuleBroken(N_("动态码已经设置过；换手机请管理员重置"))
    step = _step_of(secret, code)
    if step is None:
        raise BadInput(N_("动态码不对，请看手机上最新的6位数字"), field="code")
    user.totp_secret_enc = crypto.seal(secret, _where(user))
    user.totp_last_step = step
    end_all_sessions(user)
    _record(actor_for(user, ip), "enrol_second_factor", user)


def check_totp(user: User, code: str) -> bool:
    """Whether a one-time code is right and was not used before (threats A13)."""
    if user.totp_secret_enc is None:
        return False
    step = _step_of(crypto.unseal(user.totp_secret_enc, _where(user)), code)
    if step is None or step <= user.totp_last_step:
        return False
    user.totp_last_step = step
    return True


def pass_second_factor(user: User, code: str) -> str:
    """Check a code and count failures; gives "" when it was right, else the sentence to show.

    The caller commits also a failure.
    """
    subject = f"totp:{user.uid}"
    lock(subject)
    if wait_left(subject):
        return N_("试的次数太多，请过几分钟再试")
    if check_totp(user, code):
        forget_failures(subject)
        return ""
    count_failure(subject, TRIES)
    return N_("动态码不对，请看手机上最新的6位数字")


def reset_totp(actor: Actor, user: User) -> None:
    """Forget a lost second factor; the person sets up a new one at the next sign-in."""
    actor.require(Action.MANAGE_USERS, user.org_unit_id)
    if user.id == actor.user_id:
        raise RuleBroken(N_("请另一位管理员为您重置"))
    user.totp_secret_enc, user.totp_last_step = None, 0
    end_all_sessions(user)
    _record(actor, "reset_second_factor", user)


def _step_of(secret: str, code: str) -> int | None:
    totp, moment = pyotp.TOTP(secret), int(clock.now().timestamp())
    given = code.replace(" ", "").encode()
    for drift in (0, -1, 1):
        step = moment // STEP_SECONDS + drift
        if secrets.compare_digest(totp.generate_otp(step).encode(), given):
            return step
    return None


def _where(user: User) -> str:
    return f"app_user:totp:{user.uid}"


def _record(actor: Actor, action: str, user: User) -> None:
    audit.record(actor, action, "user", user.id, org.get_unit(user.org_unit_id).path or "")
    db.session.flush()
