"""Tables of reminding: what is owed, what was delivered, and the signs of life of the timetable."""

from datetime import date, datetime, time
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from worker_legal.infra.db import Base, UtcDateTime, coded

INBOX = "inbox"


class OutboxState(StrEnum):
    """What has become of a reminder that is owed."""

    READY = "ready"
    SENT = "sent"
    CANCELLED = "cancelled"
    PARKED = "parked"


class OutboxMessage(Base):
    """One reminder owed: which date and version, at which step, to whom, by which channel.

    No text is kept; it is put into words from these keys when somebody reads it.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        sa.UniqueConstraint("dedupe_key"),
        sa.Index(None, "state", "available_at"),
        sa.Index(
            "ix_outbox_message_parked",
            "deadline_id",
            sqlite_where=sa.text("state = 'parked'"),
            postgresql_where=sa.text("state = 'parked'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # deadline : version : rule : step : addressee : channel
    dedupe_key: Mapped[str] = mapped_column(sa.String(200))
    # no foreign key: dates are thrown away and recomputed, what was owed stays on record
    deadline_id: Mapped[int]
    deadline_version: Mapped[int]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_case.id"))
    rule_code: Mapped[str] = mapped_column(sa.String(60))
    step: Mapped[str] = mapped_column(sa.String(20))
    addressee_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    channel: Mapped[str] = mapped_column(sa.String(20))
    legal_date: Mapped[date]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # planned after an outage, later than it was due (补发)
    is_late: Mapped[bool] = mapped_column(default=False)
    state: Mapped[OutboxState] = mapped_column(coded(OutboxState), default=OutboxState.READY)
    available_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_owner: Mapped[str] = mapped_column(sa.String(80), default="")
    fence: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(sa.String(120), default="")
    # put into the inbox, accepted by the server outside, or ticked off by hand
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # the key of the first of the reminders that leave as one message outside, set at its first try
    digest: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    # when those who lead the site were told that this one is not getting through
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # who sent it by hand and ticked it off
    handed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))


class InboxMessage(Base):
    """A reminder in a person's inbox, the channel of record: exactly one per key."""

    __tablename__ = "inbox_message"
    __table_args__ = (
        sa.UniqueConstraint("dedupe_key"),
        sa.Index(None, "addressee_id", "is_replaced", "id"),
        sa.Index(None, "addressee_id", "deadline_id"),
        sa.Index(
            "ix_inbox_message_answered",
            "deadline_id",
            sqlite_where=sa.text("ack_at IS NOT NULL"),
            postgresql_where=sa.text("ack_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(sa.String(200))
    addressee_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_case.id"), index=True)
    deadline_id: Mapped[int]
    rule_code: Mapped[str] = mapped_column(sa.String(60))
    step: Mapped[str] = mapped_column(sa.String(20))
    legal_date: Mapped[date]
    is_late: Mapped[bool] = mapped_column(default=False)
    # a later reminder of the same date to the same person stands in its place
    is_replaced: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ack_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DeliveryAttempt(Base):
    """One try to deliver, told apart by the fence of its claim."""

    __tablename__ = "delivery_attempt"
    __table_args__ = (sa.UniqueConstraint("outbox_id", "fence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_id: Mapped[int] = mapped_column(sa.ForeignKey("outbox_message.id"))
    fence: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[str] = mapped_column(sa.String(120), default="")
    provider_ref: Mapped[str] = mapped_column(sa.String(120), default="")


class ReminderStep(Base):
    """How many days before a date of one kind people are told, for dates known from a day on."""

    __tablename__ = "reminder_step"
    __table_args__ = (sa.UniqueConstraint("kind", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # the code of a rule, the first word of the codes of a chapter, or "*" for every date
    kind: Mapped[str] = mapped_column(sa.String(60))
    valid_from: Mapped[date]
    # the farthest first; empty: as the rest
    days: Mapped[list[int]] = mapped_column(sa.JSON)
    entered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReminderLadder(Base):
    """When the next rung of the ladder is told, one row: days before, working days after."""

    __tablename__ = "reminder_ladder"
    __table_args__ = (sa.CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    version: Mapped[int] = mapped_column(default=1)
    director_before: Mapped[int]
    centre_before: Mapped[int]
    owner_after: Mapped[int]
    director_after: Mapped[int]
    centre_after: Mapped[int]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape


class LeaveCover(Base):
    """Days on which a person is away, and the colleague who is told of that person's dates too."""

    __tablename__ = "leave_cover"
    __table_args__ = (sa.CheckConstraint("first_on <= last_on", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    entered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SendingHours(Base):
    """From when until when reminders leave the program on a working day, one row."""

    __tablename__ = "sending_hours"
    __table_args__ = (sa.CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    version: Mapped[int] = mapped_column(default=1)
    opens: Mapped[time]
    closes: Mapped[time]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape


class RestoreFence(Base):
    """A restore that was noticed: nothing is planned or sent until a person has confirmed it."""

    __tablename__ = "restore_fence"

    id: Mapped[int] = mapped_column(primary_key=True)
    noticed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))


class Heartbeat(Base):
    """The last sign of life of a part of the timetable, with both clocks it saw."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    db_clock: Mapped[datetime] = mapped_column(UtcDateTime)
    host_clock: Mapped[datetime] = mapped_column(UtcDateTime)
    # why planning stands still, empty while all is well
    trouble: Mapped[str] = mapped_column(sa.String(60), default="")


class JobRun(Base):
    """One run of a job that did something or failed: a log; correctness never rests on it."""

    __tablename__ = "job_run"
    __table_args__ = (sa.Index(None, "job", "started_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(sa.String(40))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[str] = mapped_column(sa.String(200), default="")
    is_failure: Mapped[bool] = mapped_column(default=False)


class JobClock(Base):
    """The last run of a job, also of one that found nothing to do; noted every few minutes."""

    __tablename__ = "job_clock"

    job: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime)
    result: Mapped[str] = mapped_column(sa.String(200))
    is_failure: Mapped[bool]
