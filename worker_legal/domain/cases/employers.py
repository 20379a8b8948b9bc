"""Employers as the cases in sight show them, and the merge of two records with their cases."""

from dataclasses import dataclass

import sqlalchemy as sa

from worker_legal.domain import parties
from worker_legal.domain.cases.changes import follow_merge
from worker_legal.domain.cases.models import Case, CaseParty
from worker_legal.domain.cases.sight import may_see
from worker_legal.domain.parties import Employer, EmployerAlias
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.infra.db import db
from worker_legal.law.enums import CaseStatus

MOST = 100


@dataclass(frozen=True)
class EmployerRow:
    """An employer in the list: all its cases in sight, and those still open."""

    employer: Employer
    cases: int
    open_cases: int


def employers_in_sight(actor: Actor, text: str = "") -> tuple[list[EmployerRow], int]:
    """Employers with cases in sight whose name, alias or code contains the text, and how many.

    Those with most cases first, at most 100 of them.
    """
    total = sa.func.count(sa.distinct(Case.id))
    running = sa.func.count(sa.distinct(sa.case((Case.status == CaseStatus.OPEN, Case.id))))
    query = (
        sa.select(Employer.id, total, running)
        .join(CaseParty, CaseParty.employer_id == Employer.id)
        .join(Case, Case.id == CaseParty.case_id)
        .where(may_see(actor), CaseParty.removed_at.is_(None), Case.status != CaseStatus.VOID)
        .group_by(Employer.id)
    )
    if text.strip():
        query = query.where(_named(text.strip()))
    count = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    found = db.session.execute(query.order_by(total.desc(), Employer.id).limit(MOST)).all()
    known = {row.id: row for row in _employers([each[0] for each in found])}
    return [EmployerRow(known[key], int(n), int(now)) for key, n, now in found], int(count or 0)


def _named(text: str) -> sa.ColumnElement[bool]:
    alias = sa.select(EmployerAlias.employer_id).where(
        EmployerAlias.name.contains(text, autoescape=True)
    )
    return sa.or_(
        Employer.name.contains(text, autoescape=True),
        Employer.uscc.startswith(text.upper(), autoescape=True),
        Employer.initials.startswith(text.lower(), autoescape=True),
        Employer.id.in_(alias),
    )


def _employers(ids: list[int]) -> list[Employer]:
    return list(db.session.scalars(sa.select(Employer).where(Employer.id.in_(ids))))


def get_employer(actor: Actor, employer_id: int) -> Employer:
    """An employer with a case in sight, or what it was merged into; directors see every company.

    Raises NotFound.
    """
    found = parties.find_known_employer(employer_id, "") or db.session.get(Employer, employer_id)
    if found is not None and _is_known(actor, found):
        return found
    raise NotFound(N_("没有这个单位，或不在您的范围内"))


def _is_known(actor: Actor, employer: Employer) -> bool:
    if actor.can(Action.MERGE_EMPLOYERS) and not employer.is_individual:
        return True
    seen = sa.select(Case.id).join(CaseParty, CaseParty.case_id == Case.id)
    mine = seen.where(may_see(actor), CaseParty.employer_id == employer.id)
    return db.session.scalar(mine.limit(1)) is not None


def merge_employers(actor: Actor, survivor_id: int, gone_id: int) -> int:
    """Join two records of one company; its names stay as aliases and its cases follow.

    Gives how many cases moved. Raises RuleBroken for two different codes.
    """
    survivor, gone = parties.get_employer(survivor_id), parties.get_employer(gone_id)
    parties.merge_employers(actor, survivor, gone)
    return follow_merge(survivor.id, gone.id)
