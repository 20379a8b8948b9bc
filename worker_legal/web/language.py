"""Which language a page speaks: the visitor's choice, Chinese otherwise."""

from flask import has_request_context, request, session

LANGUAGES = ("zh", "en")


def choose() -> str:
    """The language chosen in this browser, else Chinese."""
    if not has_request_context():
        return "zh"
    chosen = session.get("lang") or request.cookies.get("wl_lang")
    return chosen if chosen in LANGUAGES else "zh"
