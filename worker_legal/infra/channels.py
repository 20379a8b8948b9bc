"""The ways outside: group robots, the signed call of another system, a gateway for short texts.

Each is a small JSON call by `outward`; e-mail is beside, in `mail`.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from worker_legal.errors import BadInput, OutsideFailure
from worker_legal.i18n import N_
from worker_legal.infra import clock, outward
from worker_legal.infra.letters import Carrier, Letter
from worker_legal.infra.mail import Email

# Failures of the way itself: the next message would fare no better.
DOWN = frozenset(
    {"timeout", "unreachable", "no_such_host", "tls", "sign_in_refused", "busy", "redirected"}
    | {"inner_address", "unfit_url"}
)
BUSY_ANSWERS = frozenset({"45009", "130101", "11232", "9499"})
REFERENCES = ("msgid", "messageId", "message_id", "BizId", "RequestId", "requestId", "id")
PLACES = ("{phone}", "{text}", "{id}")
_PLACE = re.compile("|".join(map(re.escape, PLACES)))


@dataclass(frozen=True)
class WeCom:
    """The robot of a WeCom group; the person is called by mobile number."""

    settings: Mapping[str, str]

    def send(self, letter: Letter) -> str:
        """Say it in the group."""
        text = {"content": letter.text, "mentioned_mobile_list": [letter.to]}
        answer = _call(self.settings["url"], {"msgtype": "text", "text": text})
        return _accepted(answer, "errcode", "0")


@dataclass(frozen=True)
class DingTalk:
    """The robot of a DingTalk group, signed when it has a secret."""

    settings: Mapping[str, str]

    def send(self, letter: Letter) -> str:
        """Say it in the group."""
        body = {
            "msgtype": "text",
            "text": {"content": f"{letter.text} @{letter.to}"},
            "at": {"atMobiles": [letter.to]},
        }
        return _accepted(_call(self.address(_milliseconds()), body), "errcode", "0")

    def address(self, timestamp: str) -> str:
        """The address with its signature, which is quoted once: quoted twice it does not match."""
        secret, url = self.settings.get("secret", ""), self.settings["url"]
        if not secret:
            return url
        sign = base64.b64encode(_hmac(secret.encode(), f"{timestamp}\n{secret}".encode()))
        joint = "&" if "?" in url else "?"
        return f"{url}{joint}timestamp={timestamp}&sign={quote_plus(sign)}"


@dataclass(frozen=True)
class Feishu:
    """The robot of a Feishu group, signed when it has a secret; the person has an open id."""

    settings: Mapping[str, str]

    def send(self, letter: Letter) -> str:
        """Say it in the group."""
        text = f'{letter.text} <at user_id="{letter.to}"></at>'
        body = {"msg_type": "text", "content": {"text": text}, **self.signature(_seconds())}
        answer = _call(self.settings["url"], body)
        return _accepted(answer, "code", "0")

    def signature(self, timestamp: str) -> dict[str, str]:
        """Time and signature: here the secret is part of the key, and nothing is the message."""
        secret = self.settings.get("secret", "")
        if not secret:
            return {}
        sign = base64.b64encode(_hmac(f"{timestamp}\n{secret}".encode(), b""))
        return {"timestamp": timestamp, "sign": sign.decode()}


@dataclass(frozen=True)
class Webhook:
    """Another system of the office: JSON signed over name, time and body (Standard Webhooks)."""

    settings: Mapping[str, str]

    def send(self, letter: Letter) -> str:
        """Call the system."""
        body = {"id": letter.id, "to": letter.to, "subject": letter.subject, "text": letter.text}
        answer = _call(self.settings["url"], body, self.settings["secret"], letter.id)
        return _reference(answer)


@dataclass(frozen=True)
class SmsGateway:
    """A gateway for short texts: the office says what its body looks like."""

    settings: Mapping[str, str]

    def send(self, letter: Letter) -> str:
        """Give the text to the gateway."""
        body = fill_template(self.settings["template"], letter)
        answer = _call(self.settings["url"], body, self.settings["secret"], letter.id)
        wanted = self.settings.get("accepted", "")
        if wanted and wanted not in answer.body:
            raise OutsideFailure(N_("网关没有接受这条短信"), code="refused")
        return _reference(answer)


CARRIERS: dict[str, Callable[[Mapping[str, str]], Carrier]] = {
    "email": Email,
    "sms": SmsGateway,
    "wecom": WeCom,
    "dingtalk": DingTalk,
    "feishu": Feishu,
    "webhook": Webhook,
}


def carrier(kind: str, settings: Mapping[str, str]) -> Carrier:
    """The way of this kind with these settings."""
    return CARRIERS[kind](settings)


def fill_template(template: str, letter: Letter) -> Any:
    """The body of a gateway: JSON in whose texts the places are filled in.

    Raises BadInput for a template that is not JSON or has no place for number and text.
    """
    try:
        shape = json.loads(template)
    except ValueError as error:
        raise BadInput(N_("模板不是有效的 JSON"), field="template") from error
    if not all(place in template for place in PLACES[:2]):
        raise BadInput(N_("模板里要有 {phone} 和 {text}"), field="template")
    return _filled(shape, dict(zip(PLACES, (letter.to, letter.text, letter.id), strict=True)))


def signature(secret: str, name: str, timestamp: str, body: bytes) -> str:
    """The signature of a call, as the receiver computes it too."""
    signed = b".".join((name.encode(), timestamp.encode(), body))
    return f"v1,{base64.b64encode(_hmac(secret.encode(), signed)).decode()}"


def _filled(shape: Any, values: Mapping[str, str]) -> Any:
    if isinstance(shape, dict):
        return {key: _filled(value, values) for key, value in shape.items()}
    if isinstance(shape, list):
        return [_filled(value, values) for value in shape]
    if not isinstance(shape, str):
        return shape
    return _PLACE.sub(lambda place: values[place[0]], shape)  # in one pass: values stay as they are


def _call(url: str, body: Any, secret: str = "", name: str = "") -> outward.Answer:
    data = json.dumps(body, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "worker-legal"}
    if secret:
        timestamp = _seconds()
        headers["webhook-id"] = headers["Idempotency-Key"] = name
        headers["webhook-timestamp"] = timestamp
        headers["webhook-signature"] = signature(secret, name, timestamp, data)
    try:
        answer = outward.post(url, data, headers)
    except BadInput as error:
        raise OutsideFailure(error.text, code=error.code) from error
    return _judged(answer)


def _judged(answer: outward.Answer) -> outward.Answer:
    if 200 <= answer.status < 300:
        return answer
    if 300 <= answer.status < 400:
        raise OutsideFailure(N_("对方要转到别的网址，没有跟过去"), code="redirected")
    if answer.status == 429 or answer.status >= 500:
        raise OutsideFailure(N_("服务器请稍后再试"), code="busy")
    if answer.status in {401, 403}:
        raise OutsideFailure(N_("服务器不接受密钥或签名"), code="sign_in_refused")
    raise OutsideFailure(N_("服务器不接受这条消息"), code="refused")


def _accepted(answer: outward.Answer, field: str, good: str) -> str:
    """The reference of a robot that answers 200 to everything and says in JSON what it means."""
    code = str(_json(answer).get(field, ""))
    if code == good:
        return _reference(answer)
    if code in BUSY_ANSWERS:
        raise OutsideFailure(N_("服务器请稍后再试"), code="busy")
    raise OutsideFailure(N_("机器人没有接受这条消息"), code="refused")


def _reference(answer: outward.Answer) -> str:
    said = _json(answer)
    found = [str(said[name]) for name in REFERENCES if said.get(name)]
    return found[0] if found else str(answer.status)


def _json(answer: outward.Answer) -> dict[str, Any]:
    try:
        said = json.loads(answer.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def _seconds() -> str:
    return str(int(clock.host_now().timestamp()))


def _milliseconds() -> str:
    return str(int(clock.host_now().timestamp() * 1000))
