"""English is complete: every marked text has its sentence, with the same places in it."""

import re

from babel.messages import Message

from scripts import catalogue

PLACE = re.compile(r"%\((\w+)\)[sd]")


def _texts(value: object) -> list[str]:
    return [str(text) for text in value] if isinstance(value, tuple | list) else [str(value)]


def _messages() -> list[Message]:
    return [message for message in catalogue.load() if message.id]


def test_every_marked_text_has_its_english() -> None:
    assert catalogue.missing() == []


def test_the_catalogue_holds_no_text_that_is_not_used() -> None:
    wanted = catalogue.extract()
    assert [m.id for m in _messages() if wanted.get(m.id, m.context) is None] == []


def test_a_translation_has_the_places_of_its_text() -> None:
    wrong = [
        message.id
        for message in _messages()
        if set(PLACE.findall(" ".join(_texts(message.id))))
        != set(PLACE.findall(" ".join(_texts(message.string))))
    ]
    assert wrong == []


def test_the_compiled_catalogue_is_fresh() -> None:
    assert catalogue.MO.read_bytes() == catalogue.compiled()
