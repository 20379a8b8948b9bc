"""The office and its tree of sites: set up once, kept in order later (features L6, S1)."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response
from wtforms.validators import Regexp, ValidationError

from worker_legal.domain import org
from worker_legal.domain.permissions import Action
from worker_legal.infra import clock
from worker_legal.infra.db import transaction
from worker_legal.law.enums import OrgKind, Stage
from worker_legal.web import forms
from worker_legal.web.fields import EnumChecks, EnumSelect, RowSelect, TextField
from worker_legal.web.security import current_actor, requires

bp = Blueprint("office", __name__, url_prefix="/admin/office")


def is_own_address(form: Any, field: Any) -> None:
    """A validator: where the office's own pages can be reached: scheme and host, no path."""
    if not field.data:
        return
    parts = urlsplit(field.data)
    plain = not (parts.query or parts.fragment or parts.username or parts.path.strip("/"))
    if parts.scheme not in {"http", "https"} or not parts.hostname or not plain:
        raise ValidationError(gettext("请写成 https:// 加域名，后面不带路径"))


class OfficeForm(forms.BaseForm):
    """What stands on the office's papers, and where workers find its status page."""

    name = TextField(lazy_gettext("单位名称"), length=80, needs=True)
    prefix = TextField(
        lazy_gettext("案号前缀"),
        length=20,
        needs=True,
        validators=[Regexp(r"[^\s〔〕\[\]()（）]+\Z", message=lazy_gettext("不要空格和括号"))],
    )
    letterhead = TextField(lazy_gettext("文书抬头"), length=120)
    phone = TextField(lazy_gettext("电话"), length=40)
    address = TextField(lazy_gettext("地址"), length=200)
    hours = TextField(lazy_gettext("上班时间"), length=120)
    public_url = TextField(lazy_gettext("职工查询网址"), length=200, validators=[is_own_address])


class SiteForm(forms.BaseForm):
    """A site: what it is called, where it is, what it offers."""

    name = TextField(lazy_gettext("名称"), length=80, needs=True)
    code = TextField(
        lazy_gettext("代码"),
        length=20,
        needs=True,
        validators=[Regexp(r"[A-Za-z0-9_-]+\Z", message=lazy_gettext("用字母、数字或横线"))],
    )
    address = TextField(lazy_gettext("地址"), length=200)
    phone = TextField(lazy_gettext("电话"), length=40)
    hours = TextField(lazy_gettext("上班时间"), length=120)
    services = EnumChecks(lazy_gettext("办理的业务"), Stage)

    def to_input(self) -> org.UnitDetails:
        """What the domain takes."""
        where = self.address.data, self.phone.data, self.hours.data
        services: Any = self.services.data
        return org.UnitDetails(self.name.data, self.code.data, *where, services)


class NewSiteForm(SiteForm):
    """A new site with its level and the site above it."""

    kind = EnumSelect(lazy_gettext("级别"), OrgKind)
    parent_id = RowSelect(lazy_gettext("上级站点"))


class MoveForm(forms.BaseForm):
    """The site above."""

    parent_id = RowSelect(lazy_gettext("移到哪个站点下面"))


@bp.get("")
@requires(Action.MANAGE_OFFICE)
def overview() -> Response | tuple[str, int]:
    """The office's particulars and its sites."""
    office = org.find_office()
    if office is None:
        return redirect(url_for("office.edit"))
    return forms.page(
        "admin/office/overview.html", forms.BaseForm(), particulars=office, tree=org.tree()
    )


@bp.route("/edit", methods=["GET", "POST"])
@requires(Action.MANAGE_OFFICE)
def edit() -> Response | tuple[str, int]:
    """Set the office up, or change its particulars."""
    office = org.find_office()
    start = {} if office is None else {"version": office.version}
    form = OfficeForm(obj=office, **start)
    if forms.submit(form, lambda: _save_office(form)):
        flash(gettext("单位设置已保存"))
        return redirect(url_for("office.overview"))
    return forms.page("admin/office/edit.html", form, is_first=office is None)


def _save_office(form: OfficeForm) -> None:
    org.set_up_office(
        current_actor(),
        form.name.data,
        form.prefix.data,
        letterhead=form.letterhead.data,
        phone=form.phone.data,
        address=form.address.data,
        hours=form.hours.data,
        public_url=form.public_url.data,
        version=form.row_version,
    )


@bp.route("/sites/new", methods=["GET", "POST"])
@requires(Action.MANAGE_OFFICE)
def add_site() -> Response | tuple[str, int]:
    """Add a site below another one; the first is the centre."""
    tree = org.tree()
    form = NewSiteForm(parent_id=request.args.get("under", type=int))
    form.parent_id.offer(_open_sites(tree), None if tree else gettext("没有上级（中心）"))
    if request.method == "GET":
        above = next((site for site in tree if site.id == form.parent_id.data), None)
        form.kind.data = _next_kind(above)
        form.services.data = above.stages if above else tuple(Stage)
    if forms.submit(form, lambda: _add_site(form)):
        flash(gettext("站点已添加"))
        return redirect(url_for("office.overview"))
    return forms.page("admin/office/add_site.html", form)


def _add_site(form: NewSiteForm) -> None:
    new = form.to_input()
    parent = org.get_unit(form.parent_id.data) if form.parent_id.data else None
    where = new.address, new.phone, new.hours
    org.add_unit(current_actor(), form.kind.data, new.name, new.code, parent, new.services, *where)


@bp.route("/sites/<int:site_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_OFFICE)
def site(site_id: int) -> Response | tuple[str, int]:
    """One site: change its particulars; moving and retiring stand beside."""
    unit = org.get_unit(site_id)
    form = SiteForm(obj=unit, services=unit.stages, version=unit.version)
    if forms.submit(form, lambda: _save_site(site_id, form)):
        flash(gettext("站点已保存"))
        return redirect(url_for("office.overview"))
    unit = org.get_unit(site_id)
    return forms.page("admin/office/site.html", form, unit=unit)


def _save_site(site_id: int, form: SiteForm) -> None:
    org.edit_unit(current_actor(), org.get_unit(site_id), form.to_input(), form.row_version)


@bp.route("/sites/<int:site_id>/move", methods=["GET", "POST"])
@requires(Action.MANAGE_OFFICE)
def move_site(site_id: int) -> Response | tuple[str, int]:
    """Hang a site with everything below it under another one."""
    unit = org.get_unit(site_id)
    form = MoveForm(parent_id=unit.parent_id)
    form.parent_id.offer(
        _open_sites([s for s in org.tree() if not (s.path or "").startswith(unit.path or "-")])
    )
    if forms.submit(form, lambda: _move(site_id, form)):
        flash(gettext("站点已移动"))
        return redirect(url_for("office.overview"))
    return forms.page("admin/office/move_site.html", form, unit=org.get_unit(site_id))


def _move(site_id: int, form: MoveForm) -> None:
    org.move_unit(current_actor(), org.get_unit(site_id), org.get_unit(form.parent_id.data))


@bp.post("/sites/<int:site_id>/retire")
@requires(Action.MANAGE_OFFICE)
def retire_site(site_id: int) -> Response:
    """Close a site for new cases."""
    with transaction():
        org.retire_unit(current_actor(), org.get_unit(site_id), clock.today())
    flash(gettext("站点已停用，历史案件不受影响"))
    return redirect(url_for("office.overview"))


@bp.post("/sites/<int:site_id>/reopen")
@requires(Action.MANAGE_OFFICE)
def reopen_site(site_id: int) -> Response:
    """Take a site into use again."""
    with transaction():
        org.reopen_unit(current_actor(), org.get_unit(site_id))
    flash(gettext("站点已启用"))
    return redirect(url_for("office.overview"))


def _open_sites(sites: list[org.OrgUnit]) -> list[tuple[int, str]]:
    return [(site.id, site.name) for site in sites if site.retired_on is None]


def _next_kind(above: org.OrgUnit | None) -> OrgKind:
    kinds = list(OrgKind)
    if above is None:
        return OrgKind.CENTRE if org.find_centre() is None else OrgKind.STATION
    return kinds[min(kinds.index(above.kind) + 1, len(kinds) - 1)]
