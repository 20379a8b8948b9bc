"""Accounts of the staff: made, moved, shut and opened; passwords are set by one-use links only."""

from typing import Any

from flask import Blueprint, flash, redirect, session, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms.validators import Regexp

from worker_legal.domain import access, org, reminders
from worker_legal.domain.permissions import Action, Role
from worker_legal.infra import crypto
from worker_legal.infra.db import transaction
from worker_legal.web import forms
from worker_legal.web.fields import EnumChecks, EnumSelect, SiteField, TextField
from worker_legal.web.security import current_actor, requires

bp = Blueprint("people", __name__, url_prefix="/admin/people")


class PersonForm(forms.BaseForm):
    """A person: names, site, and the roles held there."""

    display_name = TextField(lazy_gettext("姓名"), length=60, needs=True)
    username = TextField(
        lazy_gettext("用户名"),
        length=60,
        needs=True,
        validators=[
            Regexp(
                r"[A-Za-z0-9._-]{2,60}\Z", message=lazy_gettext("用2个以上的字母、数字、点或横线")
            )
        ],
    )
    site_id = SiteField(lazy_gettext("所在站点"))
    roles = EnumChecks(lazy_gettext("在这个站点的角色"), Role)

    def to_input(self) -> access.NewUser:
        """What the domain takes."""
        roles: Any = self.roles.data
        return access.NewUser(self.username.data, self.display_name.data, self.site_id.data, roles)


class GrantForm(forms.BaseForm):
    """A role at a further site."""

    role = EnumSelect(lazy_gettext("角色"), Role)
    site_id = SiteField(lazy_gettext("站点"))


@bp.get("")
@requires(Action.MANAGE_USERS)
def listing() -> tuple[str, int]:
    """Everybody who works here, and everybody known from an old ledger."""
    sites = _site_names()
    staff = access.people(current_actor())
    able = [user for user in staff if not _is_name_only(user)]
    return forms.page(
        "admin/people/listing.html",
        forms.BaseForm(),
        people=able,
        names=[user for user in staff if _is_name_only(user)],
        sites=sites,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_USERS)
def new() -> Response | tuple[str, int]:
    """Make an account; its one-use link is shown next."""
    actor, form = current_actor(), PersonForm()
    form.site_id.limit(actor, Action.MANAGE_USERS)

    def create() -> access.User:
        user = access.add_user(actor, form.to_input())
        _keep_link(user, access.make_link(actor, user))
        return user

    user = forms.submit(form, create)
    if user:
        return redirect(url_for("people.link", user_id=user.id))
    return forms.page("admin/people/new.html", form)


@bp.route("/<int:user_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_USERS)
def detail(user_id: int) -> Response | tuple[str, int]:
    """One account: change names, site and roles; the other steps stand beside."""
    actor = current_actor()
    user = access.get_person(actor, user_id)
    held = [grant.role for grant in user.grants if grant.org_unit_id == user.org_unit_id]
    form = PersonForm(obj=user, site_id=user.org_unit_id, roles=held, version=user.version)
    form.site_id.limit(actor, Action.MANAGE_USERS)
    if forms.submit(form, lambda: _change(user_id, form)):
        flash(gettext("账号已保存，下一次点击就按新角色"))
        return redirect(url_for("people.detail", user_id=user_id))
    return _detail(user_id, form)


def _change(user_id: int, form: PersonForm) -> None:
    actor = current_actor()
    user = access.get_person(actor, user_id)
    access.change_user(actor, user, form.to_input(), form.row_version)


def _detail(user_id: int, form: PersonForm) -> tuple[str, int]:
    user = access.get_person(current_actor(), user_id)
    return forms.page(
        "admin/people/detail.html",
        form,
        user=user,
        further=_roles_elsewhere(user),
        sites=_site_names(),
        is_me=user.id == current_user.user.id,
        has_factor=access.has_second_factor(user),
        ways=reminders.routes_of(user.id),
    )


@bp.route("/<int:user_id>/grant", methods=["GET", "POST"])
@requires(Action.MANAGE_USERS)
def grant(user_id: int) -> Response | tuple[str, int]:
    """Give a role at a further site."""
    actor, form = current_actor(), GrantForm()
    form.site_id.limit(actor, Action.MANAGE_USERS)

    def give() -> None:
        person = access.get_person(actor, user_id)
        access.grant_role(actor, person, form.role.data, form.site_id.data)

    if forms.submit(form, give):
        flash(gettext("角色已加上"))
        return redirect(url_for("people.detail", user_id=user_id))
    user = access.get_person(actor, user_id)
    return forms.page("admin/people/grant.html", form, user=user)


@bp.post("/<int:user_id>/sites/<int:site_id>/revoke")
@requires(Action.MANAGE_USERS)
def revoke(user_id: int, site_id: int) -> Response:
    """Take the roles at a further site away."""
    actor = current_actor()
    with transaction():
        access.revoke_roles(actor, access.get_person(actor, user_id), site_id)
    flash(gettext("那个站点的角色已取消"))
    return redirect(url_for("people.detail", user_id=user_id))


@bp.route("/<int:user_id>/link", methods=["GET", "POST"])
@requires(Action.MANAGE_USERS)
def link(user_id: int) -> Response | tuple[str, int]:
    """Make a one-use link, and show it this one time."""
    actor, form = current_actor(), forms.BaseForm()

    def make() -> access.User:
        user = access.get_person(actor, user_id)
        _keep_link(user, access.make_link(actor, user))
        return user

    if forms.submit(form, make):
        return redirect(url_for("people.link", user_id=user_id))
    user = access.get_person(actor, user_id)
    return forms.page("admin/people/link.html", form, user=user, address=_take_link(user))


def _keep_link(user: access.User, token: str) -> None:
    """Carry the link to the page that shows it, sealed, in the administrator's own session."""
    session["link"] = crypto.seal(token, f"link:{user.uid}")
    session["link_of"] = user.id


def _take_link(user: access.User) -> str:
    sealed, owner = session.pop("link", None), session.pop("link_of", None)
    if sealed is None or owner != user.id:
        return ""
    token = crypto.unseal(sealed, f"link:{user.uid}")
    return f"{url_for('account.welcome', _external=True)}#{token}"


@bp.post("/<int:user_id>/second-factor/reset")
@requires(Action.MANAGE_USERS)
def reset_second_factor(user_id: int) -> Response:
    """Forget a lost phone."""
    actor = current_actor()
    with transaction():
        access.reset_totp(actor, access.get_person(actor, user_id))
    flash(gettext("动态码已重置，本人下次登录时重新设置"))
    return redirect(url_for("people.detail", user_id=user_id))


@bp.post("/<int:user_id>/disable")
@requires(Action.MANAGE_USERS)
def disable(user_id: int) -> Response:
    """Shut an account at once."""
    actor = current_actor()
    with transaction():
        access.disable_user(actor, access.get_person(actor, user_id))
    flash(gettext("账号已停用，所有登录已退出"))
    return redirect(url_for("people.detail", user_id=user_id))


@bp.post("/<int:user_id>/enable")
@requires(Action.MANAGE_USERS)
def enable(user_id: int) -> Response:
    """Open an account again."""
    actor = current_actor()
    with transaction():
        access.enable_user(actor, access.get_person(actor, user_id))
    flash(gettext("账号已启用"))
    return redirect(url_for("people.detail", user_id=user_id))


def _roles_elsewhere(user: access.User) -> dict[int, list[Role]]:
    further: dict[int, list[Role]] = {}
    for grant in user.grants:
        if grant.org_unit_id != user.org_unit_id:
            further.setdefault(grant.org_unit_id, []).append(grant.role)
    return further


def _site_names() -> dict[int, str]:
    return {site.id: site.name for site in org.tree()}


def _is_name_only(user: Any) -> bool:
    return user.password_hash is None and not user.grants
