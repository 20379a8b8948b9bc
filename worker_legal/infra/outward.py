"""Calls to servers outside: resolved once, never to private addresses, never past their time.

A name is resolved one time and the connection goes to that very address, so that a second answer
of the name server cannot lead inside (threats F8). Redirects are answers, not orders.
"""

import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Self
from urllib.parse import SplitResult, urlsplit

from worker_legal.errors import BadInput, OutsideFailure
from worker_legal.i18n import N_

CONNECT_SECONDS = 10.0
TOTAL_SECONDS = 20.0
LARGEST_ANSWER = 64 * 1024
# Global by registry, but they carry another address inside or belong to a cloud's own machinery.
CARRIERS = tuple(
    ipaddress.ip_network(text)
    for text in (
        "::/96",
        "::ffff:0:0/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
        "168.63.129.16/32",
        "192.88.99.0/24",
    )
)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)")

_inner: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    body: str


@dataclass(frozen=True)
class Target:
    """A checked address of a server."""

    host: str
    port: int
    path: str
    is_tls: bool


def init(inner_hosts: tuple[str, ...]) -> None:
    """Take the names inside the office's own network that may be called, by http too."""
    global _inner
    _inner = frozenset(host.lower() for host in inner_hosts)


def check_url(url: str) -> Target:
    """Read an address that somebody typed in, without asking any name server.

    Raises BadInput for what can never be called.
    """
    parts, port = _split(url)
    host = (parts.hostname or "").rstrip(".").lower()
    is_inner = host in _inner
    if parts.scheme != "https" and not (is_inner and parts.scheme == "http"):
        raise _unfit(N_("网址要以 https:// 开头"))
    if parts.username or parts.password or "@" in parts.netloc or parts.fragment:
        raise _unfit(N_("网址里不能有用户名、密码或 #"))
    if not is_inner:
        _check_host(host)
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    if not target.isascii() or any(ord(char) <= 32 for char in target):
        raise _unfit(N_("网址里有不能用的字符"))
    is_tls = parts.scheme == "https"
    return Target(host, port or (443 if is_tls else 80), target, is_tls)


class Watch:
    """The whole time of one call: when it is over the connection is cut, also one that drips.

    It holds a second handle of the connection, because the first changes hands when TLS begins.
    """

    def __init__(self) -> None:
        self._is_cut = threading.Event()
        self._held: socket.socket | None = None
        self._timer = threading.Timer(TOTAL_SECONDS, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Raises OutsideFailure in place of whatever the cut looked like."""
        self._timer.cancel()
        if self._held is not None:
            self._held.close()
        if self._is_cut.is_set() and not isinstance(error, KeyboardInterrupt):
            raise OutsideFailure(N_("超过时间没有答复"), code="timeout") from error

    def hold(self, sock: socket.socket) -> None:
        """Watch over a connection that has just been opened."""
        self._held = sock.dup()

    def _cut(self) -> None:
        self._is_cut.set()
        if self._held is not None:
            with suppress(OSError):
                self._held.shutdown(socket.SHUT_RDWR)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send a body once and give the answer, whatever its status.

    Raises BadInput for an address that is not allowed, OutsideFailure when nobody answers.
    """
    target = check_url(url)
    length = {"Content-Length": str(len(body)), "Connection": "close"}
    with Watch() as watch, closing(_Pinned(target, watch)) as connection, _told_apart():
        connection.request("POST", target.path, body, {**length, **headers})
        with connection.getresponse() as answer:
            text = answer.read(LARGEST_ANSWER).decode("utf-8", "replace")
            return Answer(answer.status, text)


def connect(host: str, port: int, watch: Watch, may_be_inner: bool = False) -> socket.socket:
    """An open connection to a name that is resolved this one time, watched over by the clock.

    Raises BadInput when the name leads to an address that may not be called.
    """
    begun = time.monotonic()
    addresses = _resolve(host, port)
    if not may_be_inner:
        for address in addresses:
            check_address(address)
    failure: OSError = ConnectionRefusedError("no address")
    for address in addresses:
        left = CONNECT_SECONDS - (time.monotonic() - begun)
        if left <= 0:
            raise TimeoutError("connecting")
        try:
            sock = socket.create_connection((address, port), timeout=left)
        except OSError as error:
            failure = error
        else:
            watch.hold(sock)
            sock.settimeout(TOTAL_SECONDS)
            return sock
    raise failure


def check_address(text: str) -> None:
    """Refuse an address inside: private, loopback, link-local, or one that carries such a one.

    Raises BadInput.
    """
    address = ipaddress.ip_address(text.partition("%")[0])
    carried = any(address in network for network in CARRIERS if network.version == address.version)
    if "%" in text or carried or address.is_multicast or not address.is_global:
        raise BadInput(N_("这个网址通向内部网络，不能用"), code="inner_address", field="url")


def tls() -> ssl.SSLContext:
    """TLS with verified certificates."""
    return ssl.create_default_context()


def failure_of(error: Exception) -> OutsideFailure:
    """A failure of the network in the words of the office; details stay out of pages and logs."""
    if isinstance(error, OutsideFailure):
        return error
    if isinstance(error, ssl.SSLError):
        return OutsideFailure(N_("对方的证书不可信，或加密连接失败"), code="tls")
    if isinstance(error, TimeoutError):
        return OutsideFailure(N_("超过时间没有答复"), code="timeout")
    if isinstance(error, socket.gaierror):
        return OutsideFailure(N_("找不到这个服务器名"), code="no_such_host")
    return OutsideFailure(N_("连不上，或连接中断"), code="unreachable")


class _Pinned(HTTPConnection):
    """A connection to the address that was checked, with the certificate of the name."""

    def __init__(self, target: Target, watch: Watch) -> None:
        super().__init__(target.host, target.port, timeout=TOTAL_SECONDS)
        self.target, self.watch = target, watch

    def connect(self) -> None:
        """Open the connection; http.client itself would resolve the name again."""
        host, is_inner = self.target.host, self.target.host in _inner
        self.sock = connect(host, self.target.port, self.watch, is_inner)
        if self.target.is_tls:
            self.sock = tls().wrap_socket(self.sock, server_hostname=host)


@contextmanager
def _told_apart() -> Iterator[None]:
    try:
        yield
    except (OSError, HTTPException) as error:
        raise failure_of(error) from error


def _split(url: str) -> tuple[SplitResult, int | None]:
    if not url.isprintable() or "\\" in url or " " in url.strip():
        raise _unfit(N_("网址里有不能用的字符"))
    try:
        parts = urlsplit(url.strip())
        return parts, parts.port
    except ValueError as error:
        raise _unfit(N_("网址写得不对")) from error


def _check_host(host: str) -> None:
    """A name of plain letters, or a number in its one usual spelling that leads outside."""
    if not host or host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        raise _unfit(N_("网址里没有可用的服务器名"))
    try:
        ipaddress.ip_address(host)
    except ValueError:
        labels = host.split(".")
        odd = _NUMBER.fullmatch(labels[-1]) or not all(map(_LABEL.fullmatch, labels))
        if odd or len(labels) < 2:
            raise _unfit(N_("网址里没有可用的服务器名")) from None
    else:
        check_address(host)


def _resolve(host: str, port: int) -> list[str]:
    """The addresses of a name; the system's own look-up knows no time limit, so it gets one."""
    found: list[str] = []
    errors: list[OSError] = []

    def look_up() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(str(row[4][0]) for row in rows)
        except OSError as error:
            errors.append(error)

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(CONNECT_SECONDS)
    if errors:
        raise errors[0]
    if not found:
        raise TimeoutError("looking up")
    return list(dict.fromkeys(found))


def _unfit(text: str) -> BadInput:
    return BadInput(text, code="unfit_url", field="url")
