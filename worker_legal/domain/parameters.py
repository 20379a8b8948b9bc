"""Local standards that the office keeps: wages, life expectancy, with first day and document."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from worker_legal.domain import audit
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import BadInput, NotFound
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.infra.db import Base, UtcDateTime, coded, db, expect_version
from worker_legal.law.money import MAX_FEN
from worker_legal.law.parameters import INITIAL, Parameter, ParameterCode, ParameterUnit, unit_of

MOST = {ParameterUnit.YUAN: MAX_FEN, ParameterUnit.YEAR: 150_00, ParameterUnit.MONTH: 600_00}
LONGEST_PLACE = 40
LONGEST_DOCUMENT = 120


class ParameterRow(Base):
    """One published figure of a place from a day on; value in hundredths of its unit."""

    __tablename__ = "parameter"
    __table_args__ = (
        sa.UniqueConstraint("code", "place", "valid_from"),
        sa.CheckConstraint("value > 0", name="value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    code: Mapped[ParameterCode] = mapped_column(coded(ParameterCode))
    place: Mapped[str] = mapped_column(sa.String(LONGEST_PLACE))
    valid_from: Mapped[date]
    value: Mapped[int] = mapped_column(sa.BigInteger)
    unit: Mapped[ParameterUnit] = mapped_column(coded(ParameterUnit))
    document: Mapped[str] = mapped_column(sa.String(LONGEST_DOCUMENT))
    # checked against the published document
    confirmed: Mapped[bool] = mapped_column(default=False)
    entered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape

    @property
    def figure(self) -> Parameter:
        """The row as the law engine takes it."""
        return Parameter(
            self.code,
            self.place,
            self.valid_from,
            self.value,
            self.unit,
            self.document,
            self.confirmed,
        )


def known() -> list[Parameter]:
    """Every figure the calculators may use; before the first entry those of the set-up."""
    return [row.figure for row in listing()] or list(INITIAL)


def places() -> list[str]:
    """The places with figures of their own, the province before its cities."""
    return sorted({row.place for row in known()}, key=lambda place: (len(place), place))


def listing() -> list[ParameterRow]:
    """All rows: each figure together, place by place, the newest first."""
    order = {code: place for place, code in enumerate(ParameterCode)}
    rows = db.session.scalars(sa.select(ParameterRow))
    return sorted(
        rows, key=lambda row: (order[row.code], row.place, -row.valid_from.toordinal(), row.id)
    )


def get_row(row_id: int) -> ParameterRow:
    """One row.

    Raises NotFound.
    """
    row = db.session.get(ParameterRow, row_id)
    if row is None:
        raise NotFound(N_("没有这条标准"))
    return row


def seed(actor: Actor) -> None:
    """Write down the figures known at set-up, all to be verified, while there is no row."""
    actor.require(Action.MANAGE_PARAMETERS)
    if db.session.scalar(sa.select(ParameterRow.id).limit(1)) is None:
        for figure in INITIAL:
            db.session.add(_row(figure, actor.user_id))
        db.session.flush()
        audit.record(actor, "seed_parameters", "parameter")


def add(actor: Actor, figure: Parameter) -> ParameterRow:
    """Enter a figure from its first day on; what held before that day stays (features L4).

    Raises BadInput for a day that already has one, or a value that cannot be.
    """
    actor.require(Action.MANAGE_PARAMETERS)
    seed(actor)
    _check(figure)
    _refuse_second(figure)
    row = _row(figure, actor.user_id)
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "add_parameter", "parameter", row.id, new=_values(figure))
    return row


def correct(actor: Actor, row: ParameterRow, figure: Parameter, version: int) -> None:
    """Mend a wrongly entered figure; the log keeps what stood there before.

    Raises BadInput as `add` does, StaleEdit after somebody else's change.
    """
    actor.require(Action.MANAGE_PARAMETERS)
    expect_version(row, version)
    _check(figure)
    old = row.figure
    if (figure.code, figure.place, figure.valid_from) != (old.code, old.place, old.valid_from):
        _refuse_second(figure)
    for name, value in _columns(figure, actor.user_id).items():
        setattr(row, name, value)
    db.session.flush()
    audit.record(
        actor, "correct_parameter", "parameter", row.id, old=_values(old), new=_values(figure)
    )


def remove(actor: Actor, row: ParameterRow, version: int) -> None:
    """Take out a figure that should not be there; the log keeps it.

    Raises StaleEdit after somebody else's change.
    """
    actor.require(Action.MANAGE_PARAMETERS)
    expect_version(row, version)
    audit.record(actor, "remove_parameter", "parameter", row.id, old=_values(row.figure))
    db.session.delete(row)
    db.session.flush()


def _check(figure: Parameter) -> None:
    if not figure.place:
        raise BadInput(N_("请填写地区，例如福建、福建泉州"), field="place")
    if not figure.document:
        raise BadInput(N_("请填写文件号或者公布的名称"), field="document")
    for name, most in (("place", LONGEST_PLACE), ("document", LONGEST_DOCUMENT)):
        if len(getattr(figure, name)) > most:
            raise BadInput(N_("最多%(n)s个字"), field=name, n=most)
    if not 0 < figure.value <= MOST[unit_of(figure.code)]:
        raise BadInput(N_("数值不在合理的范围内，请核对"), field="value")


def _refuse_second(figure: Parameter) -> None:
    same = sa.select(ParameterRow.id).where(
        ParameterRow.code == figure.code,
        ParameterRow.place == figure.place,
        ParameterRow.valid_from == figure.valid_from,
    )
    if db.session.scalar(same) is not None:
        raise BadInput(
            N_("%(place)s从%(day)s起的“%(name)s”已经有了，请更正那一条"),
            field="valid_from",
            place=figure.place,
            day=figure.valid_from.isoformat(),
            name=figure.code.label,
        )


def _row(figure: Parameter, user_id: int | None) -> ParameterRow:
    return ParameterRow(**_columns(figure, user_id))


def _columns(figure: Parameter, user_id: int | None) -> dict[str, Any]:
    return {
        "code": figure.code,
        "place": figure.place,
        "valid_from": figure.valid_from,
        "value": figure.value,
        "unit": unit_of(figure.code),
        "document": figure.document,
        "confirmed": figure.confirmed,
        "entered_by": user_id,
        "entered_at": clock.now(),
    }


def _values(figure: Parameter) -> dict[str, Any]:
    return {
        "code": figure.code.value,
        "place": figure.place,
        "valid_from": figure.valid_from.isoformat(),
        "value": figure.value,
        "document": figure.document,
        "confirmed": figure.confirmed,
    }
