"""The face for workers; it knows of the domain only the portal."""

from flask import Flask

from worker_legal.web.portal import views


def register(app: Flask) -> None:
    """Attach the worker's pages."""
    app.register_blueprint(views.bp)
