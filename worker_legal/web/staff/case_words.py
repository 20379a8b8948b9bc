"""How a case, its proceedings and its dates are named on staff pages."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext, lazy_gettext

from worker_legal.domain import cases
from worker_legal.infra import clock
from worker_legal.law.enums import CaseStatus, Flag, Stage, Status, Who
from worker_legal.law.rules import RULES
from worker_legal.web import filters

STATE = {
    Status.APPLIED: "wait",
    Status.ACCEPTED: "open",
    Status.SUSPENDED: "stop",
    Status.REJECTED: "stop",
    Status.WITHDRAWN: "done",
    Status.CONCLUDED: "done",
}
AGENCIES = {
    Stage.LEGAL_AID: lazy_gettext("援助机构"),
    Stage.MEDIATION: lazy_gettext("审查机关"),
    Stage.ARBITRATION: lazy_gettext("仲裁委"),
    Stage.LITIGATION: lazy_gettext("法院"),
    Stage.ENFORCEMENT: lazy_gettext("执行法院"),
    Stage.PROCURATORATE: lazy_gettext("检察院"),
    Stage.INSPECTION: lazy_gettext("监察大队"),
    Stage.WORK_INJURY: lazy_gettext("人社部门"),
}
LABELS = {rule.code: rule.label for rule in RULES}


def title_parts(case: cases.Case) -> list[str]:
    """Who against whom, in phrases: 刘春生等20人, 与晋江示例鞋业有限公司."""
    name = case.lead_worker.name if case.lead_worker else gettext("未留姓名的职工")
    if case.worker_count > 1:
        name = gettext("%(name)s等%(n)s人", name=name, n=case.worker_count)
    if case.lead_employer is None:
        return [name]
    return [name, gettext("与%(name)s", name=case.lead_employer.name)]


def matter(case: cases.Case) -> str:
    """The cause, with the months of unpaid wages where they are known."""
    cause = gettext(case.dispute_kind.label)
    if case.unpaid_from is None:
        return cause
    months = _months(case.unpaid_from, case.unpaid_to or case.unpaid_from)
    return gettext("%(cause)s，%(months)s", cause=cause, months=months)


def _months(first: date, last: date) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return filters.month(first)
    return gettext("%(first)s至%(last)s", first=filters.month(first), last=filters.month(last))


def tags(case: cases.Case) -> list[str]:
    """What must not be overlooked: closed or void, collective, urgency flags."""
    found = []
    if case.status is not CaseStatus.OPEN:
        found.append(gettext(case.status.label))
    if case.is_collective:
        found.append(gettext("集体争议"))
    found += [gettext(Flag(value).label) for value in case.flags]
    if case.quiet_contact:
        found.append(gettext("不便接听电话"))
    return found


def proceeding_name(proceeding: cases.Proceeding, others: Sequence[cases.Proceeding]) -> str:
    """The service of a proceeding, numbered where the case has several of one kind."""
    name = gettext(proceeding.stage.label)
    twins = sum(other.stage is proceeding.stage for other in others)
    return gettext("%(name)s第%(n)s次", name=name, n=proceeding.seq) if twins > 1 else name


def proceeding_state(proceeding: cases.Proceeding) -> str:
    """Where a proceeding stands: its outcome when it has ended, else its status."""
    if proceeding.status is Status.CONCLUDED and proceeding.outcome is not None:
        return gettext(proceeding.outcome.label)
    return gettext(proceeding.status.label)


def stage_line(proceeding: cases.Proceeding) -> str:
    """Service and state in one phrase: 仲裁已受理."""
    stage, state = gettext(proceeding.stage.label), proceeding_state(proceeding)
    return gettext("%(stage)s%(state)s", stage=stage, state=state)


def whose_move(row: cases.Deadline, stage: Stage | None) -> str:
    """Who must act until a date; an agency by the short name people use."""
    if row.who is Who.AGENCY and stage in AGENCIES:
        return str(AGENCIES[stage])
    return gettext(row.who.label)


def due_label(row: cases.Deadline) -> str:
    """What is due, in the words of the rule."""
    return gettext(LABELS.get(row.rule_code, row.rule_code))


def due_kind(row: cases.Deadline) -> str:
    """Whether a date is a choice of the party or set by statute."""
    return gettext("可选") if row.optional else gettext("法定")


def day_title(day: date) -> str:
    """今天, 明天 or the weekday of a day in the list of dates."""
    ahead = (day - clock.today()).days
    if ahead == 0:
        return gettext("今天")
    return gettext("明天") if ahead == 1 else filters.weekday(day)
