"""Leave cover: while a person is away, a colleague is told of that person's dates as well.

The person says so, or somebody who leads the person's site or manages its accounts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from worker_legal.domain import access, audit, org
from worker_legal.domain.access import User
from worker_legal.domain.cases.models import Case, Proceeding
from worker_legal.domain.cases.sight import visible_to
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.reminders.models import LeaveCover
from worker_legal.errors import BadInput, NotFound
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db
from worker_legal.law.enums import CaseStatus


@dataclass(frozen=True)
class Leave:
    """What is entered: who is away, who stands in, the first and the last day."""

    user_id: int
    deputy_id: int
    first_on: date
    last_on: date


@dataclass(frozen=True)
class Absence:
    """An absence that is not over, as a page shows it."""

    id: int
    person: str
    deputy: str
    first_on: date
    last_on: date
    is_own: bool
    may_take_back: bool


def may_be_away(actor: Actor) -> list[User]:
    """The people whose absence the actor may enter, the actor first."""
    found = db.session.scalars(_within_reach(actor).order_by(User.display_name, User.id))
    return sorted(found, key=lambda user: user.id != actor.user_id)


def colleagues(people: Sequence[User]) -> list[User]:
    """Who can stand in for at least one of these people."""
    sites = frozenset[int]().union(*(_sites_of(person) for person in people))
    able = [user for user in access.handlers(sites) if _sees_at(user) & sites]
    only = people[0].id if len(people) == 1 else None
    return [user for user in able if user.id != only]


def absences(actor: Actor) -> list[Absence]:
    """The absences from today on that the actor may enter or in which the actor stands in."""
    person, deputy = aliased(User), aliased(User)
    reach = set(db.session.scalars(_within_reach(actor).with_only_columns(User.id)))
    query = (
        sa.select(LeaveCover, person.display_name, deputy.display_name)
        .join(person, person.id == LeaveCover.user_id)
        .join(deputy, deputy.id == LeaveCover.deputy_id)
        .where(LeaveCover.last_on >= clock.today())
        .where(LeaveCover.user_id.in_(reach) | (LeaveCover.deputy_id == actor.user_id))
        .order_by(LeaveCover.first_on, LeaveCover.id)
    )
    return [
        Absence(
            row.id,
            name,
            stand_in,
            row.first_on,
            row.last_on,
            row.user_id == actor.user_id,
            row.user_id in reach,
        )
        for row, name, stand_in in db.session.execute(query)
    ]


def stands_in_for(actor: Actor) -> list[Absence]:
    """The absences from today on in which the actor stands in, the nearest first."""
    mine = sa.select(LeaveCover.id).where(LeaveCover.deputy_id == actor.user_id)
    ids = set(db.session.scalars(mine.where(LeaveCover.last_on >= clock.today())))
    return [absence for absence in absences(actor) if absence.id in ids] if ids else []


def enter_leave(actor: Actor, new: Leave) -> LeaveCover:
    """Say that a person is away and who stands in.

    Raises NotFound for people out of the actor's reach, BadInput for days or a colleague that
    cannot be.
    """
    person = _person(actor, new.user_id)
    _check_days(new)
    _check_deputy(person, new)
    _check_overlap(new)
    row = LeaveCover(
        user_id=person.id,
        deputy_id=new.deputy_id,
        first_on=new.first_on,
        last_on=new.last_on,
        entered_by=actor.user_id,
        entered_at=clock.now(),
    )
    db.session.add(row)
    _record(actor, "enter_leave", person, row)
    return row


def take_back_leave(actor: Actor, leave_id: int) -> None:
    """The person is not away after all, or back already.

    Raises NotFound, also for absences of people out of the actor's reach.
    """
    row = db.session.get(LeaveCover, leave_id)
    if row is None:
        raise NotFound(N_("没有这条不在的登记"))
    person = _person(actor, row.user_id)
    _record(actor, "take_back_leave", person, row)
    db.session.delete(row)
    db.session.flush()


# --- what is refused ----------------------------------------------------------------------


def _check_days(new: Leave) -> None:
    if new.last_on < new.first_on:
        raise BadInput(N_("最后一天不能早于第一天"), field="last_on")
    if new.last_on < clock.today():
        raise BadInput(N_("这些日子已经过去，不用登记"), field="last_on")


def _check_deputy(person: User, new: Leave) -> None:
    if new.deputy_id == person.id:
        raise BadInput(N_("不能由本人代班，请选一位同事"), field="deputy_id")
    deputy = db.session.get(User, new.deputy_id)
    if deputy is None or deputy.disabled_at is not None:
        raise BadInput(N_("这个账号已经停用，请选另一位同事"), field="deputy_id")
    if not _sees_at(deputy) & _sites_of(person) or _has_unseen_case(person, deputy):
        raise BadInput(
            N_("%(name)s看不到这些案件，不能代班，请选另一位同事"),
            field="deputy_id",
            name=deputy.display_name,
        )


def _has_unseen_case(person: User, deputy: User) -> bool:
    of_a_proceeding = sa.select(Proceeding.case_id).where(Proceeding.handler_id == person.id)
    seen = visible_to(access.actor_for(deputy)).with_only_columns(Case.id)
    unseen = sa.select(Case.id).where(
        Case.status == CaseStatus.OPEN,
        (Case.handler_id == person.id) | Case.id.in_(of_a_proceeding),
        Case.id.not_in(seen),
    )
    return db.session.scalar(unseen.limit(1)) is not None


def _check_overlap(new: Leave) -> None:
    meets = (LeaveCover.first_on <= new.last_on) & (LeaveCover.last_on >= new.first_on)
    taken = db.session.scalar(
        sa.select(LeaveCover).where(LeaveCover.user_id == new.user_id, meets).limit(1)
    )
    if taken is not None:
        raise BadInput(
            N_("%(first)s到%(last)s已经登记过，请先取消或换日子"),
            field="first_on",
            first=taken.first_on.isoformat(),
            last=taken.last_on.isoformat(),
        )
    away = sa.select(LeaveCover.id).where(LeaveCover.user_id == new.deputy_id, meets)
    if db.session.scalar(away.limit(1)) is not None:
        raise BadInput(N_("这位同事在这些日子里也不在，请选另一位"), field="deputy_id")


# --- reading ------------------------------------------------------------------------------


def _within_reach(actor: Actor) -> sa.Select[tuple[User]]:
    sites = actor.site_ids(Action.MANAGE_USERS) | actor.site_ids(Action.ASSIGN_CASE)
    mine = (User.id == actor.user_id) | User.org_unit_id.in_(sorted(sites))
    return sa.select(User).where(User.disabled_at.is_(None), mine)


def _person(actor: Actor, user_id: int) -> User:
    # held until the transaction ends, so that two entries of one person see one another
    query = _within_reach(actor).where(User.id == user_id).with_for_update()
    person = db.session.scalar(query)
    if person is None:
        raise NotFound(N_("没有这个账号"))
    return person


def _sites_of(person: User) -> frozenset[int]:
    """The sites at which a person has a role, and all below them."""
    grants = access.actor_for(person).grants
    return frozenset[int]().union(*(grant.site_ids for grant in grants))


def _sees_at(user: User) -> frozenset[int]:
    """The sites of which a person sees every case."""
    return access.actor_for(user).site_ids(Action.VIEW_CASE)


def _record(actor: Actor, action: str, person: User, row: LeaveCover) -> None:
    detail = {"deputy": row.deputy_id, "first_on": row.first_on.isoformat()}
    detail["last_on"] = row.last_on.isoformat()
    path = org.get_unit(person.org_unit_id).path or ""
    audit.record(actor, action, "user", person.id, path, **detail)
    db.session.flush()
