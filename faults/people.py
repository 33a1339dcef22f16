"""People whom the runs send something, and what they are sent."""

import base64

from faults.clocks import Clock
from faults.wishes import Wish
from ivr.config import Config
from ivr.db import Database, Transaction
from ivr.outbox import rows
from ivr.outbox.rows import Sending
from ivr.people import consents, contacts
from ivr.people.contacts import Party
from ivr.phone import Phone
from ivr.vault import Vault

LINES = ("+254700000100", "+254700000200")
HOUR = 3_600_000
SETTINGS = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "a-token-for-tests",
    "SERVICE_NUMBER": ",".join(f"{number}:line:en" for number in LINES),
    "PUBLIC_BASE_URL": "https://line.example.org",
    "SECRET_KEY": "certainly-not-a-secret",
    "DATA_KEYS": "test:" + base64.b64encode(b"d" * 32).decode(),
    "INDEX_KEY": base64.b64encode(b"i" * 32).decode(),
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "COUNTRY": "KE",
}
# Of ten rows: what may be missed when nobody can say whether it went out, by text and by call; and what may not.
MIXED = (*[("reminder", "sms")] * 5, ("reminder", "voice"), *[("confirmation", "sms")] * 3, ("crisis", "sms"))


def number(person: int) -> str:
    """Each of theirs."""
    return f"+2547110{person:05}"


def fill(database_url: str, clock: Clock, wish: Wish) -> None:
    """One row for each of so many people, all due at the first moment of the clock."""
    database, now = Database(database_url), clock.first
    config = Config.from_env(SETTINGS | {"DATABASE_URL": database_url})
    vault = Vault(config.data_keys, config.index_key)
    with database.transaction() as tx:
        for row in range(wish.count):
            rows.add(tx, sending(row, known(tx, vault, row, now), now, wish), now)
    database.close()


def known(tx: Transaction, vault: Vault, person: int, now: int, zone: str = "Africa/Nairobi") -> Party:
    """Somebody who is known and wants to be reminded."""
    party = Party("sms", LINES[person % len(LINES)], "en")
    contacts.recognise(tx, vault, Phone(number(person), "KE"), party, now)
    consents.agree(tx, party, "reminders", True, "", now)
    contacts.settle_zone(tx, str(party.contact_id), zone)
    return party


def sending(row: int, party: Party, now: int, wish: Wish) -> Sending:
    """What this one is sent. What is poison names a flow that is not there."""
    kind, channel = (wish.kind, "sms") if wish.kind else MIXED[row % len(MIXED)]
    flow = "gone" if wish.poison and row % (wish.count // wish.poison) == 0 else "reminder"
    who = (party.service_number, str(party.number_id), party.contact_id)
    return Sending(f"{kind}|{row}", kind, channel, *who, flow, now, now + 6 * HOUR)
