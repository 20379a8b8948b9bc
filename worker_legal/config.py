"""Settings: one frozen object, read once from the environment or made for a test."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from worker_legal.errors import BadInput
from worker_legal.i18n import N_

SHORTEST_SECRET = 32
KNOWN_SECRETS = frozenset({"dev", "secret", "changeme", "change-me", "password"})


@dataclass(frozen=True)
class Settings:
    """Everything an installation can set; see docs/operations.md for the variables."""

    instance_dir: Path
    database_url: str
    secret_key: str
    field_keys: tuple[str, ...]
    index_key: str
    portal_key: str
    interfaces: tuple[str, ...] = ("staff", "admin", "portal")
    scheduler: bool = False
    demo: bool = False
    secure_cookies: bool = False
    testing: bool = False
    fixed_now: str = ""
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = 0
    inner_hosts: tuple[str, ...] = ()
    watcher_url: str = ""

    @property
    def export_dir(self) -> Path:
        """Where finished exports wait, sealed, for their owners."""
        return self.instance_dir / "exports"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read WL_* variables; keys that are not given are made once in the instance folder."""
        env = os.environ if environ is None else environ
        instance = Path(env.get("WL_INSTANCE", "") or default_instance()).resolve()
        instance.mkdir(parents=True, exist_ok=True)
        production = env.get("WL_ENV", "") == "production"
        keys = _keys(env, instance, production)
        return cls(
            instance_dir=instance,
            database_url=env.get("WL_DATABASE_URL", f"sqlite:///{instance / 'worker_legal.db'}"),
            interfaces=_words(env.get("WL_INTERFACES", "staff,admin,portal")),
            scheduler=env.get("WL_SCHEDULER", "off") == "on",
            demo=env.get("WL_DEMO", "") == "1",
            secure_cookies=env.get("WL_SECURE_COOKIES", "1" if production else "0") == "1",
            fixed_now=env.get("WL_TEST_NOW", ""),
            trusted_hosts=_words(env.get("WL_TRUSTED_HOSTS", "")),
            proxies=int(env.get("WL_PROXIES", "0")),
            inner_hosts=_words(env.get("WL_INNER_HOSTS", "")),
            watcher_url=env.get("WL_WATCHER_URL", "").strip(),
            secret_key=keys["WL_SECRET_KEY"],
            field_keys=_words(keys["WL_FIELD_KEYS"]),
            index_key=keys["WL_INDEX_KEY"],
            portal_key=keys["WL_PORTAL_KEY"],
        )


def default_instance() -> Path:
    """`instance/` beside the checkout, else in the working directory."""
    checkout = Path(__file__).resolve().parent.parent
    return (checkout if (checkout / "wsgi.py").exists() else Path.cwd()) / "instance"


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _keys(env: Mapping[str, str], instance: Path, production: bool) -> dict[str, str]:
    names = ("WL_SECRET_KEY", "WL_FIELD_KEYS", "WL_INDEX_KEY", "WL_PORTAL_KEY")
    given = {name: env[name] for name in names if env.get(name)}
    if len(given) < len(names):
        if production and given:
            missing = ", ".join(sorted(set(names) - set(given)))
            raise BadInput(N_("生产环境缺少密钥：%(names)s"), names=missing)
        given = {**_own_keys(instance / "keys.json"), **given}
    for name, value in given.items():
        for part in _words(value):
            if len(part) < SHORTEST_SECRET or part.lower() in KNOWN_SECRETS:
                raise BadInput(N_("密钥 %(name)s 太短或太常见，至少32个字符"), name=name)
    return given


def _own_keys(path: Path) -> dict[str, str]:
    """The keys of this installation, made at the first start and readable by its owner only."""
    if not path.exists():
        names = ("WL_SECRET_KEY", "WL_FIELD_KEYS", "WL_INDEX_KEY", "WL_PORTAL_KEY")
        text = json.dumps({name: secrets.token_hex(32) for name in names}, indent=1)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(text)
    if path.stat().st_mode & 0o077:
        raise BadInput(N_("密钥文件 %(path)s 其他用户可读，请改为600权限"), path=str(path))
    return dict(json.loads(path.read_text()))
