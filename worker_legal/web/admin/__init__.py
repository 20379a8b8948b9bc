"""The face for administrators: people, office, holidays, oversight."""

from flask import Flask

from worker_legal.web.admin import holidays, office, oversight, parameters, people

MODULES = (people, office, holidays, oversight, parameters)


def register(app: Flask) -> None:
    """Attach the pages of the administrators."""
    for module in MODULES:
        app.register_blueprint(module.bp)
