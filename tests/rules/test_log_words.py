"""Every step that the log keeps has a word on the page of the log."""

import ast
from collections.abc import Iterator

from tests.support.source import calls, python_files
from worker_legal.web.admin.words import ACTIONS, OBJECTS


def _recorded(place: int) -> Iterator[str]:
    """The constant arguments at a place of `audit.record` and of the `_record` beside it."""
    for path in python_files("worker_legal"):
        for name, call in calls(path):
            if name in {"audit.record", "_record", "record"} and len(call.args) > place:
                argument = call.args[place]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def test_every_action_of_the_log_has_a_word() -> None:
    assert set(_recorded(1)) - set(ACTIONS) == set()


def test_every_thing_in_the_log_has_a_word() -> None:
    things = {thing for thing in _recorded(2) if thing.isidentifier()}
    assert things - set(OBJECTS) == set()
