"""Somebody may be in danger: a request stands for them at the desk, those on duty are told, and who answers has it."""

from ivr.callbacks import alerts, claims, requests
from ivr.callbacks.alerts import Concern, Words
from ivr.callbacks.claims import Claim
from ivr.callbacks.requests import Asking, Cause, Request
from ivr.config import Config
from ivr.db import Transaction
from ivr.people import contacts
from ivr.team.counselors import Member
from ivr.vault import Vault

WROTE = Cause("line", "wrote of danger", is_urgent=True, is_asked=False)
SAID_SO = Cause("line", "said that they may be in danger", is_urgent=True, is_asked=False)


def concern(tx: Transaction, vault: Vault, config: Config, of: Asking, cause: Cause, now: int) -> Request:
    """A request stands for them in the first lane, asked for or not, and those on duty are alerted."""
    contacts.hold_number(tx, of.number_id)  # two texts sent at once are one request and one alert
    raised = requests.request(tx, vault, of, now, cause)
    party = of.party
    whom = Concern(raised.id, str(raised.ref), of.number_id, party.contact_id, party.service_number, cause.why)
    alerts.sound(tx, vault, config, whom, now)
    return raised


def answer(tx: Transaction, who: Member | None, number_id: str, code: str, now: int) -> Words:
    """Somebody on duty says, from the number with this id, that they have the one with this code; a counselor then has
    the request itself, for as long as after any claim.
    """
    came = alerts.acknowledge(tx, code, number_id, now)
    if who is None or not came.code or came.outcome == "unknown":
        return came
    got = claims.take(tx, who, int(came.code), now) if came.outcome == "yours" else claims.held(tx, int(came.code))
    if got is None:
        return came
    if isinstance(got, Claim) or got.counselor_id == who.id:
        return came._replace(outcome="yours")
    return came._replace(outcome="taken") if got.counselor_id else came
