"""The statutory periods as people can check them: formula, article, and whether it is confirmed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request
from flask_babel import gettext

from worker_legal.domain.permissions import Action
from worker_legal.law.arithmetic import Direction, Roll, Unit
from worker_legal.law.enums import Stage
from worker_legal.law.explain import law_text, length_text
from worker_legal.law.rules import RULES, Rule
from worker_legal.law.rules.row import FACT_LABELS, Fact, On
from worker_legal.web import forms
from worker_legal.web.security import requires

bp = Blueprint("rules", __name__)


@dataclass(frozen=True)
class Line:
    """One rule in words."""

    rule: Rule
    label: str
    text: str
    law: str
    also: str
    starts: str
    formula: str


@bp.get("/rules")
@requires(Action.VIEW_RULES)
def listing() -> tuple[str, int]:
    """Every period the system computes, by stage."""
    chosen = request.args.get("stage", "")
    stages = [stage for stage in Stage if any(stage in rule.stages for rule in RULES)]
    groups = [(gettext(s.label), _lines(r for r in RULES if s in r.stages)) for s in stages]
    general = (gettext("不分环节"), _lines(rule for rule in RULES if not rule.stages))
    keyed = {"": general, **{s.value: group for s, group in zip(stages, groups, strict=True)}}
    shown = [keyed[chosen]] if chosen in keyed and chosen else [general, *groups]
    return forms.page(
        "staff/rules/listing.html",
        forms.BaseForm(),
        groups=shown,
        stages=stages,
        chosen=chosen,
        total=len(RULES),
        unconfirmed=sum(not rule.confirmed for rule in RULES),
    )


def _lines(rules: Iterable[Rule]) -> list[Line]:
    return [
        Line(
            rule=rule,
            label=gettext(rule.label),
            text=gettext(rule.text),
            law=law_text(rule.law, gettext),
            also=gettext("、").join(law_text(law, gettext) for law in rule.also),
            starts=gettext("、").join(dict.fromkeys(start_text(on) for on in rule.trigger)),
            formula=gettext("，").join(formula(rule)),
        )
        for rule in rules
    ]


def start_text(on: On | Fact) -> str:
    """What starts a period, in the office's words."""
    label = FACT_LABELS[on] if isinstance(on, Fact) else on.kind.label
    return gettext(label)


def formula(rule: Rule) -> Iterator[str]:
    """How the last day is found, piece by piece."""
    if rule.length is None:
        yield gettext("法律没有规定固定期限")
        return
    if rule.length == 0:
        yield gettext("就是这一天")
        yield _roll_text(rule.roll)
        return
    length = length_text(rule.length, rule.unit.value, gettext)
    backward = rule.direction is Direction.BACKWARD
    yield gettext("往前数%(length)s", length=length) if backward else length
    yield from _changes(rule)
    if rule.unit is not Unit.HOUR:
        yield _roll_text(rule.roll)


def _changes(rule: Rule) -> Iterator[str]:
    extension: Any = rule.extended_by
    if extension is not None and extension.length:
        length = length_text(extension.length, extension.unit.value, gettext)
        yield gettext("可延长%(length)s", length=length)
    elif extension is not None:
        yield gettext("可按决定延长")
    if rule.excluded:
        yield gettext("有不计入的时间")
    if rule.restarted_by:
        yield gettext("可重新起算")


def _roll_text(roll: Roll) -> str:
    if roll is Roll.FORWARD:
        return gettext("最后一天是休息日的顺延")
    return gettext("最后一天是休息日的提前") if roll is Roll.BACK else gettext("不顺延")
