"""Responses are sealed so that only the instructor can open them. libsodium does it, here and in the browser.

A sealed box can't be opened, or changed unnoticed, without the secret key. It doesn't tell who sealed it.
"""

from __future__ import annotations

import base64
import binascii
from hashlib import blake2b

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

RECEIPT_BYTES = 16


class EnvelopeError(Exception):
    """What was sealed does not open: it was changed, or sealed for another."""


def new_keys() -> tuple[str, str]:
    """Return a new public key and its secret one, each as base64."""
    secret = PrivateKey.generate()
    return to_text(bytes(secret.public_key)), to_text(bytes(secret))


def seal(content: bytes, public_key: str) -> bytes:
    """Return `content` sealed to the owner of a public key."""
    return SealedBox(PublicKey(base64.b64decode(public_key))).encrypt(content)


class Opener:
    """Opens what was sealed to one key.

    Parameters
    ----------
    secret_key
        Base64.
    """

    def __init__(self, secret_key: str) -> None:
        self._box = SealedBox(PrivateKey(base64.b64decode(secret_key)))

    def open(self, sealed: bytes) -> bytes:
        """Return what was sealed.

        Raises
        ------
        EnvelopeError
            If it was changed, cut short or sealed to another key.
        """
        try:
            return self._box.decrypt(sealed)
        except (CryptoError, ValueError):
            raise EnvelopeError("does not open") from None


def receipt(sealed: bytes) -> str:
    """Return the code that tells this envelope from any other: BLAKE2b in groups of four hexadecimal digits."""
    digest = blake2b(sealed, digest_size=RECEIPT_BYTES).hexdigest()
    return "-".join(digest[i : i + 4] for i in range(0, len(digest), 4))


def to_text(content: bytes) -> str:
    """Return bytes as base64."""
    return base64.b64encode(content).decode()


def from_text(text: str) -> bytes:
    """Return the bytes of base64.

    Raises
    ------
    EnvelopeError
        If it is none.
    """
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise EnvelopeError("is not base64") from None
