"""What the pretend carrier must be told: whose account it is, its numbers, and where its webhooks go."""

from collections.abc import Mapping
from dataclasses import dataclass, field

URLS = ("voice_url", "sms_url", "status_url", "fallback_url")


class Missing(Exception):
    """A setting is absent or makes no sense; the text says which and what to write."""


@dataclass(frozen=True)
class Settings:
    """One account with the service's numbers and the addresses it gave for them."""

    account_sid: str
    auth_token: str
    numbers: tuple[str, ...]
    voice_url: str = "http://127.0.0.1:8000/twilio/voice"
    sms_url: str = "http://127.0.0.1:8000/twilio/sms"
    status_url: str = ""
    fallback_url: str = ""
    port: int = 8010
    roles: Mapping[str, str] = field(default_factory=dict)  # what each number is for; only shown

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Raises Missing when one is absent or wrong."""
        given = {name: environment.get(name.upper(), "") for name in URLS}
        return cls(
            account_sid=_required(environment, "TWILIO_ACCOUNT_SID"),
            auth_token=_items(_required(environment, "TWILIO_AUTH_TOKEN"))[0],
            numbers=_numbers(_required(environment, "SERVICE_NUMBER")),
            roles=_roles(environment["SERVICE_NUMBER"]),
            port=_port(environment.get("SIMULATOR_PORT") or "8010"),
            **{name: _url(name.upper(), value) for name, value in given.items() if value},
        )


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip(" ,")
    if not value:
        raise Missing(f"{name} is not set: the simulator must use the same value as the service.")
    return value


def _items(value: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in value.split(",") if item.strip())


def _numbers(value: str) -> tuple[str, ...]:
    numbers = tuple(item.partition(":")[0] for item in _items(value))
    for number in numbers:
        if not (number.startswith("+") and number[1:].isdecimal()):
            raise Missing(f"SERVICE_NUMBER holds {number!r}, which is no phone number: write it like +254700000001.")
    return numbers


def _roles(value: str) -> dict[str, str]:
    parts = (item.partition(":") for item in _items(value))
    return {number: role.strip(":").replace(":", ", ") for number, _, role in parts}


def _port(value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise Missing(f"SIMULATOR_PORT is {value!r}: write a port number like 8010.")
    return int(value)


def _url(name: str, value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise Missing(f"{name} is {value!r}: write a whole address like http://127.0.0.1:8000/twilio/voice.")
    return value
