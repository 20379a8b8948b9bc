"""Forms for the people of a case: add, correct, remove, representatives, respondents."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, HiddenField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from worker_legal.domain import cases, parties
from worker_legal.law.enums import Capacity, EnterpriseSize, Gender, IdType, Industry
from worker_legal.web.fields import (
    EnumSelect,
    IdNumberField,
    MoneyField,
    PhoneField,
    RowIdField,
    TextField,
    UsccField,
    needed,
)
from worker_legal.web.forms import BaseForm, add_error
from worker_legal.web.staff.intake_form import RESPONDENTS


class PersonForm(BaseForm):
    """The particulars of a person; doubtful numbers ask once to be confirmed as told."""

    name = TextField(lazy_gettext("姓名"), 60)
    id_type = EnumSelect(lazy_gettext("证件类型"), IdType, blank=lazy_gettext("按号码判断"))
    id_no = IdNumberField(lazy_gettext("证件号码"))
    phone = PhoneField(lazy_gettext("手机"))
    gender = EnumSelect(lazy_gettext("性别"), Gender, default=Gender.UNKNOWN)
    address = TextField(lazy_gettext("住址"), 200)
    as_told = BooleanField(lazy_gettext("照职工说的存"))

    @property
    def worker(self) -> parties.WorkerInput:
        """The person as told."""
        number = self.id_no.data or ""
        return parties.WorkerInput(
            name=self.name.data or "",
            id_type=self.id_type.data or parties.kind_of_number(number),
            id_no=number,
            phone=self.phone.data or "",
            address=self.address.data or "",
            gender=self.gender.data or Gender.UNKNOWN,
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Shape, then remarks on the numbers unless they are confirmed."""
        good = super().validate(extra_validators)
        if not good or self.as_told.data:
            return good
        doubts = parties.doubts(self.worker)
        for name, text in doubts:
            add_error(self[name], gettext(text))
        self.is_doubtful = bool(doubts)
        return not doubts

    is_doubtful = False

    def refuse(self, text: str, field: str | None = None) -> None:
        """The row number of an intake list means nothing here."""
        super().refuse(text, field.rsplit("-", 1)[-1] if field else None)


class AddWorkerForm(PersonForm):
    """A worker who joins a case, with the own claim."""

    claimed = MoneyField(lazy_gettext("金额（元）"))
    claim_note = TextField(lazy_gettext("欠薪月份"), 60)
    anonymous = BooleanField(lazy_gettext("不留姓名"))

    def validate(self, extra_validators: Any = None) -> bool:
        """A name, or the wish to give none."""
        good = super().validate(extra_validators)
        if not (self.name.data or self.anonymous.data):
            add_error(self.name, gettext("请填写姓名；不愿留名的，勾选“不留姓名”"))
            return False
        return good

    def party(self) -> cases.NewParty:
        """The worker as the domain takes one."""
        return cases.NewParty(
            self.worker, self.claimed.data or 0, claim_note=self.claim_note.data or ""
        )


class ChangeWorkerForm(PersonForm):
    """Corrected particulars; what is left empty stays as it is."""

    name = TextField(lazy_gettext("姓名"), 60, needs=True)


class ClaimForm(BaseForm):
    """One worker's own claim."""

    claimed_fen = MoneyField(lazy_gettext("金额（元）"), [needed()])


class ReasonForm(BaseForm):
    """Why something is done that others will ask about."""

    reason = TextField(lazy_gettext("理由"), 200, needs=True)


class RespondentForm(BaseForm):
    """A further employer of the case."""

    name = TextField(lazy_gettext("用人单位"), 120)
    employer_id = RowIdField()
    capacity = EnumSelect(
        lazy_gettext("身份"), Capacity, only=RESPONDENTS, default=Capacity.HOST_EMPLOYER
    )
    uscc = UsccField(lazy_gettext("统一社会信用代码"))
    as_told = BooleanField(lazy_gettext("照写的存"))

    def validate(self, extra_validators: Any = None) -> bool:
        """A name or a code; a doubtful code asks once to be confirmed."""
        good = super().validate(extra_validators)
        if not (self.name.data or self.uscc.data or self.employer_id.data):
            add_error(self.name, gettext("请填写用人单位名称"))
            return False
        remarks = [] if self.as_told.data else self.uscc.remarks()
        for text in remarks:
            add_error(self.uscc, text)
        self.is_doubtful = bool(remarks)
        return good and not remarks

    is_doubtful = False

    def refuse(self, text: str, field: str | None = None) -> None:
        """The domain names the field of an employer by its own word."""
        super().refuse(text, "name" if field == "employer_name" else field)

    def respondent(self) -> cases.NewRespondent:
        """The employer as the domain takes one."""
        employer = parties.EmployerInput(
            name=self.name.data or "",
            uscc=self.uscc.data or "",
            employer_id=self.employer_id.data,
            is_individual=self.capacity.data is Capacity.INDIVIDUAL_CONTRACTOR,
        )
        return cases.NewRespondent(employer, self.capacity.data)


class RepresentativesForm(BaseForm):
    """Which workers were elected to speak for a collective case."""

    chosen = SelectMultipleField(coerce=int, validate_choice=False)
    representatives = HiddenField()

    def offer(self, workers: list[cases.CaseParty]) -> "RepresentativesForm":
        """Offer the workers of the case; those chosen before are ticked."""
        self.chosen.choices = [SelectChoice(str(party.id), "") for party in workers]
        if not self.is_submitted():
            self.chosen.data = [party.id for party in workers if party.is_representative]
        return self


class ClassForm(BaseForm):
    """The industry and the size of a company; both may stay empty."""

    industry = EnumSelect(lazy_gettext("行业"), Industry, blank=lazy_gettext("未填"))
    size = EnumSelect(lazy_gettext("企业规模"), EnterpriseSize, blank=lazy_gettext("未填"))


class MergeForm(BaseForm):
    """The record that goes; the one on the page stays."""

    gone_name = TextField(lazy_gettext("并入的单位"), 120)
    gone_id = RowIdField()

    def validate(self, extra_validators: Any = None) -> bool:
        """A company has to be picked."""
        good = super().validate(extra_validators)
        known = parties.find_known_employer(self.gone_id.data, self.gone_name.data or "")
        if known is None:
            add_error(self.gone_name, gettext("没有找到这一家，请填全称或从提示里选"))
            return False
        self.gone_id.data = known.id
        return good
