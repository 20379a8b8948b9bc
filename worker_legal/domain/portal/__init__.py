"""The worker's window: a random code opens a whitelist of one case, and nothing else does."""

from worker_legal.domain.portal.calculator import CalculatorBasis, calculator_basis
from worker_legal.domain.portal.codes import (
    Attempt,
    find_session,
    forget_old_sessions,
    grants_of,
    groups,
    issue_code,
    leave,
    sign_in,
)
from worker_legal.domain.portal.models import PortalGrant, PortalSession
from worker_legal.domain.portal.receipts import Receipt, receipt_for, status_address
from worker_legal.domain.portal.status import (
    LastDay,
    Opened,
    PathStep,
    PortalStatus,
    Visit,
    office_card,
    receipt_number,
    status_for,
)

__all__ = [
    "Attempt",
    "CalculatorBasis",
    "LastDay",
    "Opened",
    "PathStep",
    "PortalGrant",
    "PortalSession",
    "PortalStatus",
    "Receipt",
    "Visit",
    "calculator_basis",
    "find_session",
    "forget_old_sessions",
    "grants_of",
    "groups",
    "issue_code",
    "leave",
    "office_card",
    "receipt_for",
    "receipt_number",
    "sign_in",
    "status_address",
    "status_for",
]
