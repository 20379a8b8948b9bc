"""Codes of receipts: given out once, kept as a keyed digest, guarded by failure budgets."""

import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from worker_legal.domain import access, audit
from worker_legal.domain.cases.events import add_event
from worker_legal.domain.cases.models import Case, CaseParty
from worker_legal.domain.cases.service import active_workers, require_on
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.portal.models import PortalGrant, PortalSession
from worker_legal.errors import BadInput, NotFound, RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra import clock, crypto
from worker_legal.infra.db import db
from worker_legal.law.enums import CaseStatus, EventKind

DIGITS = 18
GROUP = 6
# Wrong codes in a quarter of an hour. With 1,000 living codes the site's budget keeps the chance
# that anybody guesses one within a year below 2^-30 (threats W2, W3).
ADDRESS_TRIES = 5
SITE_TRIES = 25
WAIT = timedelta(minutes=15)
SITE = "portal:site"
SESSION_LIFE = timedelta(hours=1)
AFTER_CLOSING = timedelta(days=180)


@dataclass(frozen=True)
class Attempt:
    """What came of a code: a session's token, or nothing, or the request to wait."""

    token: str = ""
    must_wait: bool = False


def issue_code(actor: Actor, case: Case, worker_id: int, identity_checked: bool = False) -> str:
    """A new code for a worker's receipt, told this once; an older one is dead at once (I7).

    Raises BadInput when a code is replaced and nobody confirmed to have checked the person.
    """
    require_on(actor, Action.ISSUE_RECEIPT, case)
    if case.status is CaseStatus.VOID:
        raise RuleBroken(N_("作废的案件不发回执"))
    party = _party_of(case, worker_id)
    db.session.execute(sa.select(Case.id).where(Case.id == case.id).with_for_update())
    old = _living_grants(case, worker_id)
    if old and not identity_checked:
        raise BadInput(
            N_("补发回执前请核对来人就是职工本人，并勾选“已核对本人”"), field="identity_checked"
        )
    for grant in old:
        _revoke(grant)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    db.session.add(
        PortalGrant(
            case_id=case.id,
            worker_id=worker_id,
            code_hash=crypto.portal_digest(code),
            issued_at=clock.now(),
            issued_label=actor.label,
        )
    )
    payload = {"party": party.id, "reissued": bool(old)}
    add_event(actor, case, EventKind.RECEIPT_ISSUED, clock.today(), payload=payload)
    audit.record(actor, "issue_receipt", "case", case.id, party=party.id, reissued=bool(old))
    db.session.flush()
    return code


def _party_of(case: Case, worker_id: int) -> CaseParty:
    for party in active_workers(case):
        if party.worker_id == worker_id:
            return party
    raise NotFound(N_("这个案件没有这个人"))


def _living_grants(case: Case, worker_id: int) -> Sequence[PortalGrant]:
    query = sa.select(PortalGrant).where(
        PortalGrant.case_id == case.id,
        PortalGrant.worker_id == worker_id,
        PortalGrant.revoked_at.is_(None),
    )
    return db.session.scalars(query).all()


def _revoke(grant: PortalGrant) -> None:
    grant.revoked_at = clock.now()
    db.session.execute(sa.delete(PortalSession).where(PortalSession.grant_id == grant.id))


def grants_of(case: Case) -> dict[int, PortalGrant]:
    """The living grant of each worker of a case, by worker id."""
    query = sa.select(PortalGrant).where(
        PortalGrant.case_id == case.id, PortalGrant.revoked_at.is_(None)
    )
    return {grant.worker_id: grant for grant in db.session.scalars(query)}


def groups(code: str) -> tuple[str, ...]:
    """A code as printed: three groups of six digits."""
    return tuple(code[start : start + GROUP] for start in range(0, DIGITS, GROUP))


def sign_in(code: str, ip: str) -> Attempt:
    """Try a code; wrong, replaced, and long closed look the same (features I1, threats W5).

    Failures are counted per address and for the whole site; the caller commits them.
    """
    address = f"portal:{ip}"
    if access.wait_left(address) or access.wait_left(SITE):
        return Attempt(must_wait=True)
    grant = _find_grant(code)
    if grant is None:
        access.count_failure(SITE, SITE_TRIES, WAIT)
        access.count_failure(address, ADDRESS_TRIES, WAIT)
        return Attempt(must_wait=access.wait_left(address) is not None)
    token = secrets.token_urlsafe(32)
    db.session.add(
        PortalSession(
            token_hash=crypto.token_digest(token),
            grant_id=grant.id,
            expires_at=clock.now() + SESSION_LIFE,
            previous_use_at=grant.last_used_at,
        )
    )
    grant.last_used_at = clock.now()
    db.session.flush()
    return Attempt(token=token)


def _find_grant(code: str) -> PortalGrant | None:
    digest = crypto.portal_digest(_digits(code))
    query = sa.select(PortalGrant).where(PortalGrant.code_hash == digest)
    grant = db.session.scalar(query)
    return grant if grant is not None and _is_living(grant) else None


def _digits(code: str) -> str:
    plain = unicodedata.normalize("NFKC", code)
    return "".join(char for char in plain if char.isdigit())


def _is_living(grant: PortalGrant) -> bool:
    """Not replaced, the worker still in the case, and the case not set aside or long closed."""
    case = db.session.get_one(Case, grant.case_id)
    if grant.revoked_at is not None or case.status is CaseStatus.VOID:
        return False
    if case.closed_on is not None and case.closed_on + AFTER_CLOSING < clock.today():
        return False
    return grant.worker_id in {party.worker_id for party in active_workers(case)}


def find_session(token: str) -> PortalSession | None:
    """The living session of a token, or None."""
    row = db.session.get(PortalSession, crypto.token_digest(token)) if token else None
    if row is None or row.expires_at <= clock.now():
        return None
    return row if _is_living(db.session.get_one(PortalGrant, row.grant_id)) else None


def leave(token: str) -> None:
    """End a session for good."""
    digest = crypto.token_digest(token)
    db.session.execute(sa.delete(PortalSession).where(PortalSession.token_hash == digest))


def forget_old_sessions() -> int:
    """Remove sessions that have ended; gives how many."""
    done = db.session.execute(
        sa.delete(PortalSession).where(PortalSession.expires_at <= clock.now())
    )
    return int(getattr(done, "rowcount", 0))
