"""Tables of an import: which file, which rows, what became of each."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from worker_legal.infra.db import Base, UtcDateTime

LONGEST_SOURCE = 30


class ImportBatch(Base):
    """One ledger file that was read in whole."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    # digest of the file; the rows, not this, decide whether something is new
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    filename: Mapped[str] = mapped_column(sa.String(200))
    source: Mapped[str] = mapped_column(sa.String(LONGEST_SOURCE), default="", server_default="")
    year: Mapped[int]
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    imported_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    cases: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    amount_fen: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    # the last event the import itself wrote; later ones are somebody's work
    last_event_id: Mapped[int | None]
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))


class ImportRow(Base):
    """One ledger row and the case it became; the digest tells whether its cells changed since."""

    __tablename__ = "import_row"
    __table_args__ = (sa.UniqueConstraint("prefix", "source", "year", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("import_batch.id"), index=True)
    prefix: Mapped[str] = mapped_column(sa.String(20))
    # whose ledger it is, where an office keeps several with the same numbers in one year
    source: Mapped[str] = mapped_column(sa.String(LONGEST_SOURCE), default="", server_default="")
    year: Mapped[int]
    serial: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_case.id"), index=True)


class LedgerMapping(Base):
    """What the columns under one kind of head mean, as the office confirmed it once."""

    __tablename__ = "ledger_mapping"

    id: Mapped[int] = mapped_column(primary_key=True)
    # digest of the labels of the head
    signature: Mapped[str] = mapped_column(sa.String(64), unique=True)
    layout: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))


class LedgerWord(Base):
    """What a word in the cells of the office's ledgers means, as the office told it once."""

    __tablename__ = "ledger_word"
    __table_args__ = (sa.UniqueConstraint("field", "stage", "word"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # the column it stands in: channel, kind, method or result
    field: Mapped[str] = mapped_column(sa.String(20))
    # the service whose result it is, empty in other columns
    stage: Mapped[str] = mapped_column(sa.String(20), default="")
    word: Mapped[str] = mapped_column(sa.String(20))
    code: Mapped[str] = mapped_column(sa.String(40))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
