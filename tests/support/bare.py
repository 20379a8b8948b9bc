"""Templates and filters without database, faces or sessions."""

from flask import Flask
from flask_babel import Babel
from flask_bootstrap import Bootstrap5

from tests.support.source import ROOT, TEMPLATES
from worker_legal.web import filters


def bare_app() -> Flask:
    """An application that can only draw the shared parts of pages."""
    app = Flask(
        "worker_legal",
        root_path=str(ROOT / "worker_legal"),
        template_folder=str(TEMPLATES),
        static_folder=str(ROOT / "worker_legal" / "static"),
    )
    app.config.update(BOOTSTRAP_SERVE_LOCAL=True, BABEL_DEFAULT_LOCALE="zh")
    Bootstrap5(app)
    Babel(app)
    filters.register(app)
    return app
