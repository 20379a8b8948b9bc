"""The one search box, and the people behind a number; nothing outside the actor's sight."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from worker_legal.domain import parties
from worker_legal.domain.cases.models import Case, CaseParty
from worker_legal.domain.cases.sight import may_see, with_party
from worker_legal.domain.parties import Employer, EmployerAlias, Worker
from worker_legal.domain.permissions import Actor
from worker_legal.infra import clock, crypto
from worker_legal.infra.db import db
from worker_legal.law import identifiers
from worker_legal.law.enums import CaseStatus, DisputeKind

MOST_EARLIER = 5
RECENT_DAYS = 90
_IDENTITY = re.compile(r"[0-9]{14,18}[0-9X]?|[A-Z]{1,3}[0-9]{8,12}")
_DIALLED = re.compile(r"\+?[0-9x]{7,20}")
_GAP = re.compile(r"…+|\.{3,}|\*+")


def is_personal(text: str) -> bool:
    """Whether a search text is an identity or telephone number, which no address may carry."""
    number = identifiers.normalise_id(text)
    if _IDENTITY.fullmatch(number):
        return True
    bare = re.sub(r"[\s()（）-]", "", unicodedata.normalize("NFKC", text))
    return bool(_DIALLED.fullmatch(bare))


def people_with(actor: Actor, text: str) -> list[int]:
    """The workers in sight with exactly this identity or telephone number."""
    number, phone = identifiers.normalise_id(text), identifiers.normalise_phone(text)
    found = sa.select(Worker.id).where(
        sa.or_(
            Worker.id_no_hash == crypto.blind_index(number, "id_no"),
            Worker.phone_hash == crypto.blind_index(phone, "phone"),
        ),
        Worker.id.in_(_workers_in_sight(actor)),
    )
    return list(db.session.scalars(found.order_by(Worker.id).limit(20)))


def workers_in_sight(actor: Actor, worker_ids: list[int]) -> list[Worker]:
    """Those of some workers who have a case in sight; the others do not exist for the actor."""
    query = sa.select(Worker).where(
        Worker.id.in_(worker_ids), Worker.id.in_(_workers_in_sight(actor))
    )
    return list(db.session.scalars(query.order_by(Worker.id)))


def _workers_in_sight(actor: Actor) -> sa.Select[tuple[int | None]]:
    seen = sa.select(Case.id).where(may_see(actor))
    return sa.select(CaseParty.worker_id).where(
        CaseParty.case_id.in_(seen), CaseParty.worker_id.is_not(None)
    )


def text_matches(text: str) -> sa.ColumnElement[bool]:
    """One box: case number, identity number, phone, their tails, name, initials, employer."""
    wanted = text.strip()
    pattern = _pattern(wanted)
    number = identifiers.normalise_id(wanted)
    people: list[sa.ColumnElement[bool]] = [Worker.name.like(pattern, escape="\\")]
    firms: list[sa.ColumnElement[bool]] = [
        Employer.name.like(pattern, escape="\\"),
        Employer.uscc == number,
    ]
    if number.isascii() and number.isalnum():
        people += _by_number(number)
    if number.isascii() and number.isalpha():
        firms.append(Employer.initials.startswith(number.lower(), autoescape=True))
    alias = sa.select(EmployerAlias.employer_id).where(
        EmployerAlias.name.like(pattern, escape="\\")
    )
    workers = sa.select(Worker.id).where(sa.or_(*people))
    employers = sa.select(Employer.id).where(sa.or_(*firms, Employer.id.in_(alias)))
    return sa.or_(
        Case.case_no.like(pattern, escape="\\"),
        Case.id.in_(with_party(CaseParty.worker_id.in_(workers))),
        Case.id.in_(with_party(CaseParty.employer_id.in_(employers))),
    )


def _pattern(text: str) -> str:
    parts = [re.sub(r"([\\%_])", r"\\\1", part) for part in _GAP.split(text)]
    return f"%{'%'.join(parts)}%"


def _by_number(number: str) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [
        Worker.id_no_hash == crypto.blind_index(number, "id_no"),
        Worker.phone_hash == crypto.blind_index(identifiers.normalise_phone(number), "phone"),
    ]
    if len(number) == 4:
        found += [Worker.id_no_last4 == number, Worker.phone_last4 == number]
    if number.isalpha():
        found.append(Worker.initials.startswith(number.lower(), autoescape=True))
    return found


@dataclass(frozen=True)
class Earlier:
    """What is known of a person who is being registered: cases in sight, others elsewhere."""

    cases: list[Case]
    elsewhere: bool


def earlier_cases(actor: Actor, id_no: str, phone: str, name: str, employer: str) -> Earlier:
    """Earlier cases of the same person, shown while the clerk types (features A6).

    Cases out of sight only make `elsewhere` true when the identity number is the same; nothing
    of them is shown (threats K8).
    """
    known = parties.find_worker_by_id(id_no)
    people = [known.id] if known else []
    people += [worker.id for worker in parties.workers_with_phone(phone)]
    conditions: list[sa.ColumnElement[bool]] = [
        Case.id.in_(with_party(CaseParty.worker_id.in_(people)))
    ]
    if name.strip() and employer.strip():
        same = sa.select(Worker.id).where(Worker.name == name.strip())
        firms = [found.id for found in parties.suggest_employers(employer)]
        conditions.append(
            sa.and_(
                Case.id.in_(with_party(CaseParty.worker_id.in_(same))),
                Case.id.in_(with_party(CaseParty.employer_id.in_(firms))),
            )
        )
    found = sa.select(Case).where(sa.or_(*conditions))
    newest = found.where(may_see(actor)).order_by(Case.registered_on.desc(), Case.id.desc())
    shown = list(db.session.scalars(newest.limit(MOST_EARLIER)))
    return Earlier(shown, known is not None and _has_case_out_of_sight(actor, known.id))


def recent_pay_cases(actor: Actor, employer_id: int) -> int:
    """How many cases about pay an employer had within 90 natural days, in sight."""
    since = clock.today() - timedelta(days=RECENT_DAYS)
    query = sa.select(sa.func.count(Case.id)).where(
        may_see(actor),
        Case.id.in_(with_party(CaseParty.employer_id == employer_id)),
        Case.dispute_kind == DisputeKind.PAY,
        Case.status != CaseStatus.VOID,
        Case.registered_on >= since,
    )
    return int(db.session.scalar(query) or 0)


def _has_case_out_of_sight(actor: Actor, worker_id: int) -> bool:
    mine = with_party(CaseParty.worker_id == worker_id)
    other = sa.select(Case.id).where(Case.id.in_(mine), sa.not_(may_see(actor)))
    return db.session.scalar(other.limit(1)) is not None
