"""The lock files pin what is asked for: an old pip looks at `name[extra]` apart from `name`."""

import re
from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.source import ROOT

PIN = re.compile(r"^([\w.-]+)(?:\[([\w,-]+)\])?==", re.MULTILINE)


def _pins(lock: str) -> dict[str, set[str]]:
    """Each locked distribution with the extras named at its pin."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    found = PIN.findall(text)
    return {canonicalize_name(name): set(filter(None, extras.split(","))) for name, extras in found}


@pytest.mark.parametrize("lock", ["base", "test"])
def test_every_extra_that_is_asked_for_stands_at_its_pin(lock: str) -> None:
    pins = _pins(lock)
    asked = [
        (name, Requirement(line))
        for name in [*pins, "worker-legal"]
        for line in (requires(name) or [])
    ]
    missing = [
        f"{name} asks for {need}"
        for name, need in asked
        if need.extras - pins.get(canonicalize_name(need.name), set(need.extras))
        and (need.marker is None or need.marker.evaluate({"extra": _extra(name)}))
    ]
    assert missing == []
    assert "psycopg" in pins


def _extra(name: str) -> str:
    """Only our own package is installed with an extra of its own."""
    return "test" if name == "worker-legal" else ""
