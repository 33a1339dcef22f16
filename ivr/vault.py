"""What people say is sealed before it touches the disk: AES-256-GCM, bound to its table, column and row."""

import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NAME, NONCE = 4, 12  # bytes before the ciphertext: the key's name, and the nonce of NIST SP 800-38D, 8.2.2


class Unreadable(Exception):
    """A sealed value cannot be opened: its key is gone, or it was moved or changed."""


class Vault:
    """Seals with the newest data key and opens with any; finds numbers by a keyed hash of another key."""

    def __init__(self, data_keys: Sequence[tuple[str, bytes]], index_key: bytes) -> None:
        self._keys = {name.encode(): AESGCM(key) for name, key in data_keys}
        self.newest = data_keys[0][0].encode()
        self._seal = self._keys[self.newest].encrypt
        self._index_key = index_key

    def seal(self, place: str, row: str, content: bytes) -> bytes:
        """`name | nonce | ciphertext` for `place` (as `conversations.state`) of the row with that id."""
        nonce = os.urandom(NONCE)
        return self.newest + nonce + self._seal(nonce, content, f"{place}|{row}".encode())

    def open(self, place: str, row: str, sealed: bytes) -> bytes:
        """The content again. Raises Unreadable."""
        key = self._keys.get(bytes(sealed[:NAME]))
        if key is None:
            raise Unreadable(f"{place}: sealed with a key that DATA_KEYS does not hold")
        try:
            return key.decrypt(sealed[NAME : NAME + NONCE], sealed[NAME + NONCE :], f"{place}|{row}".encode())
        except (InvalidTag, ValueError) as error:  # or too short to be anything
            raise Unreadable(f"{place}: the row was changed or moved") from error

    def stretched(self, pin: str, salt: str) -> str:
        """A slow hash of a short secret, hex. Its salt needs the index key: 10^4 PINs are else tried out in minutes."""
        key = hmac.new(self._index_key, f"pin|{salt}".encode(), hashlib.sha256).digest()
        return hashlib.scrypt(pin.encode(), salt=key, n=2**14, r=8, p=1).hex()

    def index(self, number: str) -> str:
        """The keyed hash by which a number is found: HMAC-SHA256, hex. A plain hash could be tried out in minutes."""
        return hmac.new(self._index_key, number.encode(), hashlib.sha256).hexdigest()
