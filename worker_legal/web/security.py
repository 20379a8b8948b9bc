"""Who is asking, and may they: declared permissions, server-side sessions, safe headers."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from worker_legal.config import Settings
from worker_legal.domain import access
from worker_legal.domain.permissions import Action, Actor
from worker_legal.infra import clock
from worker_legal.infra.db import db, transaction

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
POLICY = "wl_policy"
FRAMEWORK_ENDPOINTS = frozenset({"static", "bootstrap.static"})
BEFORE_SECOND_FACTOR = frozenset({"account.second_factor", "account.enrol", "account.sign_out"})
SEEN_EVERY = 60

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class SignedIn(UserMixin):
    """Flask-Login's view of a session: its id is the session token, never the user's id."""

    def __init__(self, token: str, user: access.User, second_factor: bool):
        self.token = token
        self.user = user
        self.second_factor = second_factor

    def get_id(self) -> str:
        """The token that the signed cookie carries."""
        return self.token


def requires(action: Action) -> Callable[[View], View]:
    """Declare what a view needs; without a session the visitor is asked to sign in."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return redirect(url_for("account.sign_in", next=_here()))
            if lacks_second_factor() and request.endpoint not in BEFORE_SECOND_FACTOR:
                return redirect(url_for("account.second_factor", next=_here()))
            current_actor().require(action)
            return view(*args, **kwargs)

        setattr(guarded, POLICY, action.value)
        return guarded  # type: ignore[return-value]

    return mark


def public(view: View) -> View:
    """Declare that a view is open to everybody."""
    setattr(view, POLICY, PUBLIC)
    return view


def policy_of(app: Flask, endpoint: str) -> str | None:
    """The declared permission of an endpoint."""
    return getattr(app.view_functions.get(endpoint), POLICY, None)


def refuse_unmarked_routes(app: Flask) -> None:
    """An application with a route that declares nothing does not start (threats B1)."""
    for rule in app.url_map.iter_rules():
        known = rule.endpoint in FRAMEWORK_ENDPOINTS or policy_of(app, rule.endpoint)
        if not known:
            raise RuntimeError(f"no permission declared for {rule.endpoint}")


def current_actor() -> Actor:
    """The person who is signed in, with rights as they are at this request."""
    if "actor" not in g:
        if not current_user.is_authenticated:
            abort(403)
        g.actor = access.actor_for(current_user.user, ip=request.remote_addr or "")
    actor: Actor = g.actor
    return actor


def start_session(user: access.User, second_factor: bool) -> None:
    """Sign a person in with a new token; what the browser held before ends (threats A7)."""
    if current_user.is_authenticated:
        access.end_session(current_user.token)
    language = session.get("lang") or request.cookies.get("wl_lang") or user.language
    session.clear()
    g.pop("actor", None)
    session["lang"] = language
    login_user(SignedIn(access.open_session(user, second_factor), user, second_factor))


def finish_session() -> None:
    """Sign out for good: the row goes, so a copied cookie is worth nothing."""
    if current_user.is_authenticated:
        access.end_session(current_user.token)
    language = session.get("lang")
    logout_user()
    session.clear()
    g.pop("actor", None)
    if language:
        session["lang"] = language


def lacks_second_factor() -> bool:
    """Whether this session still owes its second factor (threats A12); demo mode demands none."""
    user = current_user.user
    if current_user.second_factor:
        return False
    if access.has_second_factor(user):
        return True
    return not settings().demo and access.needs_second_factor(user)


def safe_next(target: str | None, fallback: str) -> str:
    """A path of this site to go on to, or the fallback (threats A18)."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return fallback
    if any(ord(char) < 32 for char in target) or "\\" in target:
        return fallback
    parts = urlsplit(target)
    return fallback if parts.scheme or parts.netloc else target


def init_app(app: Flask) -> None:
    """Attach sessions and headers."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(_load)
    app.before_request(_deny_unmarked)
    app.after_request(_add_headers)


def settings() -> Settings:
    """The settings of the running application."""
    chosen: Settings = current_app.extensions["settings"]
    return chosen


def _here() -> str:
    """Where to go on after signing in: this page, or the page whose form was sent."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    has_page = current_app.url_map.bind("").test(request.path, "GET")
    return request.path if has_page else url_for("account.home")


def _load(token: str) -> SignedIn | None:
    row = access.find_session(token)
    if row is None:
        return None
    user_id, second_factor = row.user_id, row.second_factor
    if (clock.now() - row.seen_at).total_seconds() > SEEN_EVERY:
        with transaction():
            digest = row.token_hash
            seen = sa.update(access.WebSession).where(access.WebSession.token_hash == digest)
            db.session.execute(seen.values(seen_at=clock.now()))
    return SignedIn(token, access.get_user(user_id), second_factor)


def _deny_unmarked() -> None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in FRAMEWORK_ENDPOINTS:
        return
    if request.blueprint != "portal":
        current_user.is_authenticated  # noqa: B018 - loads the session before any transaction
    if policy_of(current_app, endpoint) is None:
        abort(403)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint not in FRAMEWORK_ENDPOINTS:
        response.headers["Cache-Control"] = "no-store"
        response.headers.add("Vary", "Cookie")
    if settings().secure_cookies:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
