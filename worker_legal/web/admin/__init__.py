"""The face for administrators: people, office, holidays, oversight."""

from flask import Flask


def register(app: Flask) -> None:
    """Attach the pages of the administrators."""
