"""Fields sealed at rest (AES-256-GCM with a key ring) and keyed blind indexes."""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from worker_legal.errors import OutsideFailure
from worker_legal.i18n import N_

NONCE_BYTES = 12


@dataclass(frozen=True)
class KeyRing:
    """First key writes, all keys read; the index and portal keys are kept apart from them."""

    sealing: tuple[tuple[str, AESGCM], ...]
    index_key: bytes
    portal_key: bytes


_ring: KeyRing | None = None


def init(field_keys: tuple[str, ...], index_key: str, portal_key: str) -> None:
    """Take the installation's keys; called once by the factory."""
    global _ring
    sealing = tuple((_name_of(key), AESGCM(_bytes_of(key))) for key in field_keys)
    _ring = KeyRing(sealing, _bytes_of(index_key), _bytes_of(portal_key))


def seal(text: str, where: str) -> str:
    """Encrypt a text for one place, named `table:column:row uid`; it opens nowhere else."""
    name, cipher = _keys().sealing[0]
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + cipher.encrypt(nonce, text.encode(), f"{name}:{where}".encode())
    return f"{name}:{base64.b64encode(sealed).decode()}"


def unseal(sealed: str, where: str) -> str:
    """Decrypt what `seal` made for the same place."""
    name, _, body = sealed.partition(":")
    raw = base64.b64decode(body)
    for known, cipher in _keys().sealing:
        if known == name:
            try:
                aad = f"{name}:{where}".encode()
                return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], aad).decode()
            except InvalidTag:
                break
    raise OutsideFailure(N_("加密字段打不开：密钥不对，或内容被移动过"), code="unsealable")


def blind_index(value: str, purpose: str) -> str:
    """A keyed digest by which an exact value can be found without storing it in clear."""
    return hmac.new(_keys().index_key, f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()


def portal_digest(code: str) -> str:
    """The keyed digest of a worker's access code; the key is not in the database."""
    return hmac.new(_keys().portal_key, code.encode(), hashlib.sha256).hexdigest()


def token_digest(token: str) -> str:
    """The digest under which a random session or link token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def _keys() -> KeyRing:
    if _ring is None:
        raise OutsideFailure(N_("加密密钥还没有载入"), code="no_keys")
    return _ring


def _bytes_of(key: str) -> bytes:
    return hashlib.sha256(b"worker-legal:" + key.encode()).digest()


def _name_of(key: str) -> str:
    return hashlib.sha256(b"name:" + key.encode()).hexdigest()[:8]
