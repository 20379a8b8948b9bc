"""Calls outside: never inside, whatever the spelling; never redirected; never past their time."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.outside import Desk, web_server
from worker_legal.errors import BadInput, OutsideFailure, WorkerLegalError
from worker_legal.infra import outward

LEADING_INSIDE = {
    f"name{number}.example": address
    for number, address in enumerate(
        [
            "127.0.0.1",
            "10.0.0.8",
            "172.20.0.1",
            "192.168.9.9",
            "169.254.169.254",
            "100.64.1.1",
            "0.0.0.0",
            "::1",
            "fe80::1",
            "fd12::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "224.0.0.5",
        ]
    )
}
UNPRINTABLE = (
    *("https://a.example/ x", "https://a.example\t/", "https://a.example/\r\nHost: b", "", " "),
    "https://a.example/\x7f",
)
TARGETS = [
    *(Path(__file__).parent / "targets_inside.txt").read_text().splitlines(),
    *(f"https://{host}/hook" for host in LEADING_INSIDE),
    *UNPRINTABLE,
]


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every connection that was tried, with names of our own beside the system's."""
    tried: list[Any] = []
    known = socket.getaddrinfo

    def look_up(host: str, port: int, **more: Any) -> Any:
        if host.endswith(".example"):
            address = LEADING_INSIDE.get(host, "127.0.0.1")
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            return [(family, socket.SOCK_STREAM, 6, "", (address, port))]
        return known(host, port, **{**more, "flags": socket.AI_NUMERICHOST})

    def connect(address: Any, **_: Any) -> socket.socket:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    return tried


def test_there_are_enough_targets() -> None:
    assert len(set(TARGETS)) >= 150


@pytest.mark.parametrize("url", TARGETS)
def test_a_target_inside_gets_no_connection(url: str, connections: list[Any]) -> None:
    with pytest.raises(WorkerLegalError):
        outward.post(url, b"{}", {})
    assert connections == []


def test_one_address_inside_spoils_the_name(
    connections: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(socket.AF_INET, 1, 6, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    with pytest.raises(BadInput):
        outward.post("https://mixed.example/", b"", {})
    assert connections == []


def test_a_name_is_asked_once_and_the_connection_goes_to_that_answer(
    connections: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ["8.8.8.8", "127.0.0.1", "127.0.0.1"]
    row = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(*row, (answers.pop(0), 443))])
    with pytest.raises(OutsideFailure):
        outward.post("https://rebound.example/", b"", {})
    assert (connections, len(answers)) == ([("8.8.8.8", 443)], 2)


@pytest.mark.parametrize(
    "url",
    ["https://hooks.example/x?key=1", "https://8.8.8.8/", "https://[2606:4700::1]:8443/a"],
)
def test_an_address_outside_is_taken(url: str) -> None:
    assert outward.check_url(url).is_tls


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(outward, "_inner", frozenset({"127.0.0.1"}))
    with web_server() as opened:
        yield opened


def test_a_named_inner_host_may_be_called(desk: Desk) -> None:
    answer = outward.post(desk.url, b'{"a": 1}', {"X-A": "b"})
    assert (answer.status, desk.calls[0].body, desk.calls[0].path) == (
        200,
        {"a": 1},
        "/hook?key=canary-key",
    )


def test_a_redirect_is_not_followed(desk: Desk) -> None:
    with web_server() as other:
        desk.status, desk.location = 307, other.url
        assert outward.post(desk.url, b"{}", {}).status == 307
        assert other.calls == []


def test_a_long_answer_is_cut(desk: Desk) -> None:
    desk.answer = "x" * 200_000
    assert len(outward.post(desk.url, b"{}", {}).body) == outward.LARGEST_ANSWER


@pytest.mark.parametrize("mood", ["hang", "drip"])
def test_a_slow_server_is_cut_off_in_time(
    desk: Desk, mood: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outward, "TOTAL_SECONDS", 0.3)
    desk.mood, desk.answer = mood, "x" * 100
    begun = time.monotonic()
    with pytest.raises(OutsideFailure) as failed:
        outward.post(desk.url, b"{}", {})
    assert (failed.value.code, time.monotonic() - begun < 1.5) == ("timeout", True)


def test_a_name_server_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outward, "CONNECT_SECONDS", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(1) or [])
    begun = time.monotonic()
    with pytest.raises(OutsideFailure):
        outward.post("https://slow.example/", b"", {})
    assert time.monotonic() - begun < 1


def test_who_drops_the_line_has_failed(desk: Desk) -> None:
    desk.mood = "drop"
    with pytest.raises(OutsideFailure) as failed:
        outward.post(desk.url, b"{}", {})
    assert failed.value.code == "unreachable"


def test_every_call_of_the_program_has_a_time_limit() -> None:
    """No other module opens connections: the limits of this one are the limits of all."""
    package = Path(outward.__file__).parent.parent
    using = [
        path.name
        for path in package.rglob("*.py")
        if any(word in path.read_text() for word in ("create_connection", "urllib.request"))
    ]
    assert using == ["outward.py"]
