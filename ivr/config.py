"""Every setting, read once from the environment: what is missing or wrong stops the process and says so."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import phonenumbers

from ivr import settings

ANSWERS, MISSED_CALL = ROLES = "line", "missed-call"  # the latter is rung and never answers


class BadSetting(Exception):
    """One or several settings are missing or wrong; the text names each, why, and what to write."""


@dataclass(frozen=True)
class ServiceNumber:
    """A number of ours: E.164, what it is for, and the language in which it answers strangers."""

    number: str
    role: str = ANSWERS
    language: str = ""


def _numbers(value: str) -> tuple[ServiceNumber, ...]:
    found = tuple(_number(item) for item in settings.tokens(value))
    numbers = [each.number for each in found]
    if twice := [number for number in dict.fromkeys(numbers) if numbers.count(number) > 1]:
        raise ValueError(f"{', '.join(twice)} stands here twice, and only the first would count; keep one of the two")
    return found


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
    return tuple(_phone(item) for item in settings.tokens(value)) or None


def _phone(item: str) -> OnDuty:
    number, _, language = item.partition(":")
    try:
        possible = number[1:].isdecimal() and phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        possible = False
    if not possible:
        raise ValueError(f"{number!r} is no E.164 number: write it as +254700000001 or +254700000001:sw")
    return OnDuty(number, language)


def _setting(read: Callable[[str], Any], about: str, default: str | None = None) -> Any:
    """A field of Config; without `default` the setting is required. Nothing prints it: many are secrets."""
    return field(repr=False, metadata={"read": read, "about": about, "default": default})


@dataclass(frozen=True)
class Config:
    """All settings, checked. Field names are the environment's names in lower case."""

    twilio_account_sid: str = _setting(settings.text, "the carrier's account")
    twilio_auth_token: tuple[str, ...] = _setting(settings.tokens, "signs webhooks; several while rotating")
    service_number: tuple[ServiceNumber, ...] = _setting(_numbers, "our numbers: NUMBER[:ROLE[:LANGUAGE]], …")
    public_base_url: str = _setting(settings.url, "where the carrier reaches us; signatures are checked against it")
    secret_key: str = _setting(settings.secret, "signs the console's cookies")
    data_keys: tuple[tuple[str, bytes], ...] = _setting(
        settings.data_keys, "encrypt what people say: NAME:KEY, newest first"
    )
    index_key: bytes = _setting(settings.key, "finds phone numbers by a keyed hash; never one of DATA_KEYS")
    twilio_api_base_url: str = _setting(
        settings.url, "another carrier that speaks Twilio's API", "https://api.twilio.com"
    )
    database_url: str = _setting(settings.database, "SQLite or PostgreSQL", "sqlite:///var/warmline.db")
    spool: str = _setting(settings.text, "where texts are kept while the database is away", "var/spool")
    redis_url: str = _setting(settings.redis, "the bell that wakes workers", "redis://127.0.0.1:6379/0")
    default_language: str = _setting(settings.text, "spoken to strangers where their number has none", "en")
    country: str = _setting(settings.country, "where callers are, if their number does not tell: ISO 3166", "KE")
    segments_per_second: float = _setting(
        settings.rate, "what the carrier lets each number text: see its contract", "1"
    )
    calls_per_second: float = _setting(settings.rate, "how many calls a second the carrier begins for us", "1")
    daily_cap: int = _setting(
        settings.count, "texts and calls that nobody asked for at that moment, a person and day", "4"
    )
    silence_hours: int = _setting(
        settings.count, "after how long an unanswered check-in gets a second word; then a call", "24"
    )
    ring_backs_a_day: int = _setting(settings.count, "how often the line rings one person back a day", "4")
    ring_back_countries: tuple[str, ...] = _setting(
        settings.countries, "where it rings back: KE, TZ …; empty: COUNTRY", ""
    )
    call_tries: int = _setting(settings.count, "how often a call is tried that is busy or not answered", "3")
    on_duty: tuple[OnDuty, ...] = _setting(_phones, "who is rung and alerted, in this order: NUMBER[:LANGUAGE], …", "")
    supervisors: tuple[OnDuty, ...] = _setting(_phones, "who is alerted when nobody on duty has answered", "")
    call_again_minutes: int = _setting(settings.count, "from one such ring to the next", "30")
    proxies: int = _setting(
        settings.few, "how many proxies of yours stand before the web process; see the console", "0"
    )
    keep_messages_days: int = _setting(settings.days, "how long texts and what they were answered are kept", "90")
    keep_conversations_days: int = _setting(settings.days, "how long calls are kept, with what was said on them", "30")
    keep_checkins_days: int = _setting(settings.days, "how long check-ins and exercises are kept", "730")
    keep_callbacks_days: int = _setting(
        settings.days, "how long requests for a call are kept once they are closed", "365"
    )
    keep_outbox_days: int = _setting(
        settings.days, "how long what went out is kept, and reminders that have ended", "90"
    )
    keep_carrier_hours: int = _setting(settings.count, "for how long the carrier keeps the words of texts", "48")

    def bridge_url(self, bridge: str) -> str:
        """Where the carrier asks what a counselor hears who picks up for somebody on the line."""
        return f"{self.public_base_url}/twilio/voice/bridge/{bridge}"

    def out_url(self, language: str, row: str) -> str:
        """Where the carrier asks what somebody hears whom the line rings by itself; the language as in `call_url`."""
        return f"{self.public_base_url}/twilio/voice/out/{language}/{row}"

    def call_url(self, language: str, call: str) -> str:
        """Where the carrier asks what somebody hears whom a counselor rings; in this language when all else fails."""
        return f"{self.public_base_url}/twilio/voice/call/{language}/{call}"

    def phones(self) -> Mapping[str, tuple[OnDuty, ...]]:
        """The phones of people who help, by setting."""
        return {"ON_DUTY": self.on_duty or (), "SUPERVISORS": self.supervisors or ()}

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
        refuse(mistakes)
        config = cls(**values)
        refuse([*_disagreeing(config)])
        return config


def _read(value: str | None, setting: Mapping[str, Any]) -> Any:
    value = value if value and value.strip() else setting["default"]
    if value is None:
        raise ValueError(f"is missing ({setting['about']}); set it in the environment or in .env")
    result = setting["read"](value.strip())
    if result == ():
        raise ValueError(f"is empty ({setting['about']})")
    return result


def _disagreeing(config: Config) -> Iterator[str]:
    """What is wrong with settings beside each other."""
    if config.index_key in [key for _, key in config.data_keys]:
        yield "INDEX_KEY: is one of DATA_KEYS; make another one with `flask keys`"
    ours = {each.number for each in config.service_number}
    for setting, phones in config.phones().items():
        for number in ours.intersection(each.number for each in phones):
            yield f"{setting}: {number} is a SERVICE_NUMBER, and the line would ring itself; write somebody's own phone"


def refuse(mistakes: Sequence[str]) -> None:
    """Raises BadSetting with all of them, if there are any."""
    if mistakes:
        raise BadSetting("The service cannot start with these settings:\n  " + "\n  ".join(mistakes))
