"""Shared fields: each takes what people type, gives a checked value, and keeps the typing."""

import re
import secrets
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import (
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import Choice
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from worker_legal.domain import access, org
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import BadInput
from worker_legal.infra import clock
from worker_legal.law import identifiers, money
from worker_legal.law.enums import IdType, LabelledEnum
from worker_legal.web.refusals import sentence

FIRST_YEAR = 1950
LAST_YEAR = 2100
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?|(\d{4})(\d{2})")
_TIME = re.compile(r"(.+?)[\sT]+(\d{1,2})[:：](\d{2})")


def needed(text: Any = None) -> Callable[[Any, Any], None]:
    """A validator: this must be filled in."""

    def check(form: Any, field: Any) -> None:
        given = [raw for raw in (field.raw_data or []) if isinstance(raw, str) and raw.strip()]
        if not given and not field.errors:
            raise StopValidation(str(text or gettext("请填写这一项")))

    check.field_flags = {"required": True}  # type: ignore[attr-defined]
    return check


def at_most(length: int) -> Callable[[Any, Any], None]:
    """A validator: no more than so many characters."""

    def check(form: Any, field: Any) -> None:
        if len(field.data or "") > length:
            raise StopValidation(gettext("最多%(n)s个字", n=length))

    check.field_flags = {"maxlength": length}  # type: ignore[attr-defined]
    return check


def not_in_future(form: Any, field: Any) -> None:
    """A validator: a day that has come."""
    if field.data is not None and field.data > clock.today():
        raise StopValidation(gettext("这个日期不能晚于今天"))


class TextField(StringField):
    """One line of text without spaces around it, with a greatest length."""

    def __init__(self, label: Any = None, length: int = 120, needs: bool = False, **kwargs: Any):
        validators = [*kwargs.pop("validators", [])]
        checks = [needed()] if needs else []
        super().__init__(label, [*checks, at_most(length), *validators], **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the text without spaces around it."""
        self.data = valuelist[0].strip() if valuelist else ""


class LongTextField(TextAreaField):
    """Several lines of text with a greatest length."""

    def __init__(self, label: Any = None, length: int = 4000, needs: bool = False, **kwargs: Any):
        validators = [*kwargs.pop("validators", [])]
        checks = [needed()] if needs else []
        super().__init__(label, [*checks, at_most(length), *validators], **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the text with plain line ends and without spaces around it."""
        self.data = valuelist[0].replace("\r\n", "\n").strip() if valuelist else ""


class TypedField(StringField):
    """A value read from text: what cannot be read stays in the field with a sentence."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kwargs: Any):
        super().__init__(label, [_keep_reading_error, *validators], **kwargs)

    def read(self, text: str) -> Any:
        """The value of what was typed; raises ValueError with a sentence."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """The value as a person would type it."""
        return str(value)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the value; an empty field is None."""
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if text:
            self.data = self.read(text)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)


def _keep_reading_error(form: Any, field: Any) -> None:
    if field.process_errors:
        raise StopValidation()


class MoneyField(TypedField):
    """An amount typed in yuan, kept as fen."""

    def read(self, text: str) -> int:
        """Fen of "12,345.60", "1.2万"."""
        try:
            return money.parse_yuan(text)
        except BadInput as error:
            raise ValueError(sentence(error)) from error

    def write(self, value: Any) -> str:
        """Yuan with thousands marks."""
        return money.format_yuan(value)


class LegalDateField(TypedField):
    """A calendar day: 2026-12-10, 2026.12.10, 2026/12/10, 20261210 or 2026年12月10日."""

    def read(self, text: str) -> date:
        """The day that was typed."""
        return read_day(text)

    def write(self, value: Any) -> str:
        """The day as 2026-12-10."""
        return f"{value:%Y-%m-%d}"


class MonthField(TypedField):
    """A month: 2026-08, 2026.8, 202608 or 2026年8月; its first day, or its last with `end`."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kwargs: Any):
        self.end = bool(kwargs.pop("end", False))
        super().__init__(label, validators, **kwargs)

    def read(self, text: str) -> date:
        """The first (or last) day of the month that was typed."""
        found = _MONTH.fullmatch(_plain(text))
        if found is None:
            raise ValueError(gettext("月份请写成 2026-08"))
        year, month = int(found[1] or found[3]), int(found[2] or found[4])
        if not (1 <= month <= 12 and FIRST_YEAR <= year <= LAST_YEAR):
            raise ValueError(gettext("没有这个月份，请核对"))
        return date(year, month, monthrange(year, month)[1] if self.end else 1)

    def write(self, value: Any) -> str:
        """The month as 2026-08."""
        return f"{value:%Y-%m}"


class InstantField(TypedField):
    """A day and a time of day in the office: 2026-11-26 14:30; kept as an aware instant."""

    def read(self, text: str) -> datetime:
        """The instant that was typed, by the office's wall clock."""
        found = _TIME.fullmatch(_plain(text))
        if found is None:
            raise ValueError(gettext("日期和时间请写成 2026-11-26 14:30"))
        day, hour, minute = read_day(found[1]), int(found[2]), int(found[3])
        if hour > 23 or minute > 59:
            raise ValueError(gettext("没有这个时刻，请核对"))
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.SHANGHAI)

    def write(self, value: Any) -> str:
        """The instant as 2026-11-26 14:30."""
        return f"{clock.local(value):%Y-%m-%d %H:%M}"


class IdNumberField(TextField):
    """A number of an identity paper; doubts are remarks, never a refusal."""

    def __init__(self, label: Any = None, length: int = 40, **kwargs: Any):
        super().__init__(label, length, **kwargs)

    def remarks(self, kind: IdType) -> list[str]:
        """What is doubtful about the number, in the language of the page."""
        if not self.data:
            return []
        return [gettext(text) for text in identifiers.check_id(kind, self.data, clock.today())]


class UsccField(TextField):
    """A unified social credit code; doubts are remarks, never a refusal."""

    def __init__(self, label: Any = None, length: int = 18, **kwargs: Any):
        super().__init__(label, length, **kwargs)

    def remarks(self) -> list[str]:
        """What is doubtful about the code, in the language of the page."""
        return [gettext(text) for text in identifiers.check_uscc(self.data)] if self.data else []


class PhoneField(TextField):
    """A telephone number; doubts are remarks, never a refusal."""

    def __init__(self, label: Any = None, length: int = 40, **kwargs: Any):
        super().__init__(label, length, **kwargs)

    def remarks(self) -> list[str]:
        """What is doubtful about the number, in the language of the page."""
        return [gettext(text) for text in identifiers.check_phone(self.data)] if self.data else []


class _Chosen:
    """Refuses what is not in the list, in our words."""

    raw_data: Any
    data: Any
    rows: list[tuple[str, str]]
    # a list always comes with its form; of radio buttons none may be chosen
    must_be_sent = False
    missing = lazy_gettext("请选择一项")
    foreign = lazy_gettext("没有这个选项，请重新选择")

    def iter_choices(self) -> list[Choice]:
        """Value, word, whether chosen."""
        chosen = "" if self.data is None else str(self.data)
        return [Choice(value, word, value == chosen, {}) for value, word in self.rows]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The rows, under the name the library gives them."""
        return self.rows

    @choices.setter
    def choices(self, rows: Iterable[tuple[Any, str]]) -> None:
        self.rows = [(str(value), word) for value, word in rows]

    def has_groups(self) -> bool:
        """Rows are never grouped."""
        return False

    def pre_validate(self, form: Any) -> None:
        """One of the choices, or nothing where nothing is allowed."""
        known = {value for value, _ in self.rows}
        stands = self.data is not None or "" in known
        if not self.raw_data and stands and not self.must_be_sent:
            return
        given = self.raw_data[0] if self.raw_data else ""
        if str(given) not in known:
            raise StopValidation(str(self.foreign if given else self.missing))


class EnumSelect(_Chosen, SelectField):
    """A list of codes by their words; with `blank` the first line means none."""

    def __init__(
        self,
        label: Any = None,
        kind: type[LabelledEnum] | None = None,
        blank: Any = None,
        only: Iterable[LabelledEnum] | None = None,
        **kwargs: Any,
    ):
        members = list(only if only is not None else kind or ())
        rows = [(str(member.value), gettext(member.label)) for member in members]
        self.rows = rows if blank is None else [("", str(blank)), *rows]
        known = {member.value: member for member in members}
        kwargs.setdefault("coerce", lambda value: known.get(str(value)))
        super().__init__(label, **kwargs)


class EnumRadio(_Chosen, RadioField):
    """Codes by their words, one of them chosen by a button."""

    must_be_sent = True

    def __init__(
        self,
        label: Any = None,
        kind: type[LabelledEnum] | None = None,
        only: Iterable[LabelledEnum] | None = None,
        **kwargs: Any,
    ):
        members = list(only if only is not None else kind or ())
        known = {member.value: member for member in members}
        kwargs.setdefault("coerce", lambda value: known.get(str(value)))
        self.rows = [(str(member.value), gettext(member.label)) for member in members]
        super().__init__(label, **kwargs)


class EnumChecks(SelectMultipleField):
    """Codes by their words, any number of them ticked; `data` is a tuple of members."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(
        self,
        label: Any = None,
        kind: type[LabelledEnum] | None = None,
        only: Iterable[LabelledEnum] | None = None,
        **kwargs: Any,
    ):
        members = list(only if only is not None else kind or ())
        self.known = {member.value: member for member in members}
        self.rows = [(str(member.value), gettext(member.label)) for member in members]
        super().__init__(label, **kwargs)

    def iter_choices(self) -> list[Choice]:
        """Value, word, whether ticked."""
        ticked = {str(value) for value in self.data or ()}
        return [Choice(value, word, value in ticked, {}) for value, word in self.rows]

    def process_data(self, value: Any) -> None:
        """Take members or their values."""
        self.data = tuple(self.known[str(v)] for v in value or () if str(v) in self.known)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the ticked members."""
        self.data = tuple(self.known[value] for value in valuelist if value in self.known)

    def pre_validate(self, form: Any) -> None:
        """Only codes of the list."""
        if any(raw not in self.known for raw in self.raw_data or ()):
            raise StopValidation(gettext("没有这个选项，请重新选择"))


class RowSelect(_Chosen, SelectField):
    """One row of the office by its id: a site, a person; `data` is the id or None."""

    def __init__(self, label: Any = None, **kwargs: Any):
        kwargs.setdefault("coerce", _id_of)
        self.rows = []
        super().__init__(label, **kwargs)

    def offer(self, rows: Sequence[tuple[int, str]], blank: Any = None) -> None:
        """Offer these ids with their words; with `blank` the first line means none."""
        first = [] if blank is None else [("", str(blank))]
        self.rows = [*first, *((str(row_id), word) for row_id, word in rows)]


class PersonField(RowSelect):
    """A person of the office by id, whether or not the account can still sign in."""

    def limit(self, site_ids: frozenset[int], blank: Any = None) -> None:
        """Offer the people of these sites and those who handle their cases."""
        able = {user.id for user in access.handlers(site_ids)}
        known = [u for u in access.users() if u.org_unit_id in site_ids or u.id in able]
        self.offer([(user.id, user.display_name) for user in known], blank)


class SiteField(RowSelect):
    """A site in use at which the actor may do something: `form.site_id.limit(actor, action)`."""

    def limit(self, actor: Actor, action: Action, blank: Any = None) -> None:
        """Offer only the sites at which the actor may do this."""
        allowed = actor.site_ids(action) | actor.own_case_sites(action)
        open_sites = [site for site in org.tree() if site.retired_on is None]
        rows = [(s.id, s.name) for s in open_sites if actor.is_system or s.id in allowed]
        self.offer(rows, blank)


class HandlerField(RowSelect):
    """A person who may handle the cases of some sites: `form.handler_id.limit(site_ids)`."""

    def limit(self, site_ids: frozenset[int], blank: Any = None) -> None:
        """Offer only the people who can handle cases of these sites."""
        self.offer([(user.id, user.display_name) for user in access.handlers(site_ids)], blank)


class RowIdField(HiddenField):
    """The id of a row that was picked from suggestions; None when nothing was."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take a whole number and nothing else."""
        self.data = _id_of(valuelist[0]) if valuelist else None


class TokenField(HiddenField):
    """A random word by which a second submit of the same page is told from a new one."""

    def __init__(self, label: Any = None, **kwargs: Any):
        kwargs.setdefault("default", lambda: secrets.token_urlsafe(24))
        super().__init__(label, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Only a word of the shape we give out."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{16,64}", str(self.data or "")):
            raise StopValidation(gettext("请刷新这一页再提交"))


def read_day(text: str) -> date:
    """A calendar day as people type it; raises ValueError with a sentence."""
    plain = _plain(text)
    found = _DAY.fullmatch(plain) or _DIGITS.fullmatch(plain)
    if found is None:
        raise ValueError(gettext("日期请写成 2026-12-10"))
    year, month, day = (int(part) for part in found.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(gettext("年份要在%(a)s到%(b)s之间", a=FIRST_YEAR, b=LAST_YEAR))
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(gettext("没有这一天，请核对")) from None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _id_of(value: Any) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
