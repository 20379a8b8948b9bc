"""An office's own ledger in: read whole or not at all, safe to repeat."""

from worker_legal.domain.imports.check import Entry, Finding
from worker_legal.domain.imports.service import Preview, Result, batches, commit, preview

__all__ = ["Entry", "Finding", "Preview", "Result", "batches", "commit", "preview"]
