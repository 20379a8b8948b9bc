"""The office and its tree of sites: 一中心一站一室一点."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from worker_legal.domain import audit
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import BadInput, NotFound, RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra.db import Base, coded, db, expect_version
from worker_legal.law.enums import OrgKind, Stage


@dataclass(frozen=True)
class UnitDetails:
    """What the administrator can change of a site at any time."""

    name: str
    code: str
    address: str
    phone: str
    hours: str
    services: tuple[Stage, ...]


RANK = {kind: level for level, kind in enumerate(OrgKind)}


class OrgUnit(Base):
    """One service site; `path` is the chain of ids from the centre down, as `/1/4/9/`."""

    __tablename__ = "org_unit"
    __table_args__ = (sa.UniqueConstraint("code"), sa.UniqueConstraint("path"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("org_unit.id"), index=True)
    kind: Mapped[OrgKind] = mapped_column(coded(OrgKind))
    name: Mapped[str] = mapped_column(sa.String(80))
    code: Mapped[str] = mapped_column(sa.String(20))
    path: Mapped[str | None] = mapped_column(sa.String(120), index=True)
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    hours: Mapped[str] = mapped_column(sa.String(120), default="")
    services: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    retired_on: Mapped[date | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The services this site offers."""
        return tuple(stage for stage in Stage if stage.value in self.services)


class Office(Base):
    """The office's own particulars, one row: name, number prefix, address the QR uses."""

    __tablename__ = "office"
    __table_args__ = (sa.CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(sa.String(80))
    letterhead: Mapped[str] = mapped_column(sa.String(120), default="")
    prefix: Mapped[str] = mapped_column(sa.String(20))
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    hours: Mapped[str] = mapped_column(sa.String(120), default="")
    public_url: Mapped[str] = mapped_column(sa.String(200), default="")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape


def find_office() -> Office | None:
    """The office's particulars, or None before it is set up."""
    return db.session.get(Office, 1)


def get_office() -> Office:
    """The office's particulars.

    Raises RuleBroken before the administrator has set the office up.
    """
    office = find_office()
    if office is None:
        raise RuleBroken(N_("本单位还没有设置，请管理员先到“单位设置”填写名称和案号前缀"))
    return office


def set_up_office(
    actor: Actor,
    name: str,
    prefix: str,
    letterhead: str | None = None,
    phone: str | None = None,
    address: str | None = None,
    hours: str | None = None,
    public_url: str | None = None,
    version: int | None = None,
) -> Office:
    """Set the office up or change its particulars (features L6); None leaves one as it is.

    The first time the centre takes the office's name. Raises StaleEdit when somebody else has
    changed the particulars since `version`.
    """
    root = find_centre()
    actor.require(Action.MANAGE_OFFICE, root.id if root else None)
    office = find_office()
    if office is None:
        office = Office(id=1, name=name, prefix=prefix)
        db.session.add(office)
        if root is not None:
            root.name = name
    elif version is not None:
        expect_version(office, version)
    office.name, office.prefix = name, prefix
    given = {"letterhead": letterhead, "phone": phone, "address": address, "hours": hours}
    given["public_url"] = public_url.rstrip("/") if public_url else public_url
    for key, value in given.items():
        if value is not None:
            setattr(office, key, value)
    db.session.flush()
    audit.record(actor, "set_up_office", "office", 1, (root.path or "") if root else "")
    return office


def add_unit(
    actor: Actor,
    kind: OrgKind,
    name: str,
    code: str,
    parent: OrgUnit | None = None,
    services: tuple[Stage, ...] = (),
    address: str = "",
    phone: str = "",
    hours: str = "",
) -> OrgUnit:
    """Add a site below a higher one; the centre is the only site without a parent.

    Raises RuleBroken when the level does not fit, BadInput when the code is taken.
    """
    actor.require(Action.MANAGE_OFFICE, parent.id if parent else None)
    _check_place(kind, parent)
    if parent is None and find_centre() is not None:
        raise RuleBroken(N_("中心只有一个，其他站点请选上级"), field="parent_id")
    _check_code(code)
    unit = OrgUnit(
        kind=kind,
        name=name,
        code=code,
        parent_id=parent.id if parent else None,
        address=address,
        phone=phone,
        hours=hours,
        services=[stage.value for stage in services],
    )
    db.session.add(unit)
    db.session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    db.session.flush()
    _record(actor, "add_site", unit)
    return unit


def edit_unit(actor: Actor, unit: OrgUnit, details: UnitDetails, version: int) -> None:
    """Change what a site is called, where it is, when it is open and what it offers.

    Raises BadInput when the code is taken, StaleEdit after somebody else's change.
    """
    actor.require(Action.MANAGE_OFFICE, unit.id)
    expect_version(unit, version)
    if details.code != unit.code:
        _check_code(details.code)
    unit.name, unit.code = details.name, details.code
    unit.address, unit.phone, unit.hours = details.address, details.phone, details.hours
    unit.services = [stage.value for stage in details.services]
    db.session.flush()
    _record(actor, "edit_site", unit)


def move_unit(actor: Actor, unit: OrgUnit, parent: OrgUnit) -> None:
    """Hang a site, with everything below it, under another one."""
    actor.require(Action.MANAGE_OFFICE, unit.id)
    actor.require(Action.MANAGE_OFFICE, parent.id)
    if unit.parent_id == parent.id:
        return
    old, above = unit.path or "", parent.path or ""
    if above.startswith(old):
        raise RuleBroken(N_("站点不能移到自己的下级"), field="parent_id")
    _check_place(unit.kind, parent)
    below = db.session.scalars(sa.select(OrgUnit).where(OrgUnit.path.startswith(old))).all()
    unit.parent_id = parent.id
    for site in below:
        site.path = f"{above}{unit.id}/{(site.path or '')[len(old) :]}"
    db.session.flush()
    _record(actor, "move_site", unit, under=parent.id)


def retire_unit(actor: Actor, unit: OrgUnit, on: date) -> None:
    """Close a site for new cases; its history stays.

    Raises RuleBroken for the centre, and while a site below is in use.
    """
    actor.require(Action.MANAGE_OFFICE, unit.id)
    if unit.parent_id is None:
        raise RuleBroken(N_("中心不能停用"))
    open_below = sa.select(OrgUnit.id).where(
        OrgUnit.path.startswith(unit.path or ""), OrgUnit.id != unit.id
    )
    if db.session.scalar(open_below.where(OrgUnit.retired_on.is_(None)).limit(1)):
        raise RuleBroken(N_("请先停用或移走下级站点"))
    unit.retired_on = on
    db.session.flush()
    _record(actor, "retire_site", unit)


def reopen_unit(actor: Actor, unit: OrgUnit) -> None:
    """Take a site into use again.

    Raises RuleBroken while the site above it is not in use.
    """
    actor.require(Action.MANAGE_OFFICE, unit.id)
    if unit.parent_id is not None and get_unit(unit.parent_id).retired_on is not None:
        raise RuleBroken(N_("请先启用上级站点"))
    unit.retired_on = None
    db.session.flush()
    _record(actor, "reopen_site", unit)


def _check_code(code: str) -> None:
    if db.session.scalar(sa.select(OrgUnit.id).where(OrgUnit.code == code)):
        raise BadInput(N_("站点代码 %(taken)s 已经用过，请换一个"), field="code", taken=code)


def _record(actor: Actor, action: str, unit: OrgUnit, **detail: object) -> None:
    audit.record(actor, action, "org_unit", unit.id, unit.path or "", **detail)
    db.session.flush()


def _check_place(kind: OrgKind, parent: OrgUnit | None) -> None:
    if parent is None:
        if kind is not OrgKind.CENTRE:
            raise RuleBroken(N_("站、室、点必须有上级"), field="parent_id")
        return
    if RANK[parent.kind] >= RANK[kind]:
        raise RuleBroken(N_("下级站点的级别要比上级低：中心、站、室、点"), field="parent_id")


def tree() -> list[OrgUnit]:
    """All sites, each after the one above it."""
    return list(db.session.scalars(sa.select(OrgUnit).order_by(OrgUnit.path)))


def sites_below(unit_id: int) -> frozenset[int]:
    """The ids of a site and of every site below it."""
    unit = get_unit(unit_id)
    rows = db.session.scalars(sa.select(OrgUnit.id).where(OrgUnit.path.startswith(unit.path or "")))
    return frozenset(rows)


def get_unit(unit_id: int) -> OrgUnit:
    """One site.

    Raises NotFound.
    """
    unit = db.session.get(OrgUnit, unit_id)
    if unit is None:
        raise NotFound(N_("没有这个站点"))
    return unit


def find_centre() -> OrgUnit | None:
    """The highest site, or None before the tree exists."""
    return db.session.scalar(sa.select(OrgUnit).where(OrgUnit.parent_id.is_(None)))


def centre() -> OrgUnit:
    """The highest site.

    Raises NotFound before the tree exists.
    """
    unit = find_centre()
    if unit is None:
        raise NotFound(N_("站点树还没有建立，请管理员先添加中心"))
    return unit


def paths(actor: Actor, action: Action) -> tuple[str, ...]:
    """The paths of the sites at which the actor may do this, with what lies below them."""
    query = sa.select(OrgUnit.path).where(OrgUnit.id.in_(actor.site_ids(action)))
    return tuple(path for path in db.session.scalars(query) if path)
