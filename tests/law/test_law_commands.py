"""The commands for integrators: JSON in, JSON out, one clear line for a wrong input."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from worker_legal.cli_law import law
from worker_legal.errors import BadInput
from worker_legal.law import commands
from worker_legal.law.enums import EventKind
from worker_legal.law.rules import RULES


def run(*words: str, given: object = None) -> Result:
    text = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    return CliRunner().invoke(law, list(words), input=text)


def period(**item: Any) -> dict[str, Any]:
    (answer,) = commands.period([{"start": "2026-03-02", "length": 15, **item}])
    return answer


def test_a_period_is_answered_with_its_working() -> None:
    assert period() == {
        "due": "2026-03-17",
        "provisional": False,
        "earliest": "2026-03-17",
        "latest": "2026-03-17",
        "raw": "2026-03-17",
        "steps": [
            "从2026-03-02 周一起算，当天不算",
            "2026-03-02 周一加15日，自然日，得2026-03-17 周二",
            "周二到期：2026-03-17",
        ],
    }


@pytest.mark.parametrize(
    ("item", "due"),
    [
        ({"start": "2026-12-10", "length": 45, "roll": "forward"}, "2027-01-25"),
        ({"start": "2026-12-10", "length": 45, "roll": "none"}, "2027-01-24"),
        ({"start": "2026-02-14T22:30", "length": 48, "unit": "hour"}, "2026-02-16T22:30"),
        ({"start": "2026-02-24", "length": 5, "direction": "backward"}, "2026-02-19"),
        (
            {"start": "2026-02-24", "length": 5, "direction": "backward", "roll": "back"},
            "2026-02-14",
        ),
        ({"start": "2026-10-03", "length": 0, "roll": "back"}, "2026-09-30"),
        ({"start": "2026-02-13", "length": 5, "unit": "working_day"}, "2026-02-27"),
        (
            {
                "start": "2025-11-30",
                "length": 3,
                "unit": "month",
                "adjust": [{"type": "extend", "length": 1}],
            },
            "2026-03-30",
        ),
        ({"adjust": None}, "2026-03-17"),
        (
            {
                "length": 45,
                "adjust": [
                    {"type": "suspend", "from": "2026-03-11", "to": "2026-04-09"},
                    {"type": "extend", "length": 15, "unit": "day"},
                    {"type": "restart", "date": "2026-03-10"},
                ],
            },
            "2026-06-08",
        ),
    ],
)
def test_periods(item: dict[str, Any], due: str) -> None:
    assert period(**item)["due"] == due


def test_the_answers_keep_the_order_of_the_questions() -> None:
    items = [{"start": "2026-03-02", "length": n} for n in (3, 1, 2)]
    assert [a["due"] for a in commands.period(items)] == ["2026-03-05", "2026-03-03", "2026-03-04"]


@pytest.mark.parametrize(
    ("items", "where"),
    [
        ({}, "列表"),
        ([1], "[0]"),
        ([{"length": 1}], "[0].start"),
        ([{"start": "2026-03-02"}], "[0].length"),
        ([{"start": "2026-02-30", "length": 1}], "[0].start"),
        ([{"start": "2026-3-2", "length": 1}], "[0].start"),
        ([{"start": "2026-03-02T25:00", "length": 1}], "[0].start"),
        ([{"start": 20260302, "length": 1}], "[0].start"),
        ([{"start": "2026-03-02", "length": -1}], "[0].length"),
        ([{"start": "2026-03-02", "length": 1.5}], "[0].length"),
        ([{"start": "2026-03-02", "length": True}], "[0].length"),
        ([{"start": "2026-03-02", "length": "15"}], "[0].length"),
        ([{"start": "2026-03-02", "length": 99999999}], "[0].length"),
        ([{"start": "2026-03-02", "length": 1, "unit": "week"}], "[0].unit"),
        ([{"start": "2026-03-02", "length": 1, "direction": "up"}], "[0].direction"),
        ([{"start": "2026-03-02", "length": 1, "roll": "on"}], "[0].roll"),
        ([{"start": "2026-03-02", "length": 1, "holiday": 1}], "[0].holiday"),
        ([{"start": "2026-03-02", "length": 1}, 1], "[1]"),
        ([{"start": "2026-03-02", "length": 1, "adjust": {}}], "[0].adjust"),
        ([{"start": "2026-03-02", "length": 1, "adjust": False}], "[0].adjust"),
        ([{"start": "2026-03-02", "length": 1, "adjust": {"a": 1}}], "[0].adjust"),
        ([{"start": "2026-03-02", "length": 1, "adjust": [1]}], "[0].adjust[0]"),
        ([{"start": "2026-03-02", "length": 1, "adjust": [{}]}], "[0].adjust[0].type"),
        ([{"start": "2026-03-02", "length": 1, "adjust": [{"type": "stop"}]}], "adjust[0].type"),
        ([{"start": "2026-03-02", "length": 1, "adjust": [{"type": 1}]}], "adjust[0].type"),
        ([{"start": "2026-03-02", "length": 1, "adjust": [{"type": "extend"}]}], "[0].length"),
        (
            [{"start": "2026-03-02", "length": 1, "adjust": [{"type": "restart"}]}],
            "adjust[0].date",
        ),
        (
            [{"start": "2026-03-02", "length": 1, "adjust": [{"type": "suspend", "from": "x"}]}],
            "adjust[0].to",
        ),
        (
            [
                {
                    "start": "2026-03-02",
                    "length": 1,
                    "adjust": [{"type": "suspend", "from": "2026-03-05", "to": "2026-03-04"}],
                }
            ],
            "早于 from",
        ),
        (
            [
                {
                    "start": "2026-03-02",
                    "length": 1,
                    "adjust": [{"type": "suspend", "from": "2026-03-05T10:00", "to": "2026-03-06"}],
                }
            ],
            "只要日期",
        ),
        (
            [{"start": "2026-03-02", "length": 1, "adjust": [{"type": "extend", "to": 1}]}],
            "adjust[0].to",
        ),
        ([{"start": "9999-12-30", "length": 10}], "超出"),
        (
            [
                {
                    "start": "2026-03-02",
                    "length": 1,
                    "direction": "backward",
                    "adjust": [{"type": "extend", "length": 1}],
                }
            ],
            "倒数",
        ),
    ],
)
def test_a_wrong_period_is_refused_with_its_place(items: object, where: str) -> None:
    with pytest.raises(BadInput) as refused:
        commands.period(items)
    assert where in str(refused.value)


# Dues


def dues(**data: Any) -> dict[str, dict[str, Any]]:
    return {answer["rule"]: answer for answer in commands.due(data)}


def test_a_due_tells_rule_date_and_whose_move_it_is() -> None:
    answer = dues(facts={"injured_on": "2025-12-15"})["work_injury.worker_applies"]
    assert (answer["due"], answer["who"], answer["provisional"]) == (
        "2026-12-15",
        "worker",
        False,
    )
    assert answer["steps"][-1].endswith("2026-12-15")


def test_no_deadline_is_null() -> None:
    answer = dues(facts={"unpaid_from": "2025-01-10"})["arbitration.limitation_employed"]
    assert (answer["due"], answer["earliest"], answer["latest"]) == (None, None, None)


def test_details_may_stand_in_the_event_or_under_data() -> None:
    plain = {"kind": "award_served", "on": "2026-03-02", "stage": "arbitration"}
    assert set(dues(events=[{**plain, "final": True}])) == set(
        dues(events=[{**plain, "data": {"final": "yes"}}])
    )


def test_events_of_one_stage_belong_together() -> None:
    answer = dues(
        events=[
            {"kind": "applied", "on": "2026-03-02", "stage": "arbitration"},
            {"kind": "accepted", "on": "2026-03-04", "stage": "arbitration"},
        ]
    )["arbitration.accept"]
    assert answer["state"] == "met"


def test_events_of_two_proceedings_are_kept_apart() -> None:
    answer = dues(
        events=[
            {"kind": "applied", "on": "2026-03-02", "stage": "arbitration", "proceeding": 1},
            {"kind": "accepted", "on": "2026-03-04", "stage": "arbitration", "proceeding": 2},
        ]
    )["arbitration.accept"]
    assert answer["state"] == "open"


def test_the_day_of_asking_may_be_given() -> None:
    answer = dues(facts={"injured_on": "2025-01-15"}, as_of="2026-11-23")
    assert answer["work_injury.worker_applies"]["state"] == "lapsed"


def test_a_flag_may_stand_among_the_facts() -> None:
    events = [{"kind": "copy_served", "on": "2026-03-02", "stage": "arbitration"}]
    assert "arbitration.answer_working" in dues(facts={"answer_working_days": True}, events=events)
    assert "arbitration.answer_working" in dues(flags={"answer_working_days": "yes"}, events=events)


def test_an_unknown_date_of_the_case_is_left_out() -> None:
    assert dues(facts={"injured_on": None}) == {}


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ([], "对象"),
        ({"fact": {}}, "fact"),
        ({"facts": []}, "facts"),
        ({"flags": []}, "flags"),
        ({"events": {}}, "events"),
        ({"facts": {"injured": "2026-03-02"}}, "facts.injured"),
        ({"flags": {"injured_on": "2026-03-02"}}, "facts.injured_on"),
        ({"facts": {"injured_on": "yesterday"}}, "facts.injured_on"),
        ({"facts": {"collective": 3}}, "facts.collective"),
        ({"events": [1]}, "events[0]"),
        ({"events": [{"on": "2026-03-02"}]}, "events[0].kind"),
        ({"events": [{"kind": "applied"}]}, "events[0].on"),
        ({"events": [{"kind": "danced", "on": "2026-03-02"}]}, "danced"),
        ({"events": [{"kind": "applied", "on": "2026-03-02T10:00"}]}, "只要日期"),
        ({"events": [{"kind": "applied", "on": "2026-03-02", "stage": "x"}]}, "events[0].stage"),
        ({"events": [{"kind": "applied", "on": "2026-03-02", "stage": []}]}, "events[0].stage"),
        ({"events": [{"kind": "applied", "on": "2026-03-02", "stage": ""}]}, "events[0].stage"),
        ({"events": [{"kind": "applied", "on": "2026-03-02", "data": 1}]}, "events[0].data"),
        (
            {"events": [{"kind": "applied", "on": "2026-03-02", "proceeding": "a"}]},
            "events[0].proceeding",
        ),
        ({"events": [{"kind": "hearing_scheduled", "on": "2026-03-02", "at": "soon"}]}, ".at"),
        ({"events": [{"kind": "extended", "on": "2026-03-02", "days": -3}]}, ".days"),
        ({"as_of": "today"}, "as_of"),
    ],
)
def test_a_wrong_case_is_refused_with_its_place(data: object, where: str) -> None:
    with pytest.raises(BadInput) as refused:
        commands.due(data)
    assert where in str(refused.value)


# Rules and schema


def test_every_rule_row_is_printed() -> None:
    assert [(row["code"], row["version"]) for row in commands.rules()] == [
        (rule.code, rule.version) for rule in RULES
    ]


def test_a_rule_row_has_every_column() -> None:
    row = next(row for row in commands.rules() if row["code"] == "arbitration.decide")
    assert {key: row[key] for key in ("length", "unit", "roll", "who", "article", "confirmed")} == {
        "length": 45,
        "unit": "day",
        "roll": "forward",
        "who": "agency",
        "article": "43(1)",
        "confirmed": True,
    }
    assert row["extended_by"] == {"length": 15, "unit": "day", "once": True}
    assert row["excluded_between"] == [["suspended", "resumed"], ["public_notice", 30]]
    assert row["trigger"] == {"events": ["accepted"], "facts": []}


def test_the_schema_names_facts_events_and_rules() -> None:
    names = commands.schema()
    assert "injured_on" in names["facts"]
    assert names["events"] == [kind.value for kind in EventKind]
    assert len(names["rules"]) == len(set(names["rules"])) == len({rule.code for rule in RULES})
    assert names["event_data"]["recipient"] == ["employer", "worker"]


# The command line


def test_the_command_prints_json() -> None:
    result = run("period", given=[{"start": "2026-03-02", "length": 15}])
    assert (result.exit_code, json.loads(result.output)[0]["due"]) == (0, "2026-03-17")


def test_the_command_answers_a_case() -> None:
    result = run("due", given={"facts": {"injured_on": "2025-12-15"}})
    assert {"rule", "due", "who", "provisional", "steps"} <= set(json.loads(result.output)[0])


def test_the_command_prints_the_rules_as_json() -> None:
    assert len(json.loads(run("rules", "--format", "json").output)) == len(RULES)


def test_the_command_prints_the_rules_as_a_table() -> None:
    lines = run("rules").output.splitlines()
    assert len(lines) == len(RULES)
    assert any("45 day" in line and "第43条第1款" in line for line in lines)


def test_the_command_prints_the_schema() -> None:
    assert {"facts", "events", "rules"} <= set(json.loads(run("schema").output))


def test_the_command_computes_sums() -> None:
    result = run("compensation", given=[{"kind": "nothing"}])
    assert (result.exit_code, list(json.loads(result.output)[0])) == (0, ["error"])


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (("period",), "{"),
        (("period",), ""),
        (("period",), '{"start": 1}'),
        (("period",), '[{"start": "2026-02-30", "length": 1}]'),
        (("due",), "[]"),
        (("due",), '{"facts": {"x": 1}}'),
        (("compensation",), "{}"),
        (("period",), "[" * 100_000),
    ],
)
def test_wrong_input_gives_one_line_and_exit_two(words: tuple[str, ...], given: str) -> None:
    result = run(*words, given=given)
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stdout == ""
