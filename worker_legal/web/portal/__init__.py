"""The face for workers; it knows of the domain only the portal."""

from flask import Flask

from worker_legal.web.portal import calculators, views

MODULES = (views, calculators)


def register(app: Flask) -> None:
    """Attach the worker's pages."""
    for blueprint in dict.fromkeys(module.bp for module in MODULES):
        app.register_blueprint(blueprint)
