"""People and their roles: made, moved, shut and opened again by the administrator."""

import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from worker_legal.domain import audit, org
from worker_legal.domain.access.models import RoleGrant, User
from worker_legal.domain.access.sessions import end_all_sessions
from worker_legal.domain.permissions import Action, Actor, Grant, Role
from worker_legal.errors import BadInput, NotAllowed, NotFound
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import db, expect_version
from worker_legal.law.enums import OrgKind, Stage

CASE_ROLES = (Role.INTAKE, Role.MEDIATOR, Role.LAWYER, Role.INSPECTOR, Role.DIRECTOR)


@dataclass(frozen=True)
class NewUser:
    """What the administrator enters for an account; the roles hold at the person's own site."""

    username: str
    display_name: str
    site_id: int
    roles: tuple[Role, ...]


def add_user(actor: Actor, new: NewUser) -> User:
    """Make an account that cannot sign in until its one-use link has been used.

    Raises BadInput when the name is taken, NotAllowed for a site the actor does not manage.
    """
    site = org.get_unit(new.site_id)
    actor.require(Action.MANAGE_USERS, site.id)
    user = User(
        username=_free_name(new.username), display_name=new.display_name, org_unit_id=site.id
    )
    db.session.add(user)
    db.session.flush()
    _grant_at(user, new.roles, site.id)
    _record(actor, "create_user", user, roles=[role.value for role in new.roles])
    return user


def add_nameless_account(display_name: str, site_id: int) -> User:
    """An account for a handler known from an old ledger; it has no role and cannot sign in."""
    user = User(
        username=f"ledger-{secrets.token_hex(6)}", display_name=display_name, org_unit_id=site_id
    )
    db.session.add(user)
    db.session.flush()
    return user


def make_first_administrator(username: str, display_name: str, centre_name: str) -> User:
    """The account that sets everything up, at the centre, which is made when there is none."""
    system = Actor.system("create-admin")
    if org.find_centre() is None:
        org.add_unit(system, OrgKind.CENTRE, centre_name, "C1", None, tuple(Stage))
    new = NewUser(username, display_name, org.centre().id, (Role.ADMINISTRATOR,))
    return add_user(system, new)


def has_administrator() -> bool:
    """Whether somebody who can still sign in manages the accounts."""
    query = sa.select(User.id).join(RoleGrant, RoleGrant.user_id == User.id)
    query = query.where(RoleGrant.role == Role.ADMINISTRATOR, User.disabled_at.is_(None))
    return db.session.scalar(query.limit(1)) is not None


def change_user(actor: Actor, user: User, new: NewUser, version: int) -> None:
    """Move a person to another site or give other roles there; felt at the next request.

    Roles at further sites stay. Raises NotAllowed for one's own account, StaleEdit when somebody
    else has changed the account since `version`.
    """
    _require_over(actor, user, N_("不能修改自己的角色，请另一位管理员办理"))
    expect_version(user, version)
    site = org.get_unit(new.site_id)
    actor.require(Action.MANAGE_USERS, site.id)
    if new.username.strip().lower() != user.username:
        user.username = _free_name(new.username)
    old = user.org_unit_id
    user.display_name, user.org_unit_id = new.display_name, site.id
    _take_at(user, old)
    _take_at(user, site.id)
    _grant_at(user, new.roles, site.id)
    _record(actor, "change_user", user, roles=[role.value for role in new.roles])


def grant_role(actor: Actor, user: User, role: Role, site_id: int) -> None:
    """Give a person a role at a further site; giving it twice changes nothing."""
    _require_over(actor, user, N_("不能修改自己的角色，请另一位管理员办理"))
    actor.require(Action.MANAGE_USERS, org.get_unit(site_id).id)
    if db.session.get(RoleGrant, (user.id, role, site_id)) is None:
        db.session.add(RoleGrant(user_id=user.id, role=role, org_unit_id=site_id))
        db.session.flush()
    _record(actor, "grant_role", user, role=role.value, site=site_id)


def revoke_roles(actor: Actor, user: User, site_id: int) -> None:
    """Take every role at a site from a person."""
    _require_over(actor, user, N_("不能修改自己的角色，请另一位管理员办理"))
    actor.require(Action.MANAGE_USERS, site_id)
    _take_at(user, site_id)
    _record(actor, "revoke_roles", user, site=site_id)


def disable_user(actor: Actor, user: User) -> None:
    """Shut an account at once; history keeps the name."""
    _require_over(actor, user, N_("不能停用自己的账号"))
    user.disabled_at = clock.now()
    end_all_sessions(user)
    _record(actor, "disable_user", user)


def enable_user(actor: Actor, user: User) -> None:
    """Open a shut account again."""
    _require_over(actor, user, N_("不能启用自己的账号"))
    user.disabled_at = None
    _record(actor, "enable_user", user)


def get_user(user_id: int) -> User:
    """One account.

    Raises NotFound.
    """
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound(N_("没有这个账号"))
    return user


def get_person(actor: Actor, user_id: int) -> User:
    """One account with its roles, among those the actor manages.

    Raises NotFound, also for people of other sites.
    """
    query = _managed_by(actor).where(User.id == user_id)
    user = db.session.scalar(query.execution_options(populate_existing=True))
    if user is None:
        raise NotFound(N_("没有这个账号"))
    return user


def people(actor: Actor) -> list[User]:
    """The accounts the actor manages, with their roles, by site and name."""
    return list(db.session.scalars(_managed_by(actor).order_by(User.org_unit_id, User.username)))


def users() -> list[User]:
    """All accounts with their roles, by site and name."""
    query = sa.select(User).options(sa.orm.selectinload(User.grants))
    return list(db.session.scalars(query.order_by(User.org_unit_id, User.username)))


def handlers(site_ids: frozenset[int]) -> list[User]:
    """People who can be given a case at these sites or above them."""
    granted = sa.select(RoleGrant.user_id).where(RoleGrant.role.in_(CASE_ROLES))
    query = sa.select(User).where(User.disabled_at.is_(None), User.id.in_(granted))
    people = db.session.scalars(query.options(sa.orm.selectinload(User.grants)))
    return [
        user
        for user in people
        if actor_for(user).site_ids(Action.RECORD_EVENT) & site_ids
        or actor_for(user).own_case_sites(Action.RECORD_EVENT) & site_ids
    ]


def actor_for(user: User, ip: str = "") -> Actor:
    """The actor a signed-in person is, with the sites of each role resolved."""
    grants = tuple(
        Grant(grant.role, grant.org_unit_id, org.sites_below(grant.org_unit_id))
        for grant in grants_of(user)
    )
    return Actor(user_id=user.id, label=user.display_name, grants=grants, ip=ip)


def grants_of(user: User) -> list[RoleGrant]:
    """The roles of a person at each site."""
    query = sa.select(RoleGrant).where(RoleGrant.user_id == user.id)
    return list(db.session.scalars(query.order_by(RoleGrant.role, RoleGrant.org_unit_id)))


def choose_language(user: User, language: str) -> None:
    """Keep the language a person reads; messages to that person are written in it."""
    query = sa.update(User).where(User.id == user.id).values(language=language)
    db.session.execute(query.execution_options(synchronize_session=False))


def _managed_by(actor: Actor) -> sa.Select[tuple[User]]:
    query = sa.select(User).options(sa.orm.selectinload(User.grants))
    if actor.is_system:
        return query
    return query.where(User.org_unit_id.in_(actor.site_ids(Action.MANAGE_USERS)))


def _require_over(actor: Actor, user: User, own: str) -> None:
    actor.require(Action.MANAGE_USERS, user.org_unit_id)
    if user.id == actor.user_id:
        raise NotAllowed(own)


def _free_name(username: str) -> str:
    name = username.strip().lower()
    if db.session.scalar(sa.select(User.id).where(User.username == name)):
        raise BadInput(N_("用户名 %(taken)s 已经有人用了，请换一个"), field="username", taken=name)
    return name


def _grant_at(user: User, roles: tuple[Role, ...], site_id: int) -> None:
    for role in dict.fromkeys(roles):
        db.session.add(RoleGrant(user_id=user.id, role=role, org_unit_id=site_id))
    db.session.flush()


def _take_at(user: User, site_id: int) -> None:
    held = sa.select(RoleGrant).where(
        RoleGrant.user_id == user.id, RoleGrant.org_unit_id == site_id
    )
    for row in db.session.scalars(held):
        db.session.delete(row)
    db.session.flush()


def _record(actor: Actor, action: str, user: User, **detail: object) -> None:
    path = org.get_unit(user.org_unit_id).path or ""
    audit.record(actor, action, "user", user.id, path, **detail)
    db.session.flush()
