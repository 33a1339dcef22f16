"""Who is there for people in need at this hour. A setting until there is a roster; nobody else asks where it stands."""

from ivr import contacts
from ivr.config import Config, OnDuty
from ivr.contacts import Party
from ivr.db import Transaction
from ivr.phone import parse
from ivr.vault import Vault


def on_duty(config: Config) -> tuple[OnDuty, ...]:
    """Whose phones are rung, the first first."""
    return config.on_duty or ()


def supervisors(config: Config) -> tuple[OnDuty, ...]:
    """Who is told when nobody on duty answers."""
    return config.supervisors or ()


def find(config: Config, number: str) -> OnDuty | None:
    """Whoever on duty, or of the supervisors, has this phone."""
    return next((each for each in (*on_duty(config), *supervisors(config)) if each.number == number), None)


def party(tx: Transaction, vault: Vault, each: OnDuty, channel: str, service_number: str, now: int) -> Party:
    """Them, to be rung or texted by our number: in the language of the setting unless they chose another."""
    phone = parse(each.number, "")
    found = contacts.recognise(tx, vault, phone, Party(channel, service_number, ""), now)
    if each.language and not found.language:
        contacts.speak(tx, found, each.language)
    return found
