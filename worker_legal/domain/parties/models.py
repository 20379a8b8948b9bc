"""Tables of the people and companies: one record each, used by all cases."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from pypinyin import Style, lazy_pinyin
from sqlalchemy.orm import Mapped, mapped_column

from worker_legal.infra import crypto
from worker_legal.infra.db import Base, UtcDateTime, coded
from worker_legal.law import identifiers
from worker_legal.law.enums import EnterpriseSize, Gender, IdType, Industry


def new_uid() -> str:
    """A name for a row that no other row has; sealed fields are bound to it."""
    return uuid.uuid4().hex


class Worker(Base):
    """A person who came for help; number, phone and address are sealed."""

    __tablename__ = "worker"
    __table_args__ = (sa.UniqueConstraint("uid"), sa.UniqueConstraint("id_no_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    uid: Mapped[str] = mapped_column(sa.String(32), default=new_uid)
    name: Mapped[str] = mapped_column(sa.String(60), index=True)
    # initials of the name in pinyin, all readings of the surname, for the search box
    initials: Mapped[str] = mapped_column(sa.String(60), default="", index=True)
    gender: Mapped[Gender] = mapped_column(coded(Gender), default=Gender.UNKNOWN)
    id_type: Mapped[IdType] = mapped_column(coded(IdType), default=IdType.NONE)
    id_no_enc: Mapped[str | None] = mapped_column(sa.String(300))
    id_no_hash: Mapped[str | None] = mapped_column(sa.String(64))
    id_no_last4: Mapped[str] = mapped_column(sa.String(4), default="", index=True)
    phone_enc: Mapped[str | None] = mapped_column(sa.String(300))
    phone_hash: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    phone_last4: Mapped[str] = mapped_column(sa.String(4), default="", index=True)
    address_enc: Mapped[str | None] = mapped_column(sa.Text)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape

    @property
    def is_identified(self) -> bool:
        """Whether the person can be told apart by an identity number."""
        return self.id_no_hash is not None

    @property
    def masked_id(self) -> str:
        """The number as lists show it: first three and last four places."""
        return identifiers.mask_id(opened(self, "id_no")) if self.id_no_enc else ""

    @property
    def masked_phone(self) -> str:
        """The phone as lists show it: first three and last four digits."""
        return identifiers.mask_phone(opened(self, "phone")) if self.phone_enc else ""


class Employer(Base):
    """A company, known by its credit code; short names are aliases or records of their own."""

    __tablename__ = "employer"
    __table_args__ = (sa.UniqueConstraint("uid"), sa.UniqueConstraint("uscc"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    uid: Mapped[str] = mapped_column(sa.String(32), default=new_uid)
    name: Mapped[str] = mapped_column(sa.String(120), index=True)
    initials: Mapped[str] = mapped_column(sa.String(120), default="")
    uscc: Mapped[str | None] = mapped_column(sa.String(18))
    industry: Mapped[Industry | None] = mapped_column(coded(Industry))
    size: Mapped[EnterpriseSize | None] = mapped_column(coded(EnterpriseSize))
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    contact_enc: Mapped[str | None] = mapped_column(sa.Text)
    # a natural person (包工头), never offered to others and never found by name
    is_individual: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employer.id"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape


class EmployerAlias(Base):
    """Another name of a company: an old name, a short name, the name of a merged record."""

    __tablename__ = "employer_alias"
    __table_args__ = (sa.UniqueConstraint("employer_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"))
    name: Mapped[str] = mapped_column(sa.String(120), index=True)


def initials_of(name: str) -> str:
    """Pinyin initials of a name, as the search box matches them: 张三 → zs."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore")).lower()[:60]


def opened(worker: Worker, column: str) -> str:
    """A sealed field of a person in clear; empty when there is none."""
    sealed = getattr(worker, f"{column}_enc")
    return crypto.unseal(sealed, f"worker:{column}:{worker.uid}") if sealed else ""
