"""Who will be reminded of a date, in words."""

from collections.abc import Iterator

from flask_babel import gettext, lazy_gettext

from worker_legal.domain import reminders
from worker_legal.domain.cases import Case, Deadline
from worker_legal.web import filters

RUNGS = {
    reminders.HANDLER: lazy_gettext("经办人"),
    reminders.DIRECTOR: lazy_gettext("站点主任"),
    reminders.CENTRE: lazy_gettext("中心主任"),
}


def chain_words(case: Case, row: Deadline) -> list[str]:
    """One sentence per rung of the ladder, the handler first."""
    return [_sentence(link) for link in reminders.chain_of(case, row)]


def _sentence(link: reminders.Link) -> str:
    names = gettext("、").join(link.names) or gettext("没有人，请主任指定")
    who = gettext("%(rung)s（%(names)s）", rung=RUNGS[link.rung], names=names)
    return gettext("%(who)s：%(when)s", who=who, when=gettext("；").join(_when(link)))


def _when(link: reminders.Link) -> Iterator[str]:
    days = gettext("、").join(filters.date_md(day) for day in link.days)
    if link.rung == reminders.HANDLER:
        yield gettext("%(days)s提醒", days=days)
    else:
        yield gettext("到%(days)s还没有人答复时提醒", days=days)
    if link.after is not None:
        yield gettext("过期没有办的，%(day)s起每天提醒", day=filters.date_md(link.after))
