"""Every statutory period of the nine services as one row of reviewed data (statutes §2-§8)."""

from datetime import date

from worker_legal.errors import NotFound
from worker_legal.i18n import N_
from worker_legal.law.enums import Stage
from worker_legal.law.rules import (
    administrative,
    agreed,
    arbitration,
    awards,
    court,
    enforcement,
    inspection,
    legal_aid,
    mediation,
    work_injury,
)
from worker_legal.law.rules.row import Rule

__all__ = ["RULES", "STAGES_WITHOUT_PERIODS", "Rule", "get_rule"]

RULES: tuple[Rule, ...] = (
    *arbitration.LIMITATION,
    *work_injury.ROWS,
    *mediation.ROWS,
    *arbitration.ROWS,
    *awards.ROWS,
    *inspection.ROWS,
    *legal_aid.ROWS,
    *court.ROWS,
    *administrative.ROWS,
    *enforcement.ROWS,
    *agreed.ROWS,
)

STAGES_WITHOUT_PERIODS = frozenset({Stage.CONSULTATION})


def get_rule(code: str, version: int | None = None, on: date | None = None) -> Rule:
    """The row of a rule: that version, the one in force on a day, or the newest.

    Raises NotFound for a code nobody has written.
    """
    rows = [rule for rule in RULES if rule.code == code]
    if version is not None:
        rows = [rule for rule in rows if rule.version == version]
    if on is not None:
        rows = [rule for rule in rows if rule.in_force(on)]
    if not rows:
        raise NotFound(N_("没有期限规则 %(rule)s"), code="no_rule", rule=code)
    return max(rows, key=lambda rule: rule.version)
