"""A reminder in words, made when somebody reads it: what is due, and how near it is. Pure."""

from datetime import date
from typing import Any, NamedTuple

from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.law.rules import get_rule


class Words(NamedTuple):
    """A Chinese sentence with its places, to be said in the reader's language."""

    text: str
    params: dict[str, Any]


def what(rule_code: str) -> str:
    """What is due, in the words of the office; the code itself for a rule no longer known."""
    try:
        return get_rule(rule_code).label
    except NotFound:
        return rule_code


def how_near(legal_date: date, today: date) -> Words:
    """How far the date is from today, in natural days."""
    days = (legal_date - today).days
    if days < 0:
        return Words(N_("已过期%(n)s天"), {"n": -days})
    if days == 0:
        return Words(N_("今天到期"), {})
    if days == 1:
        return Words(N_("明天到期"), {})
    return Words(N_("还有%(n)s天"), {"n": days})


def outside(legal_date: date, today: date) -> Words:
    """What a message outside the system may say: no name, no matter, no number (threats W10)."""
    near = how_near(legal_date, today)
    return Words(N_("有一件事%(when)s，请登录系统查看"), {"when": near.text % near.params})
