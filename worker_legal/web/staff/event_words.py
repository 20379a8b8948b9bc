"""How an event of the timeline reads: one line, and what stands under it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext, lazy_gettext

from worker_legal.domain import access, cases, org
from worker_legal.law import stages
from worker_legal.law.compensation import Kind
from worker_legal.law.enums import DisputeKind, EventKind, Flag, Outcome, Stage
from worker_legal.law.stages import FieldKind, FieldSpec
from worker_legal.web import filters

MILESTONES = frozenset(
    {
        EventKind.REGISTERED,
        EventKind.APPLIED,
        EventKind.AGREEMENT_SIGNED,
        EventKind.AWARD_SERVED,
        EventKind.JUDGMENT_SERVED,
        EventKind.DECISION_SERVED,
        EventKind.HEARING_HELD,
        EventKind.PAID,
        EventKind.AID_GRANTED,
        EventKind.RATIFIED,
        EventKind.HANDED_OVER,
        EventKind.CLOSED,
        EventKind.REOPENED,
        EventKind.VOIDED,
        *stages.MOVING,
    }
)
FACT_WORDS = {
    "hired_on": lazy_gettext("入职日期"),
    "left_on": lazy_gettext("离职日期"),
    "injured_on": lazy_gettext("受伤日期"),
    "diagnosed_on": lazy_gettext("职业病诊断日期"),
    "dispute_known_on": lazy_gettext("知道权利被侵害的日期"),
    "unpaid_from": lazy_gettext("欠薪从"),
    "unpaid_to": lazy_gettext("欠薪到"),
}
FIELD_WORDS = {
    "name": lazy_gettext("姓名"),
    "id_type": lazy_gettext("证件类型"),
    "id_no": lazy_gettext("证件号码"),
    "phone": lazy_gettext("手机"),
    "gender": lazy_gettext("性别"),
    "address": lazy_gettext("住址"),
}
PARTY_WORDS = {
    "added": lazy_gettext("增加了当事人"),
    "removed": lazy_gettext("移除了误登的当事人"),
    "claim": lazy_gettext("更正了一名职工的金额"),
    "corrected": lazy_gettext("更正了当事人信息"),
    "representatives": lazy_gettext("登记了推选的代表"),
}
IN_TITLE = frozenset({"outcome", "agreed_fen", "received_fen", "awarded_fen", "at", "reached"})


def title_of(event: cases.CaseEvent) -> str:
    """The line of an event: 仲裁·受理, 签订调解协议 268,800.00元, 电话 接通."""
    stage = stage_of(event)
    kind = gettext(event.kind.label)
    if event.kind is EventKind.APPLIED and stage is not None:
        line = gettext("申请%(stage)s", stage=gettext(stage.label))
    elif stage is not None:
        line = f"{gettext(stage.label)}·{kind}"
    else:
        line = kind
    return " ".join([line, *_main_facts(event.payload)])


def stage_of(event: cases.CaseEvent) -> Stage | None:
    """The service an event belongs to, none for an event of the case itself."""
    if event.proceeding_id is None:
        return None
    return event.proceeding.stage if event.proceeding else None


def _main_facts(payload: Mapping[str, Any]) -> list[str]:
    found = []
    if payload.get("outcome"):
        found.append(gettext(Outcome(payload["outcome"]).label))
    for name in ("agreed_fen", "awarded_fen", "received_fen"):
        if payload.get(name):
            found.append(gettext("%(yuan)s元", yuan=filters.fen(int(payload[name]))))
    if payload.get("at"):
        found.append(filters.instant(datetime.fromisoformat(payload["at"])))
    if payload.get("reached"):
        found.append(gettext("接通") if payload["reached"] == "yes" else gettext("未接通"))
    return found


def details_of(event: cases.CaseEvent, names: Mapping[int, str]) -> list[str]:
    """What stands under an event: about whom, its other facts, and why it was corrected.

    `names` are those of the parties of the case.
    """
    if event.kind in ABOUT_PARTIES:
        lines = ABOUT_PARTIES[event.kind](event.payload, _whom(event.payload, names))
    else:
        lines = SPECIAL[event.kind](event.payload) if event.kind in SPECIAL else _plain(event)
    reason = event.payload.get("reason")
    named = {spec.name for spec in _specs(event)}
    if reason and "reason" not in named:
        lines.append(gettext("理由：%(text)s", text=reason))
    if event.payload.get("correction"):
        lines.append(gettext("更正理由：%(text)s", text=event.payload["correction"]))
    return lines


def _specs(event: cases.CaseEvent) -> tuple[FieldSpec, ...]:
    if event.kind in (EventKind.APPLIED, EventKind.CLOSED):
        return ()
    return stages.fields_for(stage_of(event), event.kind)


def _plain(event: cases.CaseEvent) -> list[str]:
    return facts_in_words(
        [spec for spec in _specs(event) if spec.name not in IN_TITLE], event.payload
    )


def facts_in_words(specs: Any, values: Mapping[str, Any]) -> list[str]:
    """The facts of a specification as 对方案号：… lines; empty ones are left out."""
    return [
        gettext(
            "%(word)s：%(text)s", word=gettext(spec.label), text=_value(spec, values[spec.name])
        )
        for spec in specs
        if values.get(spec.name) not in (None, "")
    ]


def _value(spec: FieldSpec, value: Any) -> str:
    if spec.choices:
        return gettext(dict(spec.choices).get(str(value), str(value)))
    if spec.kind is FieldKind.YESNO:
        return gettext("是") if value == "yes" else gettext("否")
    if spec.kind is FieldKind.MONEY:
        return filters.fen(int(value))
    if spec.kind is FieldKind.DATE:
        return filters.date_cn(date.fromisoformat(str(value)))
    return str(value)


def _assigned(payload: Mapping[str, Any]) -> list[str]:
    handler = payload.get("handler")
    name = access.get_user(handler).display_name if handler else gettext("没有经办人")
    return [gettext("经办人：%(name)s", name=name)]


def _handed_over(payload: Mapping[str, Any]) -> list[str]:
    sites = [org.get_unit(payload[name]).name for name in ("from", "to") if payload.get(name)]
    return ["→".join(sites)]


def _whom(payload: Mapping[str, Any], names: Mapping[int, str]) -> str:
    parties = payload.get("parties") or [payload.get("party")]
    return gettext("、").join(names[party] for party in parties if names.get(party))


def _receipt_issued(payload: Mapping[str, Any], whom: str) -> list[str]:
    lines = [gettext("职工：%(name)s", name=whom)] if whom else []
    return [*lines, gettext("补发，旧码已作废")] if payload.get("reissued") else lines


def _party_changed(payload: Mapping[str, Any], whom: str) -> list[str]:
    word = str(PARTY_WORDS.get(payload.get("change", ""), ""))
    lines = [gettext("%(word)s：%(text)s", word=word, text=whom) if word and whom else word]
    if "old_fen" in payload:
        old, new = filters.fen(payload["old_fen"]), filters.fen(payload.get("new_fen"))
        lines.append(gettext("%(old)s元改为%(new)s元", old=old, new=new))
    for name, pair in payload.get("fields", {}).items():
        old, new = (_told(name, value) for value in pair)
        word = str(FIELD_WORDS[name])
        changed = gettext("%(word)s：%(old)s改为%(new)s", word=word, old=old, new=new)
        lines.append(changed if any(pair) else gettext("更正了%(word)s", word=word))
    return [line for line in lines if line]


def _told(name: str, value: str) -> str:
    if not value:
        return gettext("空白")
    return value if name == "name" else gettext(value)


def _facts_changed(payload: Mapping[str, Any]) -> list[str]:
    lines = []
    for name, word in FACT_WORDS.items():
        if name in payload:
            old, new = (value or gettext("空白") for value in payload[name])
            lines.append(gettext("%(word)s：%(old)s改为%(new)s", word=word, old=old, new=new))
    return lines


def _case_changed(payload: Mapping[str, Any]) -> list[str]:
    old, new = (gettext(DisputeKind(value).label) for value in payload["cause"])
    lines = [gettext("案由：%(old)s改为%(new)s", old=old, new=new)] if old != new else []
    flags = gettext("、").join(gettext(Flag(value).label) for value in payload.get("flags", ()))
    return [*lines, gettext("标记：%(flags)s", flags=flags or gettext("无"))]


def _calculated(payload: Mapping[str, Any]) -> list[str]:
    what = gettext(Kind(payload["calculation"]).label)
    total = filters.fen(payload["total_fen"])
    return [gettext("%(what)s，合计%(yuan)s元", what=what, yuan=total)]


SPECIAL: dict[EventKind, Callable[[Mapping[str, Any]], list[str]]] = {
    EventKind.ASSIGNED: _assigned,
    EventKind.HANDED_OVER: _handed_over,
    EventKind.FACTS_CHANGED: _facts_changed,
    EventKind.CASE_CHANGED: _case_changed,
    EventKind.CALCULATED: _calculated,
}

ABOUT_PARTIES: dict[EventKind, Callable[[Mapping[str, Any], str], list[str]]] = {
    EventKind.RECEIPT_ISSUED: _receipt_issued,
    EventKind.PARTY_CHANGED: _party_changed,
}
