"""The wording of the report sentence: the office's own text with named places for its figures."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from worker_legal.domain import audit, org
from worker_legal.domain.permissions import Action, Actor
from worker_legal.domain.statistics.measures import Figures, Period
from worker_legal.errors import BadInput
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import Base, UtcDateTime, db
from worker_legal.law.money import format_wan, format_yuan, round_half_up

Gettext = Callable[[str], str]
LANGUAGES = ("zh", "en")
LONGEST_NAME = 60
LONGEST_TEXT = 600
UNKNOWN = "—"
BUILT_IN = N_(
    "{期间}，园区职工法律服务一体化平台共受理劳动争议{案件数}起，涉及职工{人数}人（{人次}人次），"
    "涉案金额{金额万元}万元，协助职工申请工伤认定{工伤人数}人[，案件数同比{同比}]。"
)
# Chinese keyboards give the wide forms
_NARROW = str.maketrans("｛｝［］", "{}[]")
_TOKEN = re.compile(r"\{([^{}\[\]]*)\}|([{}\[\]])|([^{}\[\]]+)")


class ReportTemplate(Base):
    """One version of the wording in one language; append-only, so that old reports can be read."""

    __tablename__ = "report_template"
    __table_args__ = (
        sa.UniqueConstraint("language", "version"),
        sa.CheckConstraint("version > 0", name="version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(8))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME))
    text: Mapped[str] = mapped_column(sa.String(LONGEST_TEXT))
    # periods that end on this day or later are reported in it
    valid_from: Mapped[date]
    author: Mapped[str] = mapped_column(sa.String(80))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class NewWording:
    """A version as the screen yields it."""

    name: str
    language: str
    text: str
    valid_from: date


@dataclass(frozen=True)
class Part:
    """A piece of the sentence; a number carries the name of the figure it links to."""

    text: str
    figure: str = ""


# --- the named places -----------------------------------------------------------------


Value = Callable[[Period, Figures, Gettext], str | None]


@dataclass(frozen=True)
class Place:
    """A place for a figure: its two names, what it stands for, and the figure it links to."""

    name: str
    english: str
    meaning: str
    figure: str
    value: Value


def _span(period: Period, _found: Figures, gettext: Gettext) -> str:
    first, last = period.first, period.last
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return gettext(N_("%(year)s年")) % {"year": first.year}
    days = {"first": _day(first, gettext), "last": _day(last, gettext)}
    return gettext(N_("%(first)s至%(last)s")) % days


def _day(day: date, gettext: Gettext) -> str:
    names = {"year": day.year, "month": day.month, "day": day.day}
    return gettext(N_("%(year)s年%(month)s月%(day)s日")) % names


def _count(name: str) -> Value:
    return lambda _period, found, _gettext: f"{getattr(found, name):,}"


def _wan(name: str) -> Value:
    return lambda _period, found, _gettext: format_wan(getattr(found, name))


def _yuan(name: str) -> Value:
    return lambda _period, found, _gettext: format_yuan(getattr(found, name))


def _change(_period: Period, found: Figures, gettext: Gettext) -> str | None:
    permille = found.change.permille
    if permille is None:
        return None
    if permille == 0:
        return gettext(N_("持平"))
    text = N_("下降约%(n)s%%") if permille < 0 else N_("上升约%(n)s%%")
    return gettext(text) % {"n": round_half_up(Fraction(abs(permille), 10))}


def _before(_period: Period, found: Figures, _gettext: Gettext) -> str | None:
    return None if found.change.before is None else f"{found.change.before:,}"


PLACES = (
    Place("期间", "period", N_("报告的期间"), "", _span),
    Place("案件数", "cases", N_("受理案件（起）"), "cases", _count("cases")),
    Place("人数", "people", N_("涉及职工（人）"), "people", _count("people")),
    Place("人次", "person_times", N_("涉及职工（人次）"), "person_times", _count("person_times")),
    Place("金额万元", "amount_wan", N_("涉案金额（万元）"), "amount", _wan("amount_fen")),
    Place("金额元", "amount_yuan", N_("涉案金额（元）"), "amount", _yuan("amount_fen")),
    Place("协议万元", "agreed_wan", N_("协议金额（万元）"), "agreed", _wan("agreed_fen")),
    Place("到账万元", "received_wan", N_("实际到账（万元）"), "received", _wan("received_fen")),
    Place(
        "工伤人数",
        "work_injury_people",
        N_("工伤认定申请（人）"),
        "work_injury_people",
        _count("work_injury_people"),
    ),
    Place("同比", "change", N_("案件数同比，例如“下降约23%”"), "change", _change),
    Place("上年同期", "cases_before", N_("上年同期的案件数（起）"), "change", _before),
)
_KNOWN = {name: place for place in PLACES for name in (place.name, place.english)}


# --- reading and filling in ---------------------------------------------------------------


@dataclass(frozen=True)
class _Piece:
    text: str
    place: Place | None
    # 0 outside brackets, else the number of the bracket it stands in
    bracket: int


def _pieces(text: str) -> Iterator[_Piece]:
    bracket, is_open = 0, False
    for name, mark, words in _TOKEN.findall(text.translate(_NARROW)):
        if mark:
            if mark not in "[]" or is_open == (mark == "["):
                raise BadInput(N_("括号要成对，方括号里不能再套方括号"), field="text")
            is_open = mark == "["
            bracket += is_open
        else:
            place = None if words else _place(name)
            yield _Piece(words, place, bracket if is_open else 0)
    if is_open:
        raise BadInput(N_("括号要成对，方括号里不能再套方括号"), field="text")


def _place(name: str) -> Place:
    found = _KNOWN.get(name.strip())
    if found is None:
        raise BadInput(
            N_("没有“%(name)s”这个位置，可以用的有：%(known)s"),
            field="text",
            name="{" + name + "}",
            known="、".join(_KNOWN),
        )
    return found


def fill_in(text: str, period: Period, found: Figures, gettext: Gettext = str) -> list[Part]:
    """The sentence in pieces, its numbers apart so that each can be a link (features J3).

    What stands in square brackets is left out whole when a figure in it is not known.
    Raises BadInput for a place nobody knows.
    """
    filled = [
        (piece, piece.place.value(period, found, gettext) if piece.place else piece.text)
        for piece in _pieces(text)
    ]
    dropped = {piece.bracket for piece, value in filled if value is None and piece.bracket}
    return [
        Part(UNKNOWN if value is None else value, piece.place.figure if piece.place else "")
        for piece, value in filled
        if piece.bracket not in dropped
    ]


# --- versions -----------------------------------------------------------------------------


def versions(language: str) -> list[ReportTemplate]:
    """Every version in a language, the newest first."""
    query = sa.select(ReportTemplate).where(ReportTemplate.language == language)
    return list(db.session.scalars(query.order_by(ReportTemplate.version.desc())))


def text_for(language: str, day: date, gettext: Gettext = str) -> str:
    """The wording for a period that ends on this day: the office's, else the built-in one."""
    query = sa.select(ReportTemplate.text).where(
        ReportTemplate.language == language, ReportTemplate.valid_from <= day
    )
    order = (ReportTemplate.valid_from.desc(), ReportTemplate.version.desc())
    return db.session.scalar(query.order_by(*order).limit(1)) or gettext(BUILT_IN)


def save(actor: Actor, new: NewWording) -> ReportTemplate:
    """Keep a further version; saving the latest once more changes nothing.

    Raises BadInput.
    """
    actor.require(Action.EDIT_WORDING, org.centre().id)
    name, text = new.name.strip(), " ".join(new.text.split())
    _check(name, text, new.language)
    known = versions(new.language)
    if known and (known[0].name, known[0].text, known[0].valid_from) == (
        name,
        text,
        new.valid_from,
    ):
        return known[0]
    row = ReportTemplate(
        language=new.language,
        version=known[0].version + 1 if known else 1,
        name=name,
        text=text,
        valid_from=new.valid_from,
        author=actor.label,
        made_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "save_wording", "report_template", row.id)
    return row


def _check(name: str, text: str, language: str) -> None:
    if language not in LANGUAGES:
        raise BadInput(N_("没有这种语言"), field="language")
    if not 1 <= len(name) <= LONGEST_NAME:
        raise BadInput(N_("名称要有1到60个字"), field="name")
    if not 1 <= len(text) <= LONGEST_TEXT:
        raise BadInput(N_("用语要有1到600个字"), field="text")
    if not any(piece.place for piece in _pieces(text)):
        raise BadInput(N_("用语里要至少有一个数的位置，例如{案件数}"), field="text")
