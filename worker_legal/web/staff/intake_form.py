"""The one screen of intake as a form: workers, respondents, what happened."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField

from worker_legal.domain import cases, parties
from worker_legal.domain.permissions import Action, Actor
from worker_legal.infra import clock, crypto
from worker_legal.law import identifiers
from worker_legal.law.enums import Capacity, Channel, DisputeKind, Flag, Gender, IdType, Stage
from worker_legal.web.fields import (
    EnumChecks,
    EnumRadio,
    EnumSelect,
    HandlerField,
    IdNumberField,
    LegalDateField,
    LongTextField,
    MoneyField,
    MonthField,
    PhoneField,
    RowIdField,
    SiteField,
    TextField,
    TokenField,
    UsccField,
    needed,
    not_in_future,
)
from worker_legal.web.forms import BaseForm, add_error
from worker_legal.web.staff.roster import MOST_ROWS, read_roster

CONSENT_VERSION = "3"
COLLECTIVE = 10
RESPONDENTS = tuple(capacity for capacity in Capacity if capacity is not Capacity.WORKER)
STAGES = tuple(Stage)
_ROW = re.compile(r"(workers|respondents)-(\d+)-(\w+)")


class WorkerRow(Form):
    """A worker; the number's paper is judged by its shape unless the clerk says."""

    name = TextField(lazy_gettext("姓名"), 60)
    id_no = IdNumberField(lazy_gettext("证件号码"))
    phone = PhoneField(lazy_gettext("手机"))
    claim_note = TextField(lazy_gettext("欠薪月份"), 60)
    claimed = MoneyField(lazy_gettext("金额（元）"))
    id_type = EnumSelect(lazy_gettext("证件类型"), IdType, blank=lazy_gettext("按号码判断"))
    gender = EnumSelect(lazy_gettext("性别"), Gender, default=Gender.UNKNOWN)
    address = TextField(lazy_gettext("住址"), 200)
    anonymous = BooleanField(lazy_gettext("不留姓名"))
    is_representative = BooleanField(lazy_gettext("代表"))
    as_told = HiddenField()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed in the row."""
        typed = (self.name, self.id_no, self.phone, self.claim_note, self.claimed, self.address)
        raw = any(str(field.raw_data[0]).strip() for field in typed if field.raw_data)
        return not raw and not any(field.data for field in typed) and not self.anonymous.data

    @property
    def worker(self) -> parties.WorkerInput:
        """The worker as told."""
        number = self.id_no.data or ""
        return parties.WorkerInput(
            name="" if self.anonymous.data else self.name.data or "",
            id_type=self.id_type.data or parties.kind_of_number(number),
            id_no=number,
            phone=self.phone.data or "",
            address=self.address.data or "",
            gender=self.gender.data or Gender.UNKNOWN,
        )

    @property
    def told(self) -> str:
        """A word for exactly these doubtful values, so that a change has to be confirmed anew."""
        worker = self.worker
        return crypto.blind_index(f"{worker.id_type}:{worker.id_no}:{worker.phone}", "told")[:16]

    def party(self) -> cases.NewParty:
        """The row as the domain takes it."""
        return cases.NewParty(
            worker=self.worker,
            claimed_fen=self.claimed.data or 0,
            is_representative=bool(self.is_representative.data),
            claim_note=self.claim_note.data or "",
        )


class RespondentRow(Form):
    """An employer, picked from the suggestions or typed; a code may stand in for the name."""

    name = TextField(lazy_gettext("用人单位"), 120)
    employer_id = RowIdField()
    capacity = EnumSelect(
        lazy_gettext("身份"), Capacity, only=RESPONDENTS, default=Capacity.EMPLOYER
    )
    uscc = UsccField(lazy_gettext("统一社会信用代码"))
    as_told = HiddenField()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed in the row."""
        return not (self.name.data or self.uscc.data or self.employer_id.data)

    @property
    def told(self) -> str:
        """A word for exactly this doubtful code."""
        return crypto.blind_index(f"uscc:{self.uscc.data}", "told")[:16]

    def respondent(self) -> cases.NewRespondent:
        """The row as the domain takes it."""
        name, code = self.name.data or "", self.uscc.data or ""
        if not code and not identifiers.check_uscc(name):
            name, code = "", name
        employer = parties.EmployerInput(
            name=name,
            uscc=code,
            employer_id=self.employer_id.data,
            is_individual=self.capacity.data is Capacity.INDIVIDUAL_CONTRACTOR,
        )
        return cases.NewRespondent(employer, self.capacity.data)


@dataclass(frozen=True)
class StripRight:
    """One right as the limitation strip shows it, in the language of the page."""

    name: str
    days: int | None
    on: date | None
    why: str
    law: str
    provisional: bool
    none_text: str


@dataclass(frozen=True)
class Strip:
    """The limitation strip of the intake screen."""

    rights: list[StripRight]
    aid_is_urgent: bool


def strip_right(right: cases.Right) -> StripRight:
    """A right in words: its sum, and what to do today when little time is left."""
    why = right.sum_text(gettext)
    if right.last_day is not None:
        why += gettext("。")
    if right.hot and (right.days_left or 0) >= 0:
        why += gettext("今天要转办，不能只留作咨询。")
    return StripRight(
        name=gettext(right.name),
        days=right.days_left,
        on=right.last_day,
        why=why,
        law=right.law_text(gettext),
        provisional=right.provisional,
        none_text=gettext("不受限制") if right.unlimited else "",
    )


class FactsForm(BaseForm):
    """The days the worker's own periods run from, as the limitation strip reads them."""

    dispute_kind = EnumSelect(lazy_gettext("争议类型"), DisputeKind, default=DisputeKind.PAY)
    unpaid_from = MonthField(lazy_gettext("欠薪月份从"), [not_in_future])
    unpaid_to = MonthField(lazy_gettext("到"), end=True)
    hired_on = LegalDateField(lazy_gettext("入职日期"), [not_in_future])
    left_on = LegalDateField(lazy_gettext("离职日期"), [not_in_future])
    injured_on = LegalDateField(lazy_gettext("受伤日期"), [not_in_future])
    diagnosed_on = LegalDateField(lazy_gettext("职业病诊断日期"), [not_in_future])
    dispute_known_on = LegalDateField(lazy_gettext("知道权利被侵害的日期"), [not_in_future])

    @property
    def facts(self) -> cases.FactDates:
        """What is known of the days, without those that cannot be read."""
        names = cases.FactDates.__dataclass_fields__
        return cases.FactDates(**{name: self[name].data for name in names})

    @property
    def strip(self) -> "Strip":
        """The four rights as of today, and whether legal aid cannot wait for its papers."""
        found = cases.rights(self.facts, self.dispute_kind.data or DisputeKind.OTHER)
        return Strip([strip_right(each) for each in found], cases.aid_is_urgent(found))


class IntakeForm(FactsForm):
    """Everything one submit saves."""

    token = TokenField()
    workers = FieldList(FormField(WorkerRow), min_entries=1, max_entries=MOST_ROWS)
    respondents = FieldList(FormField(RespondentRow), min_entries=1, max_entries=20)
    representatives = HiddenField()
    roster = LongTextField(lazy_gettext("名单"), 60_000)
    channel = EnumRadio(lazy_gettext("怎么来的"), Channel, default=Channel.WALK_IN)
    first_stage = EnumSelect(
        lazy_gettext("先办哪一项"), Stage, only=STAGES, default=Stage.CONSULTATION
    )
    plain_reason = TextField(lazy_gettext("只留作咨询的理由"), 200)
    claimed_fen = MoneyField(lazy_gettext("涉及金额（元）"))
    story = LongTextField(lazy_gettext("经过"), 4000)
    flags = EnumChecks(lazy_gettext("优先情形"), Flag)
    oral_application = BooleanField(lazy_gettext("口头申请，要做笔录"))
    quiet_contact = BooleanField(lazy_gettext("不便接听，不发短信"))
    consent = BooleanField(lazy_gettext("已告知为什么收集这些信息（告知书第3版）"))
    site_id = SiteField(lazy_gettext("登记站点"))
    handler_id = HandlerField(lazy_gettext("经办人"))
    registered_on = LegalDateField(lazy_gettext("登记日期"), [needed(), not_in_future])

    def prepare(self, actor: Actor, home_id: int) -> "IntakeForm":
        """Offer the sites and people of the actor; today and the own site stand already."""
        self.site_id.limit(actor, Action.REGISTER_CASE)
        known = {int(value) for value, _ in self.site_id.rows}
        sites = frozenset(known)
        self.handler_id.limit(sites, blank=gettext("先不分派"))
        if not self.is_submitted():
            self.site_id.data = home_id if home_id in known else next(iter(sorted(known)), None)
            self.registered_on.data = clock.today()
            people = {value for value, _ in self.handler_id.rows}
            self.handler_id.data = actor.user_id if str(actor.user_id) in people else None
        return self

    @property
    def rows(self) -> list[WorkerRow]:
        """The rows in which something stands, in the order they were entered."""
        return [entry.form for entry in self.workers if not entry.form.is_empty]

    @property
    def has_other_errors(self) -> bool:
        """Whether something outside the rows of workers has to be mended too."""
        return bool(self.form_errors) or any(f.errors for f in self if f.name != "workers")

    @property
    def is_collective(self) -> bool:
        """Ten workers or more (调解仲裁法 7)."""
        return len(self.rows) >= COLLECTIVE

    @property
    def total_fen(self) -> int:
        """The claims of the rows added up, in fen."""
        return sum(row.claimed.data or 0 for row in self.rows)

    def in_order(self) -> list[tuple[int, Any]]:
        """The rows with their numbers, those to be mended first."""
        numbered = list(enumerate(self.workers, start=1))
        return sorted(numbered, key=lambda pair: not pair[1].errors)

    def validate(self, extra_validators: Any = None) -> bool:
        """Shape of every field, then the rows; doubtful numbers ask to be confirmed."""
        good = super().validate(extra_validators)
        if not self.rows:
            add_error(self.workers[0].form.name, gettext("请至少填写一名职工"))
        self.check_rows()
        return good and not self._has_bad_rows()

    def check_rows(self) -> None:
        """Put remarks at the cells of each row that was not confirmed as told."""
        for row in self.rows:
            if not (row.name.data or row.anonymous.data):
                add_error(row.name, gettext("请填写姓名；不愿留名的，勾选“不留姓名”"))
            if row.as_told.data != row.told:
                for name, text in parties.doubts(row.worker):
                    add_error(row[name], gettext(text))
        for place, entry in enumerate(self.respondents):
            self._check_respondent(place, entry.form)
        self._mark_rows()

    def _check_respondent(self, place: int, row: RespondentRow) -> None:
        if row.is_empty and not place:
            add_error(row.name, gettext("请填写用人单位名称"))
        if row.as_told.data != row.told:
            for text in row.uscc.remarks():
                add_error(row.uscc, text)

    def _has_bad_rows(self) -> bool:
        return bool(self.workers.errors or self.respondents.errors)

    def refuse(self, text: str, field: str | None = None) -> None:
        """Find the row on the screen for a row number of the domain."""
        found = _ROW.fullmatch(field or "")
        if found:
            entries = [e for e in self[found[1]] if not e.form.is_empty] or [self[found[1]][0]]
            entry = entries[min(int(found[2]), len(entries) - 1)]
            field = f"{entry.name}-{found[3]}"
        super().refuse(text, field)

    def change(self, wanted: MultiDict[str, str]) -> bool:
        """Do what a small button asks (a row more, the pasted list, as told); no saving then."""
        if "read_roster" in wanted:
            self.take_roster(read_roster(self.roster.data or ""))
        elif "add_row" in wanted:
            self.workers.append_entry()
        elif "add_respondent" in wanted:
            self.respondents.append_entry()
        elif "tell" in wanted:
            for entry in (*self.workers, *self.respondents):
                if entry.name in wanted.getlist("tell"):
                    entry.form.as_told.data = entry.form.told
        elif "preview" not in wanted:
            return False
        self._drop_empty_rows()
        self._look_over()
        return True

    def _look_over(self) -> None:
        self.workers.errors, self.respondents.errors = [], []
        for row in self.rows:
            if row.as_told.data != row.told:
                for name, text in parties.doubts(row.worker):
                    add_error(row[name], gettext(text))
        self._mark_rows()

    def take_roster(self, rows: Iterable[dict[str, str]]) -> None:
        """Put a pasted list into the rows, behind what stands there."""
        self.workers.entries = [e for e in self.workers if not e.form.is_empty]
        if not self.workers.entries:
            self.workers.last_index = -1  # the first pasted row takes the place of the empty one
        room = MOST_ROWS - len(self.workers.entries)
        for row in list(rows)[:room]:
            entry = self.workers.append_entry()
            for name, text in row.items():
                field = entry.form[name]
                field.process(MultiDict({field.name: text}))
        if not self.workers.entries:
            self.workers.append_entry()
        self.roster.data, self.roster.raw_data = "", None

    def _drop_empty_rows(self) -> None:
        last = self.workers.entries[-1:]
        kept = [e for e in self.workers.entries[:-1] if not e.form.is_empty]
        self.workers.entries = [*kept, *last]

    def to_input(self) -> cases.NewCase:
        """The case as the domain takes it."""
        return cases.NewCase(
            site_id=self.site_id.data or 0,
            channel=self.channel.data,
            dispute_kind=self.dispute_kind.data,
            registered_on=self.registered_on.data or clock.today(),
            workers=[row.party() for row in self.rows],
            respondents=[e.form.respondent() for e in self.respondents if not e.form.is_empty],
            first_stage=self.first_stage.data,
            claimed_fen=self.claimed_fen.data,
            facts=self.facts,
            story=self.story.data or "",
            flags=tuple(Flag(flag) for flag in self.flags.data),
            handler_id=self.handler_id.data,
            oral_application=bool(self.oral_application.data),
            quiet_contact=bool(self.quiet_contact.data),
            consent_version=CONSENT_VERSION if self.consent.data else "",
            plain_reason=self.plain_reason.data or "",
            token=self.token.data or "",
        )
