"""The rule rows themselves: complete, sourced, in versions that do not overlap."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from worker_legal.errors import NotFound
from worker_legal.law.arithmetic import Direction, Roll, Unit
from worker_legal.law.enums import Stage
from worker_legal.law.rules import RULES, STAGES_WITHOUT_PERIODS, Rule, get_rule
from worker_legal.law.rules.row import FACT_LABELS, FLAG_LABELS, Fact, Lapse, On, When

BY_CODE = {rule.code: rule for rule in RULES}


def each(rule: Rule) -> str:
    return f"{rule.code}-{rule.version}"


def test_a_code_and_version_stands_once() -> None:
    assert [k for k, n in Counter((r.code, r.version) for r in RULES).items() if n > 1] == []


@pytest.mark.parametrize("rule", RULES, ids=each)
def test_a_rule_is_complete(rule: Rule) -> None:
    assert rule.statute
    assert rule.article
    assert rule.label
    assert rule.text.endswith("。")
    assert rule.trigger


@pytest.mark.parametrize("rule", [r for r in RULES if r.unit is Unit.HOUR], ids=each)
def test_hours_never_roll(rule: Rule) -> None:
    assert rule.roll is Roll.NONE


@pytest.mark.parametrize("rule", [r for r in RULES if r.direction is Direction.BACKWARD], ids=each)
def test_backward_counts_never_roll_forward(rule: Rule) -> None:
    assert rule.roll is not Roll.FORWARD


@pytest.mark.parametrize("rule", [r for r in RULES if r.informative], ids=each)
def test_a_date_that_only_takes_effect_does_not_roll(rule: Rule) -> None:
    assert rule.roll is Roll.NONE


@pytest.mark.parametrize("rule", [r for r in RULES if r.lapse is Lapse.OTHER_MAY_ACT], ids=each)
def test_a_lapse_that_opens_a_way_says_which(rule: Rule) -> None:
    assert rule.lapse_text


@pytest.mark.parametrize("rule", [r for r in RULES if r.valid_until], ids=each)
def test_an_old_version_is_followed_by_a_new_one(rule: Rule) -> None:
    newer = get_rule(rule.code, rule.version + 1)
    assert newer.valid_from is not None
    assert rule.valid_until is not None
    assert (newer.valid_from - rule.valid_until).days == 1


@pytest.mark.parametrize("stage", [s for s in Stage if s not in STAGES_WITHOUT_PERIODS])
def test_every_stage_has_a_period(stage: Stage) -> None:
    assert [rule for rule in RULES if stage in rule.stages]


def test_every_fact_starts_or_stops_a_period_or_describes_employment() -> None:
    used = {source for rule in RULES for source in rule.trigger if isinstance(source, Fact)}
    used |= {fact for rule in RULES for fact in rule.unless_facts}
    assert set(Fact) - used == {Fact.HIRED_ON}


def test_every_fact_has_its_own_label() -> None:
    assert set(FACT_LABELS) == set(Fact)
    assert len(set(FACT_LABELS.values())) == len(FACT_LABELS)


def test_every_flag_of_the_case_is_asked_by_a_rule() -> None:
    asked = {when.key for rule in RULES for when in _conditions(rule)}
    assert set(FLAG_LABELS) - asked == set()


def _conditions(rule: Rule) -> list[When]:
    sources = [source for source in rule.trigger if isinstance(source, On)]
    return [*rule.when, *(when for source in sources for when in source.where)]


def test_the_first_rules_of_the_house() -> None:
    lengths = {
        code: (BY_CODE[code].length, BY_CODE[code].unit.value)
        for code in (
            "mediation.end",
            "arbitration.accept",
            "arbitration.decide",
            "arbitration.sue",
            "arbitration.limitation",
            "work_injury.employer_applies",
            "work_injury.worker_applies",
            "work_injury.decide",
            "inspection.accept",
            "inspection.investigate",
            "legal_aid.decide",
            "enforcement.apply",
            "ratification.review",
            "ratification.court",
        )
    }
    assert list(lengths.values()) == [
        (15, "day"),
        (5, "day"),
        (45, "day"),
        (15, "day"),
        (1, "year"),
        (30, "day"),
        (1, "year"),
        (60, "day"),
        (5, "working_day"),
        (60, "working_day"),
        (7, "day"),
        (2, "year"),
        (15, "day"),
        (30, "day"),
    ]


def test_a_rule_is_found_by_code() -> None:
    assert get_rule("arbitration.decide").length == 45


def test_the_newest_version_is_found_first() -> None:
    assert get_rule("appraisal.deliver").version == 2


def test_a_version_is_found_by_number_or_day() -> None:
    assert get_rule("appraisal.deliver", 1).length == 20
    assert get_rule("appraisal.deliver", on=date(2025, 6, 30)).length == 20


def test_an_unknown_rule_is_not_found() -> None:
    with pytest.raises(NotFound, match="没有期限规则"):
        get_rule("arbitration.dance")


def test_the_rules_stand_chapter_by_chapter() -> None:
    chapters = [rule.code.split(".")[0] for rule in RULES]
    runs = 1 + sum(first != second for first, second in pairwise(chapters))
    assert runs < len(set(chapters)) * 3
