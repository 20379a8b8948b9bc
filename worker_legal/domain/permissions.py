"""Who may do what: roles, actions and the one table that joins them. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from worker_legal.errors import NotAllowed
from worker_legal.i18n import N_
from worker_legal.law.enums import LabelledEnum


class Role(LabelledEnum):
    """A person's part at a site and everything below it."""

    INTAKE = "intake", N_("接访员")
    MEDIATOR = "mediator", N_("调解员")
    LAWYER = "lawyer", N_("援助律师")
    INSPECTOR = "inspector", N_("监察员")
    DIRECTOR = "director", N_("主任")
    ADMINISTRATOR = "administrator", N_("管理员")
    AUDITOR = "auditor", N_("审计员")


class Action(StrEnum):
    """Everything a route, command or button can ask for."""

    OWN_ACCOUNT = "own_account"
    USE_WORKBENCH = "use_workbench"
    USE_CALCULATOR = "use_calculator"
    VIEW_RULES = "view_rules"
    VIEW_CASE = "view_case"
    REGISTER_CASE = "register_case"
    EDIT_CASE = "edit_case"
    RECORD_EVENT = "record_event"
    ASSIGN_CASE = "assign_case"
    CLOSE_CASE = "close_case"
    REOPEN_CASE = "reopen_case"
    VOID_CASE = "void_case"
    REVEAL = "reveal"
    ISSUE_RECEIPT = "issue_receipt"
    MERGE_EMPLOYERS = "merge_employers"
    VIEW_STATISTICS = "view_statistics"
    EXPORT_CASES = "export_cases"
    APPROVE_EXPORT = "approve_export"
    SET_COMPARISON = "set_comparison"
    EDIT_WORDING = "edit_wording"
    LOCK_FIGURES = "lock_figures"
    IMPORT_LEDGER = "import_ledger"
    MANAGE_HOLIDAYS = "manage_holidays"
    MANAGE_PARAMETERS = "manage_parameters"
    MANAGE_REMINDERS = "manage_reminders"
    MANAGE_USERS = "manage_users"
    MANAGE_OFFICE = "manage_office"
    VIEW_AUDIT = "view_audit"
    VIEW_JOBS = "view_jobs"
    WATCH_DELIVERY = "watch_delivery"
    HAND_OUT = "hand_out"


_EVERYONE = {Action.OWN_ACCOUNT, Action.USE_WORKBENCH, Action.USE_CALCULATOR, Action.VIEW_RULES}
_READER = _EVERYONE | {Action.VIEW_CASE}
_HANDLER = _READER | {Action.RECORD_EVENT}
_COUNTER = _HANDLER | {
    Action.REGISTER_CASE,
    Action.EDIT_CASE,
    Action.REVEAL,
    Action.ISSUE_RECEIPT,
    Action.CLOSE_CASE,
    Action.HAND_OUT,
}

GRANTS: dict[Role, frozenset[Action]] = {
    Role.INTAKE: frozenset(_COUNTER),
    Role.MEDIATOR: frozenset(_COUNTER),
    Role.LAWYER: frozenset(_HANDLER),
    Role.INSPECTOR: frozenset(_HANDLER),
    Role.DIRECTOR: frozenset(
        _COUNTER
        | {
            Action.ASSIGN_CASE,
            Action.REOPEN_CASE,
            Action.VOID_CASE,
            Action.MERGE_EMPLOYERS,
            Action.VIEW_STATISTICS,
            Action.EXPORT_CASES,
            Action.APPROVE_EXPORT,
            Action.SET_COMPARISON,
            Action.EDIT_WORDING,
            Action.LOCK_FIGURES,
            Action.IMPORT_LEDGER,
            Action.MANAGE_PARAMETERS,
            Action.MANAGE_REMINDERS,
            Action.VIEW_AUDIT,
            Action.VIEW_JOBS,
            Action.WATCH_DELIVERY,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        _EVERYONE
        | {
            Action.IMPORT_LEDGER,
            Action.MANAGE_HOLIDAYS,
            Action.MANAGE_PARAMETERS,
            Action.MANAGE_REMINDERS,
            Action.MANAGE_USERS,
            Action.MANAGE_OFFICE,
            Action.VIEW_AUDIT,
            Action.VIEW_JOBS,
        }
    ),
    Role.AUDITOR: frozenset(
        _READER | {Action.VIEW_STATISTICS, Action.VIEW_AUDIT, Action.APPROVE_EXPORT}
    ),
}

OWN_CASES_ONLY = frozenset({Role.LAWYER, Role.INSPECTOR})
NEED_SECOND_FACTOR = frozenset({Role.DIRECTOR, Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Grant:
    """One role at one site; `site_ids` are that site and all below it."""

    role: Role
    site_id: int
    site_ids: frozenset[int]


@dataclass(frozen=True)
class Actor:
    """The person (or named part of the system) on whose behalf something happens."""

    user_id: int | None
    label: str
    grants: tuple[Grant, ...] = ()
    is_system: bool = False
    ip: str = ""

    @classmethod
    def system(cls, name: str) -> "Actor":
        """The program itself: a job, an import, a command."""
        return cls(user_id=None, label=f"system:{name}", is_system=True)

    def can(self, action: Action, site_id: int | None = None) -> bool:
        """Whether the actor may do this at all, or at this site."""
        if self.is_system:
            return True
        return any(
            action in GRANTS[grant.role] and (site_id is None or site_id in grant.site_ids)
            for grant in self.grants
        )

    def require(self, action: Action, site_id: int | None = None) -> None:
        """Refuse what the actor may not do.

        Raises NotAllowed.
        """
        if not self.can(action, site_id):
            raise NotAllowed(N_("您没有办理这件事的权限，请联系主任或管理员"))

    def site_ids(self, action: Action) -> frozenset[int]:
        """Sites at which the actor may do this to any case."""
        return frozenset().union(
            *(
                grant.site_ids
                for grant in self.grants
                if action in GRANTS[grant.role] and grant.role not in OWN_CASES_ONLY
            )
        )

    def own_case_sites(self, action: Action) -> frozenset[int]:
        """Sites at which the actor may do this to the cases assigned to that person only."""
        return frozenset().union(
            *(
                grant.site_ids
                for grant in self.grants
                if action in GRANTS[grant.role] and grant.role in OWN_CASES_ONLY
            )
        )

    @property
    def roles(self) -> tuple[Role, ...]:
        """The actor's roles, each once, in the order of the table."""
        held = {grant.role for grant in self.grants}
        return tuple(role for role in Role if role in held)
