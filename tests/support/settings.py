"""Settings of a test installation: fixed keys, nothing outside a temporary folder."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worker_legal.config import Settings

SQLITE = "sqlite"
POSTGRESQL = "postgresql"


@dataclass(frozen=True)
class Database:
    """One empty, migrated database that belongs to one test."""

    kind: str
    url: str


def make_settings(database_url: str, instance: Path | None = None, **changes: Any) -> Settings:
    """The settings of an installation that exists for one test."""
    values: dict[str, Any] = {
        "instance_dir": instance or Path(tempfile.mkdtemp(prefix="wl-instance-")),
        "database_url": database_url,
        "secret_key": "test-secret-key-" * 4,
        "field_keys": ("test-field-key-" * 4,),
        "index_key": "test-index-key-" * 4,
        "portal_key": "test-portal-key-" * 4,
        "testing": True,
    }
    return Settings(**{**values, **changes})
