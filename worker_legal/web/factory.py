"""Wiring of the application: infrastructure first, then the faces of `settings.interfaces`."""

from datetime import datetime
from importlib import import_module
from pathlib import Path

from flask import Flask, g
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from worker_legal.config import Settings
from worker_legal.infra import clock, crypto, outward
from worker_legal.infra.db import db, driver_options, migrations_folder, prepare_engine
from worker_legal.web import filters, health, language, refusals, security

FACES = {
    "staff": "worker_legal.web.staff",
    "admin": "worker_legal.web.admin",
    "portal": "worker_legal.web.portal",
}
LARGEST_BODY = 32 * 1024 * 1024


def build(settings: Settings) -> Flask:
    """The application for these settings."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "templates"
    app = Flask(
        "worker_legal",
        template_folder=str(inside if inside.exists() else package.parent / "templates"),
        static_folder=str(package / "static"),
        instance_path=str(settings.instance_dir),
    )
    _configure(app, settings)
    _attach_infrastructure(app, settings)
    security.init_app(app)
    refusals.init_app(app)
    filters.register(app)
    for face in settings.interfaces:
        import_module(FACES[face]).register(app)
    health.register(app)
    security.refuse_unmarked_routes(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=driver_options(settings.database_url),
        SESSION_COOKIE_NAME="__Host-wl" if settings.secure_cookies else "wl",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=20_000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        BOOTSTRAP_SERVE_LOCAL=True,
        BABEL_DEFAULT_LOCALE="zh",
        BABEL_TRANSLATION_DIRECTORIES=str(Path(__file__).resolve().parent.parent / "translations"),
        TESTING=settings.testing,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.fixed_now and (settings.testing or settings.demo):
        clock.start_at(datetime.fromisoformat(settings.fixed_now))


def _attach_infrastructure(app: Flask, settings: Settings) -> None:
    crypto.init(settings.field_keys, settings.index_key, settings.portal_key)
    outward.init(settings.inner_hosts)
    if settings.watcher_url:
        outward.check_url(settings.watcher_url)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    Migrate(app, db, directory=str(migrations_folder()), render_as_batch=True)
    CSRFProtect(app)
    Bootstrap5(app)
    Babel(app, locale_selector=language.choose)
    app.teardown_request(lambda _error: g.pop("actor", None) and None)
