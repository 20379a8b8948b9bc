"""Whether the program can be relied on, for machines that watch it: no names, no figures."""

from flask import Blueprint, Flask
from sqlalchemy.exc import SQLAlchemyError

from worker_legal.domain import reminders
from worker_legal.web.security import public

bp = Blueprint("health", __name__)


def register(app: Flask) -> None:
    """Attach the address that watchers ask."""
    app.register_blueprint(bp)


@bp.get("/health")
@public
def health() -> tuple[dict[str, str], int]:
    """200 while the timetable is alive and nothing stops it, else 503 with the reason."""
    reason = _reason()
    return {"status": "ok" if not reason else "red", "reason": reason}, 503 if reason else 200


def _reason() -> str:
    try:
        now = reminders.health()
    except SQLAlchemyError:
        return "database"
    if now.is_silent:
        return "silent"
    return now.trouble or ("parked" if now.parked else "")
