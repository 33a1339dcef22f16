"""Sealing: what is written down can only be read where it was written, and numbers are found without being readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.vault import Unreadable, Vault

OLD, NEW = ("k25a", b"o" * 32), ("k26a", b"n" * 32)
VAULT = Vault([NEW, OLD], b"i" * 32)


@given(st.binary(max_size=5000))
def test_what_is_sealed_opens_again_and_is_not_readable(content: bytes) -> None:
    sealed = VAULT.seal("conversations.state", "a1", content)
    assert VAULT.open("conversations.state", "a1", sealed) == content
    assert len(content) < 4 or content not in sealed


@pytest.mark.parametrize(("place", "row"), [("conversations.state", "a2"), ("messages.body", "a1")])
def test_a_value_moved_to_another_row_or_column_does_not_open(place: str, row: str) -> None:
    sealed = VAULT.seal("conversations.state", "a1", b"hello")
    with pytest.raises(Unreadable):
        VAULT.open(place, row, sealed)


def test_old_keys_still_open_and_gone_ones_say_so() -> None:
    sealed = Vault([OLD], b"i" * 32).seal("numbers.sealed", "a1", b"+254700000001")
    assert VAULT.open("numbers.sealed", "a1", sealed) == b"+254700000001"
    with pytest.raises(Unreadable, match="DATA_KEYS"):
        Vault([NEW], b"i" * 32).open("numbers.sealed", "a1", sealed)


def test_the_newest_key_seals() -> None:
    assert VAULT.seal("numbers.sealed", "a1", b"").startswith(b"k26a")


def test_a_number_is_found_by_its_key_only() -> None:
    assert VAULT.index("+254700000001") == VAULT.index("+254700000001")
    assert VAULT.index("+254700000001") != Vault([NEW], b"j" * 32).index("+254700000001")
