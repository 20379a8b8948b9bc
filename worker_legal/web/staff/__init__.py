"""The face for staff: one module per concept, each with its views and forms."""

from flask import Flask

from worker_legal.web import frame
from worker_legal.web.staff import (
    account,
    calculators,
    cases,
    delivery,
    employers,
    exports,
    home,
    imports,
    intake,
    leave,
    lists,
    my_routes,
    paper,
    parties,
    proceedings,
    receipts,
    reminders,
    rules,
    statistics,
    statistics_locks,
    statistics_official,
    statistics_patterns,
    statistics_quality,
    statistics_wording,
)

MODULES = (
    account,
    reminders,
    my_routes,
    leave,
    delivery,
    receipts,
    rules,
    cases,
    intake,
    lists,
    parties,
    employers,
    exports,
    statistics,
    statistics_locks,
    statistics_official,
    statistics_patterns,
    statistics_quality,
    statistics_wording,
    home,
    paper,
    proceedings,
    calculators,
    imports,
)


def register(app: Flask) -> None:
    """Attach the pages of staff and the frame around them."""
    frame.register(app)
    for blueprint in dict.fromkeys(module.bp for module in MODULES):
        app.register_blueprint(blueprint)
