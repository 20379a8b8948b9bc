"""A reminder in words, made when somebody reads it; the tables keep keys only.

What leaves the program carries no name, employer, matter or case number (threats W10): a phone
lies open on a table, and the foreman reads along. It fits one short text.
"""

from datetime import datetime
from typing import NamedTuple

from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.wording import say
from worker_legal.law.rules import get_rule

# One short text in Chinese.
LONGEST = 70


def what(rule_code: str) -> str:
    """What is due, in the words of the office; the code itself for a rule no longer known."""
    try:
        return get_rule(rule_code).label
    except NotFound:
        return rule_code


class Words(NamedTuple):
    """A message outside: the subject where there is one, and the whole text."""

    subject: str
    text: str


def outside(count: int, office: str, language: str) -> Words:
    """That dates want looking at: how many, and where to look."""
    subject = say(language, N_("【%(office)s】期限提醒"), office=office)
    text = say(
        language, N_("【%(office)s】有%(n)s条期限提醒，请登录系统查看。"), office=office, n=count
    )
    return Words(subject, text)


def summons(office: str, at: datetime, place: str) -> str:
    """When and where a worker is to come, in Chinese; a long place stays on the receipt."""
    held = clock.local(at)
    when = say("zh", N_("%(m)s月%(d)s日%(time)s"), m=held.month, d=held.day, time=f"{held:%H:%M}")
    text = N_("【%(office)s】请于%(when)s到%(place)s，请带身份证和回执。")
    known = say("zh", text, office=office, when=when, place=place)
    if place and len(known) <= LONGEST:
        return known
    return say("zh", text, office=office, when=when, place=N_("回执上写的地点"))


def trial(office: str, language: str) -> Words:
    """What the test button sends."""
    subject = say(language, N_("【%(office)s】试发"), office=office)
    return Words(subject, say(language, N_("【%(office)s】这是一条试发的消息。"), office=office))
