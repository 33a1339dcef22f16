"""Every setting, read once from the environment: what is missing or wrong stops the process and says so."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

WEEK_AND_A_DAY = 8
ANSWERS, MISSED_CALL = ROLES = "line", "missed-call"  # the latter is rung and never answers


class BadSetting(Exception):
    """One or several settings are missing or wrong; the text names each, why, and what to write."""


@dataclass(frozen=True)
class ServiceNumber:
    """A number of ours: E.164, what it is for, and the language in which it answers strangers."""

    number: str
    role: str = ANSWERS
    language: str = ""


def _text(value: str) -> str:
    return value


def _tokens(value: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in value.split(",") if item.strip())


def _numbers(value: str) -> tuple[ServiceNumber, ...]:
    return tuple(_number(item) for item in _tokens(value))


def _number(item: str) -> ServiceNumber:
    number, _, rest = item.partition(":")
    role, _, language = rest.partition(":")
    if not (number.startswith("+") and number[1:].isdecimal()):
        raise ValueError(f"{number!r} is no E.164 number: write it as +254700000001")
    if role and role not in ROLES:
        raise ValueError(f"{role!r} is no role: write +254700000001:line or +254700000001:missed-call")
    return ServiceNumber(number, role or ANSWERS, language)


@dataclass(frozen=True)
class OnDuty:
    """The phone of somebody who is rung for people in need: E.164, and the language in which the line speaks to it."""

    number: str
    language: str = ""


def _phones(value: str) -> tuple[OnDuty, ...] | None:
    return tuple(_phone(item) for item in _tokens(value)) or None


def _phone(item: str) -> OnDuty:
    number, _, language = item.partition(":")
    try:
        possible = number[1:].isdecimal() and phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        possible = False
    if not possible:
        raise ValueError(f"{number!r} is no E.164 number: write it as +254700000001 or +254700000001:sw")
    return OnDuty(number, language)


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("write a whole address, as https://line.example.org")
    return value.rstrip("/")


def _database(value: str) -> str:
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


def _redis(value: str) -> str:
    if not value.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("write redis://…, rediss://… or unix://…")
    return value


def _key(value: str) -> bytes:
    try:
        key = base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError(f"is no base64 ({error}); make one with `flask keys`") from error
    if len(key) != 32:
        raise ValueError(f"must be 32 bytes in base64, has {len(key)}; make one with `flask keys`")
    return key


def _data_keys(value: str) -> tuple[tuple[str, bytes], ...]:
    """`name:key` items, newest first; names are four letters or digits, stored beside what they seal."""
    keys = []
    for item in _tokens(value):
        name, _, key = item.partition(":")
        if not (len(name) == 4 and name.isascii() and name.isalnum()):
            raise ValueError("write each as NAME:KEY, NAME four letters or digits; make one with `flask keys`")
        keys.append((name, _key(key)))
    if len(dict(keys)) < len(keys):
        raise ValueError("two keys have one name, and nothing else tells what each has sealed; rename the new one")
    if len({key for _, key in keys}) < len(keys):
        raise ValueError("two names have one key; make another one with `flask keys`")
    return tuple(keys)


def _country(value: str) -> str:
    if not (len(value) == 2 and value.isascii() and value.isalpha()):
        raise ValueError("write the two letters of ISO 3166, as KE")
    return value.upper()


def _rate(value: str) -> float:
    rate = float(value) if value.replace(".", "", 1).isdecimal() else 0.0
    if rate <= 0:
        raise ValueError("write how many a second, as 1 or 0.5 or 12")
    return rate


def _count(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and 0 < int(value) < 10_000):
        raise ValueError("write a whole number above zero")
    return int(value)


def _few(value: str) -> int:
    if value not in ("0", "1", "2", "3", "4"):
        raise ValueError("write a number from 0 to 4")
    return int(value)


def _days(value: str) -> int:
    """A week and a day at least: that far back the line looks for whom it has asked, and who has answered."""
    if _count(value) < WEEK_AND_A_DAY:
        raise ValueError(f"write {WEEK_AND_A_DAY} days or more")
    return int(value)


def _countries(value: str) -> tuple[str, ...] | None:
    return tuple(_country(item) for item in _tokens(value)) or None


def _setting(read: Callable[[str], Any], about: str, default: str | None = None) -> Any:
    """A field of Config; without `default` the setting is required. Nothing prints it: many are secrets."""
    return field(repr=False, metadata={"read": read, "about": about, "default": default})


@dataclass(frozen=True)
class Config:
    """All settings, checked. Field names are the environment's names in lower case."""

    twilio_account_sid: str = _setting(_text, "the carrier's account")
    twilio_auth_token: tuple[str, ...] = _setting(_tokens, "signs webhooks; several while rotating")
    service_number: tuple[ServiceNumber, ...] = _setting(_numbers, "our numbers: NUMBER[:ROLE[:LANGUAGE]], …")
    public_base_url: str = _setting(_url, "where the carrier reaches us; signatures are checked against it")
    secret_key: str = _setting(_text, "signs the console's cookies")
    data_keys: tuple[tuple[str, bytes], ...] = _setting(_data_keys, "encrypt what people say: NAME:KEY, newest first")
    index_key: bytes = _setting(_key, "finds phone numbers by a keyed hash; never one of DATA_KEYS")
    twilio_api_base_url: str = _setting(_url, "another carrier that speaks Twilio's API", "https://api.twilio.com")
    database_url: str = _setting(_database, "SQLite or PostgreSQL", "sqlite:///var/warmline.db")
    spool: str = _setting(_text, "where texts are kept while the database is away", "var/spool")
    redis_url: str = _setting(_redis, "the bell that wakes workers", "redis://127.0.0.1:6379/0")
    default_language: str = _setting(_text, "spoken to strangers where their number has none", "en")
    country: str = _setting(_country, "where callers are, if their number does not tell: ISO 3166", "KE")
    segments_per_second: float = _setting(_rate, "what the carrier lets each number text: see its contract", "1")
    calls_per_second: float = _setting(_rate, "how many calls a second the carrier begins for us", "1")
    daily_cap: int = _setting(_count, "texts and calls that nobody asked for at that moment, a person and day", "4")
    silence_hours: int = _setting(_count, "after how long an unanswered check-in gets a second word; then a call", "24")
    ring_backs_a_day: int = _setting(_count, "how often the line rings one person back a day", "4")
    ring_back_countries: tuple[str, ...] = _setting(_countries, "where it rings back: KE, TZ …; empty: COUNTRY", "")
    call_tries: int = _setting(_count, "how often a call is tried that is busy or not answered", "3")
    on_duty: tuple[OnDuty, ...] = _setting(_phones, "who is rung and alerted, in this order: NUMBER[:LANGUAGE], …", "")
    supervisors: tuple[OnDuty, ...] = _setting(_phones, "who is alerted when nobody on duty has answered", "")
    call_again_minutes: int = _setting(_count, "from one such ring to the next", "30")
    proxies: int = _setting(_few, "how many proxies of yours stand before the web process; see the console", "0")
    keep_messages_days: int = _setting(_days, "how long texts and what they were answered are kept", "90")
    keep_conversations_days: int = _setting(_days, "how long calls are kept, with what was said on them", "30")
    keep_checkins_days: int = _setting(_days, "how long check-ins and exercises are kept", "730")
    keep_callbacks_days: int = _setting(_days, "how long requests for a call are kept once they are closed", "365")
    keep_outbox_days: int = _setting(_days, "how long what went out is kept, and reminders that have ended", "90")
    keep_carrier_hours: int = _setting(_count, "for how long the carrier keeps the words of texts", "48")

    def bridge_url(self, bridge: str) -> str:
        """Where the carrier asks what a counselor hears who picks up for somebody on the line."""
        return f"{self.public_base_url}/twilio/voice/bridge/{bridge}"

    def call_url(self, language: str, call: str) -> str:
        """Where the carrier asks what somebody hears whom a counselor rings; in this language when all else fails."""
        return f"{self.public_base_url}/twilio/voice/call/{language}/{call}"

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Config":
        """Reads all settings. Raises BadSetting with every mistake at once, never with a secret's value."""
        values, mistakes = {}, []
        for item in fields(cls):
            name = item.name.upper()
            try:
                values[item.name] = _read(environment.get(name), item.metadata)
            except ValueError as error:
                mistakes.append(f"{name}: {error}")
        if mistakes:
            raise BadSetting("The service cannot start with these settings:\n  " + "\n  ".join(mistakes))
        return _agreeing(cls(**values))


def _read(value: str | None, setting: Mapping[str, Any]) -> Any:
    value = value if value and value.strip() else setting["default"]
    if value is None:
        raise ValueError(f"is missing ({setting['about']}); set it in the environment or in .env")
    result = setting["read"](value.strip())
    if result == ():
        raise ValueError(f"is empty ({setting['about']})")
    return result


def _agreeing(config: Config) -> Config:
    if config.index_key in [key for _, key in config.data_keys]:
        raise BadSetting("INDEX_KEY: is one of DATA_KEYS; make another one with `flask keys`")
    return config
