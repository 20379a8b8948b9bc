"""A reminder in words, made when somebody reads it; the tables keep keys only. Pure."""

from worker_legal.errors import NotFound
from worker_legal.law.rules import get_rule


def what(rule_code: str) -> str:
    """What is due, in the words of the office; the code itself for a rule no longer known."""
    try:
        return get_rule(rule_code).label
    except NotFound:
        return rule_code
