"""Texts in a person's own language, for what is written while nobody looks at a page."""

import gettext
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "translations"


def say(language: str, text: str, **params: object) -> str:
    """A marked Chinese text in the language of the reader."""
    said = text if language == "zh" else _catalogue(language).gettext(text)
    return said % params if params else said


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("messages", str(FOLDER), [language], fallback=True)
