"""What the actor may see of the cases; every query starts here."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from worker_legal.domain import audit
from worker_legal.domain.cases.models import Case, CaseParty, Proceeding
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.infra.db import db

HEAD = (
    joinedload(Case.site),
    joinedload(Case.handler),
    joinedload(Case.lead_worker),
    joinedload(Case.lead_employer),
)


def may_see(actor: Actor, action: Action = Action.VIEW_CASE) -> sa.ColumnElement[bool]:
    """The condition on legal_case that keeps what the actor may see."""
    if actor.is_system:
        return sa.true()
    own_sites = actor.own_case_sites(action)
    mine = sa.select(Proceeding.case_id).where(Proceeding.handler_id == actor.user_id)
    return sa.or_(
        Case.org_unit_id.in_(sorted(actor.site_ids(action))),
        sa.and_(
            Case.org_unit_id.in_(sorted(own_sites)),
            sa.or_(Case.handler_id == actor.user_id, Case.id.in_(mine)),
        ),
    )


def visible_to(actor: Actor, action: Action = Action.VIEW_CASE) -> sa.Select[tuple[Case]]:
    """The cases the actor may see; the start of every query."""
    return sa.select(Case).where(may_see(actor, action))


def find_case(actor: Actor, case_id: int, action: Action = Action.VIEW_CASE) -> Case | None:
    """A case within the actor's sight, or None."""
    query = visible_to(actor, action).where(Case.id == case_id).options(*HEAD)
    return db.session.scalar(query)


def get_case(actor: Actor, case_id: int, action: Action = Action.VIEW_CASE) -> Case:
    """A case within the actor's sight, with its site, handler and leads.

    Raises NotFound, also for a case that exists elsewhere.
    """
    case = find_case(actor, case_id, action)
    if case is None:
        raise NotFound(N_("没有这个案件，或不在您的范围内"))
    return case


def note_view(actor: Actor, case: Case) -> None:
    """Write down that a person opened the page of a case (features M3)."""
    audit.record(actor, "view", "case", case.id, case.site.path or "")


def with_party(condition: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    """The ids of cases with a party, still in the case, that fits."""
    return sa.select(CaseParty.case_id).where(CaseParty.removed_at.is_(None), condition)
