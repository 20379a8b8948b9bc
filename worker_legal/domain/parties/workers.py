"""Workers: found by identity number, kept as told, corrected in one place for all cases."""

from dataclasses import dataclass

import sqlalchemy as sa

from worker_legal.domain import audit
from worker_legal.domain.parties.models import Worker, initials_of, new_uid, opened
from worker_legal.domain.permissions import Action, Actor
from worker_legal.errors import BadInput, NotFound
from worker_legal.i18n import N_
from worker_legal.infra import clock, crypto
from worker_legal.infra.db import db
from worker_legal.law import identifiers
from worker_legal.law.enums import Gender, IdType

UNIDENTIFIED = N_("身份待补")
OTHER_NAME = N_("这个证件号码已登记为另一个姓名，请核对")


@dataclass(frozen=True)
class WorkerInput:
    """A worker as entered; only the name is needed, doubtful numbers are kept as told."""

    name: str
    id_type: IdType = IdType.NONE
    id_no: str = ""
    phone: str = ""
    address: str = ""
    gender: Gender = Gender.UNKNOWN


def find_or_add_worker(new: WorkerInput) -> Worker:
    """The person of this identity number, else a new record; without a number always a new one."""
    name = new.name.strip() or UNIDENTIFIED
    number = identifiers.normalise_id(new.id_no)
    known = find_worker_by_id(number) if number else None
    if known is not None:
        _complete(known, new)
        return known
    worker = Worker(uid=new_uid(), name=name, initials=initials_of(name), id_type=new.id_type)
    worker.gender = new.gender
    if number:
        _set_number(worker, number)
        if worker.gender is Gender.UNKNOWN:
            worker.gender = identifiers.gender_of(number)
    _set_phone(worker, new.phone)
    if new.address:
        worker.address_enc = _seal(worker, "address", new.address)
    db.session.add(worker)
    db.session.flush()
    return worker


def _complete(worker: Worker, new: WorkerInput) -> None:
    if new.phone and identifiers.normalise_phone(new.phone) != opened(worker, "phone"):
        _set_phone(worker, new.phone)
    if new.address and not worker.address_enc:
        worker.address_enc = _seal(worker, "address", new.address)


def _set_number(worker: Worker, number: str) -> None:
    worker.id_no_enc = _seal(worker, "id_no", number)
    worker.id_no_hash = crypto.blind_index(number, "id_no")
    worker.id_no_last4 = number[-4:]


def _set_phone(worker: Worker, phone: str) -> None:
    number = identifiers.normalise_phone(phone)
    worker.phone_enc = _seal(worker, "phone", number) if number else None
    worker.phone_hash = crypto.blind_index(number, "phone") if number else None
    worker.phone_last4 = number[-4:]


def find_worker_by_id(id_no: str) -> Worker | None:
    """The person with this identity number."""
    if not identifiers.normalise_id(id_no):
        return None
    digest = crypto.blind_index(identifiers.normalise_id(id_no), "id_no")
    return db.session.scalar(sa.select(Worker).where(Worker.id_no_hash == digest))


def workers_with_phone(phone: str) -> list[Worker]:
    """People known under a phone number; families share one."""
    if not identifiers.normalise_phone(phone):
        return []
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


def change_worker(worker: Worker, new: WorkerInput) -> dict[str, tuple[str, str]]:
    """Correct a person's particulars; every case shows them. An empty value leaves the old one.

    Gives for each changed field the old and the new value as lists may show them (masked).
    Raises BadInput when another person already has the number.
    """
    changed: dict[str, tuple[str, str]] = {}
    name = new.name.strip()
    if name and name != worker.name:
        changed["name"] = (worker.name, name)
        worker.name, worker.initials = name, initials_of(name)
    _change_number(worker, new, changed)
    if new.phone and identifiers.normalise_phone(new.phone) != opened(worker, "phone"):
        old = worker.masked_phone
        _set_phone(worker, new.phone)
        changed["phone"] = (old, worker.masked_phone)
    if new.address and new.address != opened(worker, "address"):
        worker.address_enc = _seal(worker, "address", new.address)
        changed["address"] = ("", "")
    if new.gender is not Gender.UNKNOWN and new.gender is not worker.gender:
        changed["gender"] = (worker.gender.label, new.gender.label)
        worker.gender = new.gender
    db.session.flush()
    return changed


def _change_number(worker: Worker, new: WorkerInput, changed: dict[str, tuple[str, str]]) -> None:
    number = identifiers.normalise_id(new.id_no)
    if not number or number == opened(worker, "id_no"):
        if worker.is_identified and new.id_type not in {IdType.NONE, worker.id_type}:
            changed["id_type"] = (worker.id_type.label, new.id_type.label)
            worker.id_type = new.id_type
        return
    other = find_worker_by_id(number)
    if other is not None and other.id != worker.id:
        raise BadInput(N_("这个证件号码已登记在另一人名下，请核对"), field="id_no")
    old = worker.masked_id
    worker.id_type = new.id_type
    _set_number(worker, number)
    changed["id_no"] = (old, worker.masked_id)


def kind_of_number(id_no: str) -> IdType:
    """Which paper a number most likely stands on, where the clerk did not say."""
    number = identifiers.normalise_id(id_no)
    if not number:
        return IdType.NONE
    if len(number) in {15, 17, 18, 19} and number[:-1].isdigit():
        if number.startswith(("81", "82", "83")):
            return IdType.HMT_RESIDENT
        is_foreign = number.startswith("9") and not number.startswith("999")
        return IdType.FOREIGN_PR if is_foreign else IdType.RESIDENT
    likely = (IdType.HM_PASS, IdType.TW_PASS, IdType.FOREIGN_PR, IdType.PASSPORT)
    today = clock.today()
    if number.isdigit() and len(number) != 8:
        return IdType.RESIDENT
    return next((k for k in likely if not identifiers.check_id(k, number, today)), IdType.OTHER)


def doubts(new: WorkerInput) -> list[tuple[str, str]]:
    """Remarks on a worker as entered: field and sentence; they warn and never refuse."""
    found = []
    if new.id_no:
        remarks = identifiers.check_id(new.id_type, new.id_no, clock.today())
        found += [("id_no", text) for text in remarks]
        known = find_worker_by_id(new.id_no)
        if known is not None and new.name.strip() and known.name != new.name.strip():
            found.append(("id_no", OTHER_NAME))
    if new.phone:
        found += [("phone", text) for text in identifiers.check_phone(new.phone)]
    return found


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
    return ClearWorker(opened(worker, "id_no"), opened(worker, "phone"), opened(worker, "address"))


def _seal(worker: Worker, column: str, value: str) -> str:
    return crypto.seal(value, f"worker:{column}:{worker.uid}")
