"""Every address declares who may use it, reads well and takes typed values."""

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.support.pages import PageClient
from worker_legal.domain.permissions import Action
from worker_legal.web.security import FRAMEWORK_ENDPOINTS, PUBLIC, policy_of

PLACE = re.compile(r"<([^>]+)>")
WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)?")


def _rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in FRAMEWORK_ENDPOINTS]


def test_every_endpoint_declares_its_policy(app: Flask) -> None:
    allowed = {PUBLIC, *(action.value for action in Action)}
    undeclared = {rule.endpoint: policy_of(app, rule.endpoint) for rule in _rules(app)}
    assert {name: policy for name, policy in undeclared.items() if policy not in allowed} == {}


def test_addresses_are_kebab_case(app: Flask) -> None:
    wrong = [
        rule.rule
        for rule in _rules(app)
        for word in PLACE.sub("", rule.rule).split("/")
        if word and not WORD.fullmatch(word)
    ]
    assert wrong == []


def test_values_in_addresses_are_typed(app: Flask) -> None:
    untyped = [rule.rule for rule in _rules(app) for p in PLACE.findall(rule.rule) if ":" not in p]
    assert untyped == []


def test_nothing_but_forms_changes_the_office(app: Flask) -> None:
    mixed = [
        rule.rule
        for rule in _rules(app)
        if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS", "POST"}
    ]
    assert mixed == []


def test_a_page_for_staff_sends_a_stranger_to_the_sign_in(app: Flask, client: PageClient) -> None:
    reached = []
    for rule in _rules(app):
        if policy_of(app, rule.endpoint) == PUBLIC or "GET" not in (rule.methods or set()):
            continue
        address = PLACE.sub(lambda place: _sample(place.group(1)), rule.rule)
        answer = client.get(address)
        if answer.status_code != 302 or "/sign-in" not in answer.headers["Location"]:
            reached.append((address, answer.status_code))
    assert reached == []


@pytest.mark.parametrize("address", ["/cases/1", "/no-such-page", "/cases/1/no-such-page"])
def test_an_unknown_address_tells_a_stranger_nothing(client: PageClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code in {302, 404}


def _sample(place: str) -> str:
    kind = place.split(":")[0].split("(")[0]
    return {"int": "1", "date": "2026-11-23"}.get(kind, "x")
