"""E-mail by the office's own server: always encrypted, with verified certificates."""

import smtplib
import socket
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from worker_legal.errors import OutsideFailure
from worker_legal.i18n import N_
from worker_legal.infra import clock, outward
from worker_legal.infra.letters import Letter

READY = 220
ACCEPTED = 250
SSL = "ssl"


@dataclass(frozen=True)
class Email:
    """A mail server; it may stand inside the office's network, so its address is not refused."""

    settings: Mapping[str, str]

    def send(self, letter: Letter) -> str:
        """Hand a message to the server; its answer is the reference.

        Raises OutsideFailure, `refused` when the server would take others but not this one.
        """
        try:
            with outward.Watch() as watch, closing(_server(self.settings, watch)) as server:
                return self._hand_over(server, letter)
        except smtplib.SMTPException as error:
            raise _failure_of(error) from error
        except OSError as error:
            raise outward.failure_of(error) from error

    def _hand_over(self, server: smtplib.SMTP, letter: Letter) -> str:
        code, said = server.connect(self.settings["host"], int(self.settings["port"]))
        if code != READY:
            raise smtplib.SMTPResponseException(code, said)
        if self.settings.get("security") != SSL:
            server.starttls(context=outward.tls())
        server.ehlo()
        if self.settings.get("username"):
            server.login(self.settings["username"], self.settings["password"])
        return _deliver(server, self.settings["sender"], letter)


class _Plain(smtplib.SMTP):
    """SMTP over a connection that is looked up and opened within its time."""

    watch: outward.Watch

    def _get_socket(self, host: str, port: int, _timeout: float) -> socket.socket:
        self._host = host  # the name whose certificate is wanted
        return outward.connect(host, port, self.watch, may_be_inner=True)


class _Ssl(smtplib.SMTP_SSL, _Plain):
    """The same, encrypted from the first byte."""


def _server(settings: Mapping[str, str], watch: outward.Watch) -> smtplib.SMTP:
    server: _Plain
    if settings.get("security") == SSL:
        server = _Ssl(local_hostname="localhost", context=outward.tls())
    else:
        server = _Plain(local_hostname="localhost")
    server.watch = watch
    return server


def _deliver(server: smtplib.SMTP, sender: str, letter: Letter) -> str:
    for code, said in (server.mail(sender), server.rcpt(letter.to)):
        if code not in {ACCEPTED, 251}:
            raise smtplib.SMTPResponseException(code, said)
    code, said = server.data(_message(sender, letter).as_bytes())
    if code != ACCEPTED:
        raise smtplib.SMTPResponseException(code, said)
    with suppress(smtplib.SMTPException, OSError):  # what was accepted stays accepted
        server.quit()
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _message(sender: str, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"] = Address(addr_spec=sender)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(clock.host_now())
    message["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="base64")
    return message


def _failure_of(error: smtplib.SMTPException) -> OutsideFailure:
    """What a refusal of the server means: for this message, or for all of them."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return OutsideFailure(N_("服务器不接受用户名或密码"), code="sign_in_refused")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return OutsideFailure(N_("服务器不支持加密，没有发送"), code="tls")
    if isinstance(error, smtplib.SMTPResponseException):
        if error.smtp_code == -1:
            return outward.failure_of(OSError())
        if 400 <= error.smtp_code < 500:
            return OutsideFailure(N_("服务器请稍后再试"), code="busy")
        return OutsideFailure(N_("服务器不接受这封信"), code="refused")
    return outward.failure_of(OSError())
