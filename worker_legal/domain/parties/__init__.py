"""Workers and employers, one record each, used by all cases."""

from worker_legal.domain.parties.employers import (
    EmployerInput,
    add_alias,
    aliases_of,
    find_employer_by_code,
    find_known_employer,
    find_or_add_employer,
    get_employer,
    merge_employers,
    suggest_employers,
)
from worker_legal.domain.parties.models import Employer, EmployerAlias, Worker, initials_of
from worker_legal.domain.parties.workers import (
    UNIDENTIFIED,
    ClearWorker,
    WorkerInput,
    change_worker,
    doubts,
    find_or_add_worker,
    find_worker_by_id,
    get_worker,
    kind_of_number,
    reveal,
    workers_with_phone,
)

__all__ = [
    "UNIDENTIFIED",
    "ClearWorker",
    "Employer",
    "EmployerAlias",
    "EmployerInput",
    "Worker",
    "WorkerInput",
    "add_alias",
    "aliases_of",
    "change_worker",
    "doubts",
    "find_employer_by_code",
    "find_known_employer",
    "find_or_add_employer",
    "find_or_add_worker",
    "find_worker_by_id",
    "get_employer",
    "get_worker",
    "initials_of",
    "kind_of_number",
    "merge_employers",
    "reveal",
    "suggest_employers",
    "workers_with_phone",
]
