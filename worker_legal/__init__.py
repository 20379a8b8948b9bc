"""Worker Legal: the case system of a workers' legal-service centre."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from worker_legal.config import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """Build the application: settings, then infrastructure, then the faces it is to show."""
    from worker_legal.config import Settings
    from worker_legal.jobs.runner import Timetable
    from worker_legal.web.factory import build

    app = build(settings or Settings.from_environment())
    app.extensions["timetable"] = Timetable(app)
    return app
