"""Tables of the case. Relationships are declared on the child, or inside this package."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from worker_legal.domain.access import User
from worker_legal.domain.org import OrgUnit
from worker_legal.domain.parties import Employer, Worker
from worker_legal.infra import clock
from worker_legal.infra.db import Base, UtcDateTime, coded
from worker_legal.law.enums import (
    Capacity,
    CaseStatus,
    Channel,
    DeadlineState,
    DisputeKind,
    EventKind,
    Outcome,
    Side,
    Stage,
    Status,
    Who,
)


class Case(Base):
    """One matter that came through the door; all nine services hang on it."""

    __tablename__ = "legal_case"
    __table_args__ = (
        sa.UniqueConstraint("uid"),
        sa.UniqueConstraint("case_no"),
        sa.UniqueConstraint("source", "external_ref"),
        sa.CheckConstraint("claimed_fen >= 0", name="claimed"),
        sa.CheckConstraint("recovered_fen >= 0", name="recovered"),
        sa.CheckConstraint("worker_count >= 0", name="workers"),
        sa.CheckConstraint("(status = 'closed') = (closed_on IS NOT NULL)", name="closing"),
        sa.Index(None, "org_unit_id", "registered_on", "id"),
        sa.Index(None, "registered_on", "id"),
        sa.Index(None, "org_unit_id", "status"),
        sa.Index(None, "handler_id", "status"),
        sa.Index(None, "status", "next_due_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    uid: Mapped[str] = mapped_column(sa.String(32))
    case_no: Mapped[str] = mapped_column(sa.String(40))
    org_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"))
    handler_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    status: Mapped[CaseStatus] = mapped_column(coded(CaseStatus), default=CaseStatus.OPEN)
    dispute_kind: Mapped[DisputeKind] = mapped_column(coded(DisputeKind), index=True)
    channel: Mapped[Channel] = mapped_column(coded(Channel))
    # where the row came from: "intake", "ledger", "demo"; with the other system's own number
    source: Mapped[str] = mapped_column(sa.String(20), default="intake")
    external_ref: Mapped[str | None] = mapped_column(sa.String(80))
    registered_on: Mapped[date]
    closed_on: Mapped[date | None] = mapped_column(index=True)
    close_outcome: Mapped[Outcome | None] = mapped_column(coded(Outcome))
    close_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    # workers who are parties now, counted once each in this case (人次)
    worker_count: Mapped[int] = mapped_column(default=0)
    claimed_fen: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    agreed_fen: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    recovered_fen: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    flags: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    has_flags: Mapped[bool] = mapped_column(default=False)
    oral_application: Mapped[bool] = mapped_column(default=False)
    quiet_contact: Mapped[bool] = mapped_column(default=False)
    consent_version: Mapped[str] = mapped_column(sa.String(20), default="")
    # dates from which the worker's own limitation periods run
    hired_on: Mapped[date | None]
    left_on: Mapped[date | None]
    injured_on: Mapped[date | None]
    unpaid_from: Mapped[date | None]
    unpaid_to: Mapped[date | None]
    diagnosed_on: Mapped[date | None]
    dispute_known_on: Mapped[date | None]
    # the nearest running date, kept by refresh_deadlines for the order of lists
    next_due_on: Mapped[date | None]
    # who leads the list line: the first worker and the first employer still in the case
    lead_worker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("worker.id"))
    lead_employer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employer.id"), index=True)

    site: Mapped[OrgUnit] = relationship(lazy="raise_on_sql")
    handler: Mapped[User | None] = relationship(lazy="raise_on_sql")
    lead_worker: Mapped[Worker | None] = relationship(lazy="raise_on_sql")
    lead_employer: Mapped[Employer | None] = relationship(lazy="raise_on_sql")
    parties: Mapped[list["CaseParty"]] = relationship(
        lazy="raise_on_sql", order_by="CaseParty.id", back_populates="case"
    )
    proceedings: Mapped[list["Proceeding"]] = relationship(
        lazy="raise_on_sql", order_by="Proceeding.id", back_populates="case"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape

    @property
    def is_collective(self) -> bool:
        """Ten workers or more make it a collective dispute (调解仲裁法 7)."""
        return self.worker_count >= 10


class CaseParty(Base):
    """A worker or an employer in a case, with that worker's own claim."""

    __tablename__ = "case_party"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "worker_id"),
        sa.UniqueConstraint("case_id", "employer_id"),
        sa.CheckConstraint("(worker_id IS NULL) <> (employer_id IS NULL)", name="one_of_two"),
        sa.CheckConstraint("claimed_fen >= 0", name="claimed"),
        # who is counted in a case: persons are counted without reading a row
        sa.Index(
            "ix_case_party_in_case",
            "case_id",
            "worker_id",
            "id",
            sqlite_where=sa.text("removed_at IS NULL AND worker_id IS NOT NULL"),
            postgresql_where=sa.text("removed_at IS NULL AND worker_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_case.id"), index=True)
    side: Mapped[Side] = mapped_column(coded(Side))
    worker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("worker.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employer.id"), index=True)
    capacity: Mapped[Capacity] = mapped_column(coded(Capacity))
    claimed_fen: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    # what the claim is made of in a few words, such as the unpaid months 8、9、10月
    claim_note: Mapped[str] = mapped_column(sa.String(60), default="")
    is_representative: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship(lazy="raise_on_sql", back_populates="parties")
    worker: Mapped[Worker | None] = relationship(lazy="raise_on_sql")
    employer: Mapped[Employer | None] = relationship(lazy="raise_on_sql")


class Proceeding(Base):
    """One of the nine services under way in a case; status and dates follow from its events."""

    __tablename__ = "proceeding"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "stage", "seq"),
        sa.Index(None, "stage", "status"),
        sa.Index(None, "stage", "filed_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_case.id"), index=True)
    stage: Mapped[Stage] = mapped_column(coded(Stage))
    seq: Mapped[int]
    follows_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proceeding.id"))
    handler_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"), index=True)
    status: Mapped[Status] = mapped_column(coded(Status), default=Status.APPLIED)
    forum: Mapped[str] = mapped_column(sa.String(80), default="")
    docket_no: Mapped[str] = mapped_column(sa.String(60), default="")
    filed_on: Mapped[date]
    concluded_on: Mapped[date | None]
    outcome: Mapped[Outcome | None] = mapped_column(coded(Outcome))
    claimed_fen: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    awarded_fen: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)

    case: Mapped[Case] = relationship(lazy="raise_on_sql", back_populates="proceedings")
    handler: Mapped[User | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape


class ProceedingParty(Base):
    """Which workers a proceeding is for."""

    __tablename__ = "proceeding_party"

    proceeding_id: Mapped[int] = mapped_column(sa.ForeignKey("proceeding.id"), primary_key=True)
    case_party_id: Mapped[int] = mapped_column(
        sa.ForeignKey("case_party.id"), primary_key=True, index=True
    )


class CaseEvent(Base):
    """Something that happened, with its day; append-only, mended by a correcting event."""

    __tablename__ = "case_event"
    __table_args__ = (
        sa.UniqueConstraint("uid"),
        sa.UniqueConstraint("corrects_id"),
        sa.Index(None, "case_id", "happened_on", "id"),
        sa.Index(None, "kind", "happened_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(32))
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_case.id"))
    proceeding_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proceeding.id"))
    kind: Mapped[EventKind] = mapped_column(coded(EventKind))
    happened_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    recorded_label: Mapped[str] = mapped_column(sa.String(80))
    # facts of the event, never personal data; free text goes to event_note
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    # digest of the note, so that a changed note can be told
    note_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("case_event.id"))
    # a correction that takes the event back instead of replacing it
    is_retraction: Mapped[bool] = mapped_column(default=False)

    proceeding: Mapped[Proceeding | None] = relationship(lazy="raise_on_sql")


class EventNote(Base):
    """Free text of an event, sealed; kept apart so that it can be re-encrypted or erased."""

    __tablename__ = "event_note"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("case_event.id"), primary_key=True)
    text_enc: Mapped[str] = mapped_column(sa.Text)


class Deadline(Base):
    """A computed date; thrown away and recomputed from events at will."""

    __tablename__ = "deadline"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "rule_code", "trigger_ref"),
        sa.Index(
            "ix_deadline_open_due",
            "due_on",
            "id",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
        # what the planner of reminders asks: what is near, and what moved
        sa.Index(
            "ix_deadline_open_remind",
            "remind_on",
            "id",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
        sa.Index(
            "ix_deadline_open_moved",
            "id",
            sqlite_where=sa.text("state = 'open' AND version > 1"),
            postgresql_where=sa.text("state = 'open' AND version > 1"),
        ),
        # an id is never used again: reminders are told apart by it
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_case.id"), index=True)
    proceeding_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proceeding.id"))
    rule_code: Mapped[str] = mapped_column(sa.String(60))
    rule_version: Mapped[str] = mapped_column(sa.String(20))
    # what started it: "event:<uid>" or "fact:<name>"
    trigger_ref: Mapped[str] = mapped_column(sa.String(60))
    due_on: Mapped[date | None]
    # the day to remind from: the earliest possible one while a calendar year is missing
    remind_on: Mapped[date | None]
    who: Mapped[Who] = mapped_column(coded(Who))
    state: Mapped[DeadlineState] = mapped_column(coded(DeadlineState))
    provisional: Mapped[bool] = mapped_column(default=False)
    optional: Mapped[bool] = mapped_column(default=False)
    confirmed: Mapped[bool] = mapped_column(default=True)
    # shown but never reminded: nothing to do, or already past when the case came to us
    quiet: Mapped[bool] = mapped_column(default=False)
    met_on: Mapped[date | None]
    # since when the day is known as it stands; earlier reminder steps are not owed
    known_on: Mapped[date] = mapped_column(default=clock.today)

    case: Mapped[Case] = relationship(lazy="raise_on_sql")
    proceeding: Mapped[Proceeding | None] = relationship(lazy="raise_on_sql")


class CaseCounter(Base):
    """The last case number of an office in a year; updated in the transaction of the case."""

    __tablename__ = "case_counter"

    prefix: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class SubmitToken(Base):
    """One filled-in form; sending it twice gives the same case (threats K3)."""

    __tablename__ = "submit_token"

    token: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_case.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PaperList(Base):
    """That the dates of a site were printed in a week; the week is named by its Monday."""

    __tablename__ = "paper_list"

    org_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("org_unit.id"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    printed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    printed_by: Mapped[str] = mapped_column(sa.String(80))
