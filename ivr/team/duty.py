"""Who is there for people in need at this hour: the desk's own, by their shifts, then the phones of the setting."""

from ivr.config import Config, OnDuty
from ivr.db import Transaction
from ivr.people import contacts
from ivr.people.contacts import Party
from ivr.phone import parse
from ivr.team import counselors, shifts
from ivr.team.counselors import Member
from ivr.vault import Vault


def on_duty(tx: Transaction, vault: Vault, config: Config, now: int) -> tuple[OnDuty, ...]:
    """Whose phones are rung, the first first."""
    return (*_phones(vault, shifts.on_duty(tx, now)), *(config.on_duty or ()))


def supervisors(tx: Transaction, vault: Vault, config: Config) -> tuple[OnDuty, ...]:
    """Who is told when nobody on duty answers, at whatever hour."""
    leading = [each for each in counselors.everybody(tx) if each.leads]
    return (*_phones(vault, leading), *(config.supervisors or ()))


def find(tx: Transaction, vault: Vault, config: Config, number: str) -> OnDuty | None:
    """Whoever of the desk, or of the setting, has this phone."""
    if member := counselors.at_phone(tx, vault, number):
        return OnDuty(number, member.language)
    named = (*(config.on_duty or ()), *(config.supervisors or ()))
    return next((each for each in named if each.number == number), None)


def phone(vault: Vault, member: Member) -> OnDuty:
    """The phone of somebody who has one."""
    return OnDuty(counselors.phone_of(vault, member), member.language)


def party(tx: Transaction, vault: Vault, each: OnDuty, channel: str, service_number: str, now: int) -> Party:
    """Them, to be rung or texted by our number: in the language of the desk unless they chose another."""
    found = contacts.recognise(tx, vault, parse(each.number, ""), Party(channel, service_number, ""), now)
    if each.language and not found.language:
        contacts.speak(tx, found, each.language)
    return found


def _phones(vault: Vault, members: list[Member]) -> list[OnDuty]:
    return [phone(vault, each) for each in members if each.phone]
