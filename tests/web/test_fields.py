"""Fields take what people type, and keep it when it cannot be read."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError
from wtforms import FieldList, Form, FormField

from worker_legal.errors import BadInput, NotAllowed, NotFound, RuleBroken, StaleEdit
from worker_legal.law.enums import Channel, Flag, IdType
from worker_legal.web.fields import (
    EnumChecks,
    EnumRadio,
    EnumSelect,
    IdNumberField,
    InstantField,
    LegalDateField,
    LongTextField,
    MoneyField,
    MonthField,
    PhoneField,
    RowIdField,
    TextField,
    TokenField,
    UsccField,
)
from worker_legal.web.forms import BaseForm, submit


class Row(Form):
    """A row of a list."""

    id_no = IdNumberField("证件")


class Sample(BaseForm):
    """One of each."""

    amount = MoneyField("金额")
    day = LegalDateField("日期")
    month = MonthField("月份")
    month_end = MonthField("月底", end=True)
    at = InstantField("时间")
    text = TextField("文字", 5)
    long_text = LongTextField("长文", 10)
    phone = PhoneField("电话")
    uscc = UsccField("代码")
    kind = EnumSelect("证件", IdType, blank="不限")
    channel = EnumRadio("渠道", Channel, default=Channel.WALK_IN)
    flags = EnumChecks("情形", Flag)
    picked = RowIdField()
    token = TokenField()
    rows = FieldList(FormField(Row), min_entries=1)


def _form(app: Flask, **typed: Any) -> tuple[Sample, bool]:
    app.config["WTF_CSRF_ENABLED"] = False
    values = {"channel": "walk_in", "token": "t" * 20, **typed}
    with app.test_request_context("/", method="POST", data=values):
        form = Sample()
        return form, form.validate_on_submit()


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("amount", "12,345.60", 1_234_560),
        ("amount", "1.2万", 1_200_000),
        ("amount", "", None),
        ("day", "2026-12-10", date(2026, 12, 10)),
        ("day", "2026.1.2", date(2026, 1, 2)),
        ("day", "2026/12/10", date(2026, 12, 10)),
        ("day", "20261210", date(2026, 12, 10)),
        ("day", "2026年12月10日", date(2026, 12, 10)),
        ("day", "２０２６－１２－１０", date(2026, 12, 10)),
        ("month", "2026-08", date(2026, 8, 1)),
        ("month", "202608", date(2026, 8, 1)),
        ("month", "2026年8月", date(2026, 8, 1)),
        ("month_end", "2024-02", date(2024, 2, 29)),
        ("at", "2026-11-26 14:30", datetime(2026, 11, 26, 6, 30, tzinfo=UTC)),
        ("text", "  张三 ", "张三"),
        ("long_text", "一\r\n二\r\n", "一\n二"),
        ("kind", "passport", IdType.PASSPORT),
        ("kind", "", None),
        ("channel", "qr", Channel.QR),
        ("flags", ["minor", "urgent"], (Flag.MINOR, Flag.URGENT)),
        ("picked", "17", 17),
        ("picked", "17; DROP", None),
    ],
)
def test_what_people_type_is_read(app: Flask, name: str, typed: Any, value: Any) -> None:
    form, good = _form(app, **{name: typed})
    assert good, form.errors
    assert form[name].data == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("amount", "-1"),
        ("amount", "abc"),
        ("amount", "1.234"),
        ("day", "2026-02-30"),
        ("day", "1949-10-01"),
        ("day", "10.12."),
        ("month", "2026-13"),
        ("month", "八月"),
        ("at", "2026-11-26"),
        ("at", "2026-11-26 25:00"),
        ("text", "六个字太长了"),
        ("text", "a\x00"),
        ("kind", "library"),
        ("channel", ""),
        ("flags", "rich"),
        ("token", "<b>"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(app: Flask, name: str, typed: str) -> None:
    form, good = _form(app, **{name: typed})
    assert not good
    assert len(form[name].errors) == 1
    assert form.status == 422


@pytest.mark.parametrize("name", ["amount", "day", "month", "at"])
def test_what_cannot_be_read_stays_in_the_field(app: Flask, name: str) -> None:
    form, _ = _form(app, **{name: "很久以前"})
    assert 'value="很久以前"' in str(form[name]())


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("amount", 1_234_560, "12,345.60"),
        ("day", date(2026, 1, 2), "2026-01-02"),
        ("month", date(2026, 8, 1), "2026-08"),
        ("at", datetime(2026, 11, 26, 6, 30, tzinfo=UTC), "2026-11-26 14:30"),
    ],
)
def test_values_are_written_as_people_type_them(
    app: Flask, name: str, value: Any, written: str
) -> None:
    with app.test_request_context("/"):
        form = Sample(data={name: value})
        assert f'value="{written}"' in str(form[name]())


def test_doubtful_numbers_are_remarks_and_no_errors(app: Flask) -> None:
    form, good = _form(app, **{"rows-0-id_no": "12", "phone": "123", "uscc": "12"})
    assert good
    with app.test_request_context("/"):
        assert form.rows[0].form.id_no.remarks(IdType.RESIDENT)
        assert form.phone.remarks()
        assert form.uscc.remarks()


def _submit(app: Flask, error: Exception | None, **typed: str) -> tuple[Any, Sample]:
    app.config["WTF_CSRF_ENABLED"] = False

    def call() -> None:
        if error is not None:
            raise error

    values = {"channel": "walk_in", "token": "t" * 20, **typed}
    with app.test_request_context("/", method="POST", data=values):
        form = Sample()
        return submit(form, call), form


def test_a_call_that_gives_nothing_is_done(app: Flask) -> None:
    assert _submit(app, None)[0] is True


def test_a_refusal_stands_at_its_field(app: Flask) -> None:
    done, form = _submit(app, BadInput("金额不对：%(n)s", field="amount", n=3), amount="3")
    assert done is None
    assert (form.amount.errors, form.status) == (["金额不对：3"], 422)


def test_a_refusal_finds_the_cell_of_a_row(app: Flask) -> None:
    _, form = _submit(app, RuleBroken("同一个人", field="rows-0-id_no"))
    assert form.rows[0].form.id_no.errors == ["同一个人"]
    assert form.rows.errors


def test_a_refusal_without_field_stands_above_the_form(app: Flask) -> None:
    _, form = _submit(app, RuleBroken("现在不行", field="nowhere"))
    assert form.form_errors == ["现在不行"]


def test_a_stale_form_is_a_conflict(app: Flask) -> None:
    assert _submit(app, StaleEdit("已被他人修改"))[1].status == 409


@pytest.mark.parametrize("error", [NotFound("没有"), NotAllowed("不行")])
def test_other_refusals_get_a_page_of_their_own(app: Flask, error: Exception) -> None:
    with pytest.raises(type(error)):
        _submit(app, error)


def test_a_form_of_the_wrong_shape_calls_nothing(app: Flask) -> None:
    done, form = _submit(app, AssertionError("called"), day="2026-02-30")
    assert (done, form.status) == (None, 422)


def test_a_row_that_another_hand_added_first_is_tried_again(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    tries: list[int] = []

    def call() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise IntegrityError("insert", {}, Exception("unique"))
        return "made"

    with app.test_request_context("/", method="POST", data={"channel": "qr", "token": "t" * 20}):
        assert submit(Sample(), call) == "made"
