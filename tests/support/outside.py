"""Servers outside that behave as told: a mail server and a web server on this machine."""

import json
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DRIP_SECONDS = 0.05


def make_certificate(folder: Path, name: str = "localhost") -> Path:
    """A certificate and its key for a name, signed by itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + built.public_bytes(serialization.Encoding.PEM)
    )
    return path


def trusting(certificate: Path) -> Callable[[], ssl.SSLContext]:
    """What replaces `outward.tls`: the same checks, with our own certificate as the root."""
    return lambda: ssl.create_default_context(cafile=str(certificate))


@dataclass
class Mailbox:
    """What a mail server took, and how it behaves: the answer to each command, or a mishap."""

    certificate: Path
    port: int = 0
    # well, hang, drip, drop_after_data, drop_before_answer
    mood: str = "well"
    answers: dict[str, str] = field(default_factory=dict)
    calls: int = 0
    mails: list[EmailMessage] = field(default_factory=list)


class _Smtp(socketserver.StreamRequestHandler):
    """One talk, line by line."""

    def handle(self) -> None:
        box = cast(Any, self.server).box
        box.calls += 1
        with suppress(OSError, ValueError):
            self._talk(box)

    def finish(self) -> None:
        """Leave nothing open; the socket of TLS is not the one the server knows."""
        with suppress(OSError):
            super().finish()
        self.connection.close()

    def _talk(self, box: Mailbox) -> None:
        if box.mood in {"hang", "drip"}:
            self._dawdle(box.mood)
            return
        self._say(box, "GREETING", "220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].split(":")[0].upper()
            if verb == "STARTTLS":
                self._say(box, verb, "220 go")
                self._turn_to_tls(box)
            elif verb == "DATA":
                if not self._data(box):
                    return
            else:
                self._say(box, verb, "250-here\r\n250 STARTTLS" if verb == "EHLO" else "250 ok")
            if verb == "QUIT":
                return

    def _dawdle(self, mood: str) -> None:
        for _ in range(60):
            if mood == "drip":
                self.wfile.write(b"2")
            time.sleep(DRIP_SECONDS)

    def _data(self, box: Mailbox) -> bool:
        self._say(box, "DATA", "354 go on")
        raw = b""
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            raw += line
        code = box.answers.get("TAKEN", "250 2.0.0 queued as 4711")
        if code.startswith("250"):
            read = message_from_bytes(raw, policy=policy.default)
            box.mails.append(cast(EmailMessage, read))
        if box.mood == "drop_before_answer":
            return False
        self._say(box, "TAKEN", code)
        return box.mood != "drop_after_data"

    def _turn_to_tls(self, box: Mailbox) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(box.certificate)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile = cast(Any, self.connection.makefile("rb"))
        self.wfile = cast(Any, self.connection.makefile("wb", buffering=0))

    def _say(self, box: Mailbox, verb: str, usual: str) -> None:
        self.wfile.write(f"{box.answers.get(verb, usual)}\r\n".encode())


@dataclass
class Call:
    """One call that a web server got."""

    path: str
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        """The JSON of the call."""
        return cast(dict[str, Any], json.loads(self.raw))


@dataclass
class Desk:
    """What a web server got, and how it behaves."""

    port: int = 0
    # well, hang, drip, drop
    mood: str = "well"
    status: int = 200
    answer: str = "{}"
    location: str = ""
    calls: list[Call] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.port}/hook?key=canary-key"


class _Http(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        desk: Desk = cast(Any, self.server).box
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        desk.calls.append(Call(self.path, dict(self.headers.items()), raw))
        with suppress(OSError):
            self._reply(desk)

    def _reply(self, desk: Desk) -> None:
        if desk.mood == "hang":
            time.sleep(3)
        if desk.mood in {"hang", "drop"}:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(desk.status)
        if desk.location:
            self.send_header("Location", desk.location)
        self.send_header("Content-Length", str(len(desk.answer.encode())))
        self.end_headers()
        for byte in desk.answer.encode():
            self.wfile.write(bytes([byte]))
            if desk.mood == "drip":
                time.sleep(DRIP_SECONDS)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Mail(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class _Web(ThreadingHTTPServer):
    daemon_threads = True


@contextmanager
def mail_server(certificate: Path) -> Iterator[Mailbox]:
    """A mail server that offers STARTTLS."""
    box = Mailbox(certificate)
    with _running(_Mail(("127.0.0.1", 0), _Smtp), box):
        yield box


@contextmanager
def web_server() -> Iterator[Desk]:
    """A web server that takes calls."""
    desk = Desk()
    with _running(_Web(("127.0.0.1", 0), _Http), desk):
        yield desk


@contextmanager
def _running(server: socketserver.TCPServer, box: Any) -> Iterator[None]:
    box.port = server.server_address[1]
    cast(Any, server).box = box
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
