"""How settings are written: from the text in the environment to a value, or what is wrong and what to write."""

import base64
import binascii
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

WEEK_AND_A_DAY = 8
SHORTEST_SECRET = 16  # characters


def text(value: str) -> str:
    return value


def tokens(value: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in value.split(",") if item.strip())


def url(value: str) -> str:
    """An address to which a path can be added."""
    parts = urlsplit(value)
    is_whole = parts.scheme in ("http", "https") and parts.hostname
    if not is_whole or parts.query or parts.fragment or len(value.split()) > 1:
        raise ValueError("write a whole address, as https://line.example.org")
    return value.rstrip("/")


def database(value: str) -> str:
    for old in ("postgres://", "postgresql://"):
        if value.startswith(old):
            value = "postgresql+psycopg://" + value[len(old) :]
    if not value.startswith(("sqlite:", "postgresql+psycopg:")):
        raise ValueError("only sqlite:///… and postgresql://… are supported")
    return _legible(value)


def _legible(value: str) -> str:
    try:
        make_url(value)
    except (ValueError, ArgumentError) as error:
        advice = "is no address; in a password write @ as %40, : as %3A and / as %2F"
        raise ValueError(advice) from error
    return value


def redis(value: str) -> str:
    if not value.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("write redis://…, rediss://… or unix://…")
    return value


def secret(value: str) -> str:
    """Long enough that nobody guesses it: who does can sign in as anybody."""
    if len(value) < SHORTEST_SECRET:
        advice = "make one with `python -c 'import secrets; print(secrets.token_urlsafe(32))'`"
        raise ValueError(f"has fewer than {SHORTEST_SECRET} characters, so it can be guessed; {advice}")
    return value


def key(value: str) -> bytes:
    try:
        found = base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError(f"is no base64 ({error}); make one with `flask keys`") from error
    if len(found) != 32:
        raise ValueError(f"must be 32 bytes in base64, has {len(found)}; make one with `flask keys`")
    return found


def data_keys(value: str) -> tuple[tuple[str, bytes], ...]:
    """`name:key` items, newest first; names are four letters or digits, stored beside what they seal."""
    keys = []
    for item in tokens(value):
        name, _, written = item.partition(":")
        if not (len(name) == 4 and name.isascii() and name.isalnum()):
            raise ValueError("write each as NAME:KEY, NAME four letters or digits; make one with `flask keys`")
        keys.append((name, key(written)))
    if len(dict(keys)) < len(keys):
        raise ValueError("two keys have one name, and nothing else tells what each has sealed; rename the new one")
    if len({each for _, each in keys}) < len(keys):
        raise ValueError("two names have one key; make another one with `flask keys`")
    return tuple(keys)


def country(value: str) -> str:
    if not (len(value) == 2 and value.isascii() and value.isalpha()):
        raise ValueError("write the two letters of ISO 3166, as KE")
    return value.upper()


def rate(value: str) -> float:
    found = float(value) if value.replace(".", "", 1).isdecimal() else 0.0
    if found <= 0:
        raise ValueError("write how many a second, as 1 or 0.5 or 12")
    return found


def count(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and 0 < int(value) < 10_000):
        raise ValueError("write a whole number above zero")
    return int(value)


def few(value: str) -> int:
    if value not in ("0", "1", "2", "3", "4"):
        raise ValueError("write a number from 0 to 4")
    return int(value)


def days(value: str) -> int:
    """A week and a day at least: that far back the line looks for whom it has asked, and who has answered."""
    if count(value) < WEEK_AND_A_DAY:
        raise ValueError(f"write {WEEK_AND_A_DAY} days or more")
    return int(value)


def countries(value: str) -> tuple[str, ...] | None:
    return tuple(country(item) for item in tokens(value)) or None
