"""The paper a worker takes home: facts of one worker in one case, with the code told once."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from worker_legal.domain import org, parties
from worker_legal.domain.cases.models import Case
from worker_legal.domain.cases.queries import parties_of
from worker_legal.domain.portal.codes import groups
from worker_legal.domain.portal.status import (
    LastDay,
    OfficeCard,
    Visit,
    last_days,
    next_visit,
    office_card,
    own_events,
    own_proceedings,
    party_of,
    receipt_number,
)
from worker_legal.errors import RuleBroken
from worker_legal.i18n import N_
from worker_legal.infra import clock
from worker_legal.law.enums import Flag

ENTRANCE = "/s"
FIRST = N_("优先办理")
MOST_DAYS = 3


@dataclass(frozen=True)
class Receipt:
    """One A5 sheet; the amount is the worker's own claim in fen."""

    office: OfficeCard
    number: str
    on: date
    worker: str
    masked_id: str
    employer: str
    dispute: str
    unpaid_from: date | None
    unpaid_to: date | None
    claimed_fen: int
    is_oral: bool
    flags: tuple[str, ...]
    visit: Visit | None
    last_days: tuple[LastDay, ...]
    short_address: str
    address: str
    code_groups: tuple[str, ...]


def status_address(code: str) -> str:
    """What the QR says: the entrance of the public site, the code behind the # (threats W6).

    Raises RuleBroken while the office has no public address.
    """
    public = org.get_office().public_url.rstrip("/")
    if not public:
        raise RuleBroken(N_("还没有填写职工查询的公开网址，请管理员到“单位设置”填写"))
    return f"{public}{ENTRANCE}#{code}"


def receipt_for(case: Case, worker_id: int, code: str) -> Receipt:
    """The sheet for one worker of a case, with the code that was just issued."""
    worker = parties.get_worker(worker_id)
    party = party_of(case, worker_id)
    own = own_proceedings(case, party)
    address = status_address(code)
    return Receipt(
        office=office_card(case),
        number=receipt_number(case, party),
        on=clock.today(),
        worker=worker.name,
        masked_id=worker.masked_id,
        employer="、".join(_employers(case)),
        dispute=case.dispute_kind.label,
        unpaid_from=case.unpaid_from,
        unpaid_to=case.unpaid_to,
        claimed_fen=party.claimed_fen,
        is_oral=case.oral_application,
        flags=_flags(case),
        visit=next_visit(own, own_events(case, own)),
        last_days=last_days(case, own)[:MOST_DAYS],
        short_address=_short(address),
        address=address,
        code_groups=groups(code),
    )


def _flags(case: Case) -> tuple[str, ...]:
    """The flags in words; what the office fears is no word for the worker's own paper."""
    held = [flag for flag in Flag if flag.value in case.flags]
    told = [flag.label for flag in held if flag is not Flag.PETITION_RISK]
    return tuple(told or ([FIRST] if held else []))


def _employers(case: Case) -> list[str]:
    return [party.employer.name for party in parties_of(case) if party.employer is not None]


def _short(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.netloc}{parts.path}"
