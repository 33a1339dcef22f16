"""The signature check agrees with the carrier's own library, and forgeries get nowhere."""

from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from ivr.carriers.twilio import is_signed, read_form

URL, TOKEN = "https://line.example.org/twilio/voice/sw/3?silence", "a-token-for-tests"
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
fields = st.lists(st.tuples(words.filter(bool), words), max_size=12, unique_by=lambda field: field[0])


def encoded(pairs: list[tuple[str, str]]) -> bytes:
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()


@given(fields)
def test_what_the_library_signs_is_accepted(pairs: list[tuple[str, str]]) -> None:
    signature = RequestValidator(TOKEN).compute_signature(URL, dict(pairs))
    assert is_signed([TOKEN], URL, read_form(encoded(pairs)), signature)
    assert is_signed(["another", TOKEN], URL, read_form(encoded(pairs)), signature)


@given(fields, st.data())
def test_what_was_changed_on_the_way_is_refused(pairs: list[tuple[str, str]], data: st.DataObject) -> None:
    signature = RequestValidator(TOKEN).compute_signature(URL, dict(pairs))
    changed = [*pairs, ("From", "+254700000666")]
    assert not is_signed([TOKEN], URL, read_form(encoded(changed)), signature) or ("From", "+254700000666") in pairs
    if pairs:
        index = data.draw(st.integers(0, len(pairs) - 1))
        name, value = pairs[index]
        pairs = [*pairs[:index], (name, value + "x"), *pairs[index + 1 :]]
        assert not is_signed([TOKEN], URL, read_form(encoded(pairs)), signature)


@pytest.mark.parametrize("url", [URL.replace("https", "http"), URL.replace("3?", "4?"), URL + "x", URL.split("?")[0]])
def test_another_address_is_refused(url: str) -> None:
    signature = RequestValidator(TOKEN).compute_signature(URL, {"CallSid": "CA1"})
    assert not is_signed([TOKEN], url, read_form(b"CallSid=CA1"), signature)


@pytest.mark.parametrize("signature", ["", "x", "é", "\udcff", "A" * 10_000])
def test_nonsense_as_a_signature_is_refused(signature: str) -> None:
    assert not is_signed([TOKEN], URL, read_form(b"CallSid=CA1"), signature)


def test_doubled_fields_count_once_as_the_carrier_counts_them() -> None:
    signature = RequestValidator(TOKEN).compute_signature(URL, {"a": "1", "b": "2"})
    assert is_signed([TOKEN], URL, read_form(b"b=2&a=1&a=1"), signature)


def test_a_port_written_or_left_out_is_the_same() -> None:
    signature = RequestValidator(TOKEN).compute_signature(URL.replace(".org", ".org:443"), {"a": "1"})
    assert is_signed([TOKEN], URL, read_form(b"a=1"), signature)


def test_the_newer_algorithm_is_accepted_when_it_is_named() -> None:
    signature = RequestValidator(TOKEN).compute_signature(URL, {"a": "1"}, algorithm="HMAC_SHA256")
    assert not is_signed([TOKEN], URL, read_form(b"a=1"), signature)
    assert is_signed([TOKEN], URL, read_form(b"a=1"), signature, "key=x,algorithm=HMAC_SHA256")


@given(st.binary(max_size=2000), st.text(max_size=60))
def test_any_bytes_get_a_plain_no(body: bytes, signature: str) -> None:
    assert not is_signed([TOKEN], URL, read_form(body), signature)


@given(st.binary(max_size=500))
def test_signed_nonsense_is_read(body: bytes) -> None:
    form = read_form(body)
    assert isinstance(form.get("Body"), str)
