"""Workers and employers, one record each, used by all cases."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from pypinyin import Style, lazy_pinyin
from sqlalchemy.orm import Mapped, mapped_column

from worker_legal.domain import audit
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import BadInput, NotFound, RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra import crypto
from worker_legal.infra.db import Base, UtcDateTime, coded, db
from worker_legal.law import identifiers
from worker_legal.law.enums import Gender, IdType

UNIDENTIFIED = N_("身份待补")


def _uid() -> str:
    return uuid.uuid4().hex


class Worker(Base):
    """A person who came for help; number, phone and address are sealed."""

    __tablename__ = "worker"
    __table_args__ = (sa.UniqueConstraint("uid"), sa.UniqueConstraint("id_no_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    uid: Mapped[str] = mapped_column(sa.String(32), default=_uid)
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
        return identifiers.mask_id(_open(self, "id_no")) if self.id_no_enc else ""

    @property
    def masked_phone(self) -> str:
        """The phone as lists show it: first three and last four digits."""
        return identifiers.mask_phone(_open(self, "phone")) if self.phone_enc else ""


class Employer(Base):
    """A company, known by its credit code; short names are aliases or records of their own."""

    __tablename__ = "employer"
    __table_args__ = (sa.UniqueConstraint("uid"), sa.UniqueConstraint("uscc"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    uid: Mapped[str] = mapped_column(sa.String(32), default=_uid)
    name: Mapped[str] = mapped_column(sa.String(120), index=True)
    initials: Mapped[str] = mapped_column(sa.String(120), default="")
    uscc: Mapped[str | None] = mapped_column(sa.String(18))
    industry: Mapped[str] = mapped_column(sa.String(40), default="")
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    contact_enc: Mapped[str | None] = mapped_column(sa.Text)
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employer.id"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape


class EmployerAlias(Base):
    """Another name of a company: an old name, a short name, the name of a merged record."""

    __tablename__ = "employer_alias"
    __table_args__ = (sa.UniqueConstraint("employer_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employer.id"))
    name: Mapped[str] = mapped_column(sa.String(120), index=True)


@dataclass(frozen=True)
class WorkerInput:
    """A worker as entered; only the name is needed, doubtful numbers are kept as told."""

    name: str
    id_type: IdType = IdType.NONE
    id_no: str = ""
    phone: str = ""
    address: str = ""
    gender: Gender = Gender.UNKNOWN


@dataclass(frozen=True)
class EmployerInput:
    """An employer as entered; `employer_id` when one was picked from the suggestions."""

    name: str = ""
    uscc: str = ""
    employer_id: int | None = None
    contact: str = ""
    address: str = ""
    industry: str = ""


def initials_of(name: str) -> str:
    """Pinyin initials of a name, as the search box matches them: 张三 → zs."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore")).lower()[:60]


# --- workers -------------------------------------------------------------------


def find_or_add_worker(new: WorkerInput) -> Worker:
    """The person of this identity number, else a new record; without a number always a new one."""
    name = new.name.strip() or UNIDENTIFIED
    number = identifiers.normalise_id(new.id_no)
    known = find_worker_by_id(number) if number else None
    if known is not None:
        _complete(known, new)
        return known
    worker = Worker(uid=_uid(), name=name, initials=initials_of(name), id_type=new.id_type)
    worker.gender = new.gender
    if number:
        worker.id_no_enc = _seal(worker, "id_no", number)
        worker.id_no_hash = crypto.blind_index(number, "id_no")
        worker.id_no_last4 = number[-4:]
        if worker.gender is Gender.UNKNOWN:
            worker.gender = identifiers.gender_of(number) or Gender.UNKNOWN
    _set_phone(worker, new.phone)
    if new.address:
        worker.address_enc = _seal(worker, "address", new.address)
    db.session.add(worker)
    db.session.flush()
    return worker


def _complete(worker: Worker, new: WorkerInput) -> None:
    if new.phone and identifiers.normalise_phone(new.phone) != _open(worker, "phone"):
        _set_phone(worker, new.phone)
    if new.address and not worker.address_enc:
        worker.address_enc = _seal(worker, "address", new.address)


def _set_phone(worker: Worker, phone: str) -> None:
    number = identifiers.normalise_phone(phone)
    worker.phone_enc = _seal(worker, "phone", number) if number else None
    worker.phone_hash = crypto.blind_index(number, "phone") if number else None
    worker.phone_last4 = number[-4:]


def find_worker_by_id(id_no: str) -> Worker | None:
    """The person with this identity number."""
    digest = crypto.blind_index(identifiers.normalise_id(id_no), "id_no")
    return db.session.scalar(sa.select(Worker).where(Worker.id_no_hash == digest))


def workers_with_phone(phone: str) -> list[Worker]:
    """People known under a phone number; families share one."""
    digest = crypto.blind_index(identifiers.normalise_phone(phone), "phone")
    return list(db.session.scalars(sa.select(Worker).where(Worker.phone_hash == digest)))


def get_worker(worker_id: int) -> Worker:
    """One person.

    Raises NotFound.
    """
    worker = db.session.get(Worker, worker_id)
    if worker is None:
        raise NotFound(N_("没有这个人"))
    return worker


def change_worker(worker: Worker, new: WorkerInput) -> tuple[str, ...]:
    """Correct a person's particulars; every case shows them. Gives the names of changed fields.

    Raises BadInput when another person already has the number.
    """
    changed = []
    if new.name.strip() and new.name.strip() != worker.name:
        worker.name = new.name.strip()
        worker.initials = initials_of(worker.name)
        changed.append("name")
    number = identifiers.normalise_id(new.id_no)
    if number and number != _open(worker, "id_no"):
        other = find_worker_by_id(number)
        if other is not None and other.id != worker.id:
            raise BadInput(N_("这个证件号码已登记在另一人名下，请核对"), field="id_no")
        worker.id_no_enc = _seal(worker, "id_no", number)
        worker.id_no_hash = crypto.blind_index(number, "id_no")
        worker.id_no_last4, worker.id_type = number[-4:], new.id_type
        changed.append("id_no")
    if new.phone and identifiers.normalise_phone(new.phone) != _open(worker, "phone"):
        _set_phone(worker, new.phone)
        changed.append("phone")
    if new.address and new.address != _open(worker, "address"):
        worker.address_enc = _seal(worker, "address", new.address)
        changed.append("address")
    db.session.flush()
    return tuple(changed)


@dataclass(frozen=True)
class ClearWorker:
    """The unmasked particulars of a person; only `reveal` makes one."""

    id_no: str
    phone: str
    address: str


def reveal(actor: Actor, worker: Worker, reason: str) -> ClearWorker:
    """Show a person's number, phone and address, with a reason, in the log (features M2).

    Raises NotAllowed, or BadInput without a reason.
    """
    actor.require(Action.REVEAL)
    if not reason.strip():
        raise BadInput(N_("请写明为什么要看完整信息"), field="reason")
    audit.record(actor, "reveal", "worker", worker.id, reason=reason.strip()[:200])
    return ClearWorker(_open(worker, "id_no"), _open(worker, "phone"), _open(worker, "address"))


def _seal(worker: Worker, column: str, value: str) -> str:
    return crypto.seal(value, f"worker:{column}:{worker.uid}")


def _open(worker: Worker, column: str) -> str:
    sealed = getattr(worker, f"{column}_enc")
    return crypto.unseal(sealed, f"worker:{column}:{worker.uid}") if sealed else ""


# --- employers -----------------------------------------------------------------


def find_or_add_employer(new: EmployerInput) -> Employer:
    """The company that was picked, or has this code, or (without a code) exactly this full name.

    A name alone never merges two companies with codes; it becomes an alias only with the same code.
    """
    if new.employer_id is not None:
        return get_employer(new.employer_id)
    name, code = new.name.strip(), identifiers.normalise_uscc(new.uscc)
    known = find_employer_by_code(code) if code else _find_by_name(name)
    if known is not None:
        if code and name and name != known.name:
            add_alias(known, name)
        return known
    if not name:
        raise BadInput(N_("请填写用人单位名称"), field="employer_name")
    employer = Employer(
        uid=_uid(),
        name=name,
        initials=initials_of(name),
        uscc=code or None,
        address=new.address,
        industry=new.industry,
    )
    if new.contact:
        employer.contact_enc = crypto.seal(new.contact, f"employer:contact:{employer.uid}")
    db.session.add(employer)
    db.session.flush()
    return employer


def find_employer_by_code(code: str) -> Employer | None:
    """The company of a unified social credit code, or what it was merged into."""
    found = db.session.scalar(
        sa.select(Employer).where(Employer.uscc == identifiers.normalise_uscc(code))
    )
    return _survivor(found) if found else None


def _find_by_name(name: str) -> Employer | None:
    if not name:
        return None
    full = sa.select(Employer).where(Employer.name == name).order_by(Employer.id)
    found = list(db.session.scalars(full.limit(2)))
    return _survivor(found[0]) if len(found) == 1 else None


def _survivor(employer: Employer) -> Employer:
    while employer.merged_into_id is not None:
        employer = get_employer(employer.merged_into_id)
    return employer


def get_employer(employer_id: int) -> Employer:
    """One company.

    Raises NotFound.
    """
    employer = db.session.get(Employer, employer_id)
    if employer is None:
        raise NotFound(N_("没有这个单位"))
    return employer


def add_alias(employer: Employer, name: str) -> None:
    """Remember another name of a company."""
    text = name.strip()
    query = sa.select(EmployerAlias.id).where(
        EmployerAlias.employer_id == employer.id, EmployerAlias.name == text
    )
    if text and text != employer.name and db.session.scalar(query) is None:
        db.session.add(EmployerAlias(employer_id=employer.id, name=text))
        db.session.flush()


def aliases_of(employer: Employer) -> list[str]:
    """The other names of a company."""
    query = sa.select(EmployerAlias.name).where(EmployerAlias.employer_id == employer.id)
    return list(db.session.scalars(query.order_by(EmployerAlias.id)))


def suggest_employers(text: str, limit: int = 8) -> list[Employer]:
    """Companies whose name, alias or code contains the text, merged ones as their survivor."""
    wanted = text.strip()
    if not wanted:
        return []
    by_alias = sa.select(EmployerAlias.employer_id).where(
        EmployerAlias.name.contains(wanted, autoescape=True)
    )
    query = sa.select(Employer).where(
        sa.or_(
            Employer.name.contains(wanted, autoescape=True),
            Employer.uscc.startswith(wanted.upper(), autoescape=True),
            Employer.initials.startswith(wanted.lower(), autoescape=True),
            Employer.id.in_(by_alias),
        )
    )
    found = db.session.scalars(query.order_by(Employer.name, Employer.id).limit(limit * 2))
    unique = {employer.id: employer for employer in map(_survivor, found)}
    return list(unique.values())[:limit]


def merge_employers(actor: Actor, survivor: Employer, gone: Employer) -> None:
    """Join two records of one company; the names of the other stay as aliases.

    The cases are moved by `cases.follow_merge`. Raises RuleBroken for two different codes.
    """
    actor.require(Action.MERGE_EMPLOYERS)
    if survivor.id == gone.id:
        raise RuleBroken(N_("请选两个不同的单位"))
    if survivor.uscc and gone.uscc and survivor.uscc != gone.uscc:
        raise RuleBroken(N_("两个单位的信用代码不同，不能合并"))
    code = survivor.uscc or gone.uscc
    gone.uscc, gone.merged_into_id = None, survivor.id
    db.session.flush()
    survivor.uscc = code
    for name in (gone.name, *aliases_of(gone)):
        add_alias(survivor, name)
    audit.record(actor, "merge", "employer", survivor.id, merged=gone.id)

