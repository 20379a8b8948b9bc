"""The ways outside, against servers of our own: what they send, and what a refusal means."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.outside import (
    Desk,
    Mailbox,
    mail_server,
    make_certificate,
    trusting,
    web_server,
)
from worker_legal.errors import BadInput, OutsideFailure
from worker_legal.infra import channels, outward
from worker_legal.infra.channels import DOWN, carrier, fill_template
from worker_legal.infra.letters import Letter

LETTER = Letter("a1b2c3", "13800000000", "主题", "【示援】有3条期限提醒，请登录系统查看。")
MAIL = Letter("a1b2c3", "lin@office.example", "主题", LETTER.text)
TEMPLATE = '{"mobiles": ["{phone}"], "content": "{text}", "ref": "{id}", "kind": 1}'


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def box(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    monkeypatch.setattr(outward, "tls", trusting(certificate))
    monkeypatch.setattr(outward, "TOTAL_SECONDS", 0.5)
    with mail_server(certificate) as opened:
        yield opened


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(outward, "_inner", frozenset({"127.0.0.1"}))
    monkeypatch.setattr(outward, "TOTAL_SECONDS", 0.5)
    with web_server() as opened:
        yield opened


def _mail(box: Mailbox, host: str = "localhost") -> str:
    settings = {"host": host, "port": str(box.port), "security": "starttls"}
    settings |= {"username": "", "password": "", "sender": "notice@office.example"}
    return carrier("email", settings).send(MAIL)


def _failure(send: object, *values: object) -> str:
    with pytest.raises(OutsideFailure) as failed:
        send(*values)  # type: ignore[operator]
    return failed.value.code


# --- e-mail -------------------------------------------------------------------------------


def test_a_mail_arrives_with_its_name_and_the_servers_answer_comes_back(box: Mailbox) -> None:
    assert "4711" in _mail(box)
    [mail] = box.mails
    assert mail["Message-ID"] == "<a1b2c3@office.example>"
    assert (mail["To"], mail["Subject"]) == ("lin@office.example", "主题")
    assert mail.get_content().strip() == LETTER.text


def test_two_tries_carry_the_same_name(box: Mailbox) -> None:
    _mail(box)
    _mail(box)
    assert len({str(mail["Message-ID"]) for mail in box.mails}) == 1


@pytest.mark.parametrize(
    ("mood", "answers", "code"),
    [
        ("well", {"GREETING": "421 too busy"}, "busy"),
        ("well", {"MAIL": "451 later"}, "busy"),
        ("well", {"RCPT": "450 full"}, "busy"),
        ("well", {"RCPT": "550 unknown"}, "refused"),
        ("well", {"TAKEN": "554 no"}, "refused"),
        ("well", {"TAKEN": "452 later"}, "busy"),
        ("well", {"EHLO": "250 nothing here"}, "tls"),
        ("hang", {}, "timeout"),
        ("drip", {}, "timeout"),
        ("drop_before_answer", {}, "unreachable"),
    ],
)
def test_a_mail_server_that_does_not_take_it_is_told_apart(
    box: Mailbox, mood: str, answers: dict[str, str], code: str
) -> None:
    box.mood, box.answers = mood, answers
    assert _failure(_mail, box) == code
    assert (code in DOWN) is (code != "refused")


def test_a_server_that_hangs_up_after_taking_it_has_taken_it(box: Mailbox) -> None:
    box.mood = "drop_after_data"
    assert "4711" in _mail(box)


def test_a_server_that_is_gone_is_unreachable(box: Mailbox) -> None:
    box.port = 1
    assert _failure(_mail, box) == "unreachable"


def test_a_certificate_of_another_name_is_refused(box: Mailbox) -> None:
    assert _failure(_mail, box, "127.0.0.1") == "tls"
    assert box.mails == []


def test_a_certificate_nobody_vouches_for_is_refused(
    box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    assert _failure(_mail, box) == "tls"


# --- robots, systems, gateways ------------------------------------------------------------


def _say(kind: str, desk: Desk, **settings: str) -> str:
    return carrier(kind, {"url": desk.url, "secret": "", **settings}).send(LETTER)


def test_wecom_calls_the_person_by_number(desk: Desk) -> None:
    desk.answer = '{"errcode": 0, "errmsg": "ok"}'
    _say("wecom", desk)
    text = {"content": LETTER.text, "mentioned_mobile_list": [LETTER.to]}
    assert desk.calls[0].body == {"msgtype": "text", "text": text}


def test_the_signature_of_dingtalk_is_quoted_once(desk: Desk) -> None:
    desk.answer = '{"errcode": 0}'
    secret = "SEC-canary"
    _say("dingtalk", desk, secret=secret)
    query = parse_qs(urlsplit(desk.calls[0].path).query)
    signed = f"{query['timestamp'][0]}\n{secret}".encode()
    wanted = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
    assert query["sign"] == [wanted]
    assert "%25" not in desk.calls[0].path
    assert len(query["timestamp"][0]) == 13


def test_the_signature_of_dingtalk_is_the_one_it_documents() -> None:
    """Time and secret as in a worked example that was computed apart from this code."""
    way = channels.DingTalk({"url": "https://robot.example/send?access_token=x", "secret": "this"})
    signed = hmac.new(b"this", b"1577808000000\nthis", hashlib.sha256).digest()
    sign = base64.b64encode(signed).decode()
    quoted = sign.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    assert way.address("1577808000000").endswith(f"&timestamp=1577808000000&sign={quoted}")


def test_feishu_signs_with_time_and_secret_as_the_key(desk: Desk) -> None:
    desk.answer = '{"code": 0, "msg": "success"}'
    _say("feishu", desk, secret="canary")
    body = desk.calls[0].body
    key = f"{body['timestamp']}\ncanary".encode()
    wanted = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    assert (body["sign"], body["msg_type"]) == (wanted, "text")


@pytest.mark.parametrize(
    ("kind", "answer", "code"),
    [
        ("wecom", '{"errcode": 93000, "errmsg": "invalid webhook url"}', "refused"),
        ("wecom", '{"errcode": 45009, "errmsg": "api freq out of limit"}', "busy"),
        ("dingtalk", '{"errcode": 310000, "errmsg": "sign not match"}', "refused"),
        ("feishu", '{"code": 19021, "msg": "sign match fail"}', "refused"),
        ("feishu", "not json", "refused"),
    ],
)
def test_a_robot_that_says_no_with_status_200_is_heard(
    desk: Desk, kind: str, answer: str, code: str
) -> None:
    desk.answer = answer
    assert _failure(_say, kind, desk) == code


def test_another_system_can_check_who_calls_and_drop_repeats(desk: Desk) -> None:
    desk.answer = '{"id": "m-1"}'
    assert [_say("webhook", desk, secret="canary") for _ in range(2)] == ["m-1", "m-1"]
    first, second = desk.calls
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == LETTER.id
    stamp = first.headers["webhook-timestamp"]
    signed = f"{LETTER.id}.{stamp}.".encode() + first.raw
    digest = base64.b64encode(hmac.new(b"canary", signed, hashlib.sha256).digest()).decode()
    assert first.headers["webhook-signature"] == f"v1,{digest}"
    assert abs(int(stamp) - datetime.now(UTC).timestamp()) < 60


def test_a_gateway_gets_the_body_the_office_described(desk: Desk) -> None:
    desk.answer = '{"Code": "OK", "BizId": "900"}'
    given = _say("sms", desk, secret="canary", template=TEMPLATE, accepted='"OK"')
    assert given == "900"
    body = {"mobiles": [LETTER.to], "content": LETTER.text, "ref": LETTER.id, "kind": 1}
    assert desk.calls[0].body == body
    assert desk.calls[0].headers["webhook-signature"].startswith("v1,")


def test_a_gateway_that_does_not_say_the_word_has_refused(desk: Desk) -> None:
    desk.answer = '{"Code": "LIMIT"}'
    assert _failure(lambda: _say("sms", desk, template=TEMPLATE, accepted='"OK"')) == "refused"


@pytest.mark.parametrize(
    ("status", "code"),
    [(302, "redirected"), (400, "refused"), (401, "sign_in_refused"), (404, "refused")]
    + [(429, "busy"), (500, "busy"), (503, "busy")],
)
def test_a_status_says_what_to_do(desk: Desk, status: int, code: str) -> None:
    desk.status, desk.location = status, "http://127.0.0.1:1/"
    assert _failure(_say, "webhook", desk) == code


def test_an_address_inside_is_a_failure_that_says_so() -> None:
    way = carrier("webhook", {"url": "https://127.0.0.1/", "secret": "x"})
    assert _failure(way.send, LETTER) == "inner_address"


def test_a_failure_repeats_no_address_and_no_secret(desk: Desk) -> None:
    desk.status = 400
    with pytest.raises(OutsideFailure) as failed:
        _say("webhook", desk, secret="canary-secret")
    assert "canary" not in f"{failed.value} {failed.value.params}"


# --- templates ----------------------------------------------------------------------------


def test_what_is_filled_in_cannot_break_out_of_its_text() -> None:
    letter = Letter("i", '1","admin":"1', "", 'a"}{phone}\\n')
    assert fill_template(TEMPLATE, letter) == {
        "mobiles": ['1","admin":"1'],
        "content": 'a"}{phone}\\n',
        "ref": "i",
        "kind": 1,
    }


@pytest.mark.parametrize("template", ["", "{", "mobile={phone}&text={text}", '{"a": "{phone}"}'])
def test_a_template_that_will_not_do_is_refused(template: str) -> None:
    with pytest.raises(BadInput):
        fill_template(template, LETTER)


def test_a_body_is_json(desk: Desk) -> None:
    _say("webhook", desk, secret="s")
    assert json.loads(desk.calls[0].raw)["text"] == LETTER.text
