"""An office's own ledger in: read whole or not at all, safe to repeat."""

from worker_legal.domain.imports.books import letter
from worker_legal.domain.imports.check import Entry
from worker_legal.domain.imports.layouts import Layout, Sketch, is_settled
from worker_legal.domain.imports.mapping import Told, mapping_file, read_mapping
from worker_legal.domain.imports.models import LONGEST_SOURCE
from worker_legal.domain.imports.outgoing import tables as ledger_tables
from worker_legal.domain.imports.reading import Finding
from worker_legal.domain.imports.service import (
    Preview,
    Result,
    batches,
    commit,
    confirm,
    mapping_of,
    preview,
    sketches,
)
from worker_legal.domain.imports.templates import (
    LedgerTemplate,
    Page,
    forget_template,
    pages,
    read_pages,
    save_template,
    template,
    words_of,
)
from worker_legal.domain.imports.undo import cases_of, get_batch, touched, undo
from worker_legal.domain.imports.words import Asked, Key, choices, teach

__all__ = [
    "LONGEST_SOURCE",
    "Asked",
    "Entry",
    "Finding",
    "Key",
    "Layout",
    "LedgerTemplate",
    "Page",
    "Preview",
    "Result",
    "Sketch",
    "Told",
    "batches",
    "cases_of",
    "choices",
    "commit",
    "confirm",
    "forget_template",
    "get_batch",
    "is_settled",
    "ledger_tables",
    "letter",
    "mapping_file",
    "mapping_of",
    "pages",
    "preview",
    "read_mapping",
    "read_pages",
    "save_template",
    "sketches",
    "teach",
    "template",
    "touched",
    "undo",
    "words_of",
]
