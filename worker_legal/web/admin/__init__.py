"""The face for administrators: people, office, holidays, oversight."""

from flask import Flask

from worker_legal.web.admin import (
    diligence,
    holidays,
    office,
    oversight,
    parameters,
    people,
    reminder_steps,
    routes,
    timetable,
)

MODULES = (
    diligence,
    people,
    office,
    routes,
    holidays,
    oversight,
    timetable,
    parameters,
    reminder_steps,
)


def register(app: Flask) -> None:
    """Attach the pages of the administrators."""
    for module in MODULES:
        app.register_blueprint(module.bp)
