"""Those on duty are told by text of what is new: one text, however many they are, and not again for ten minutes.

Urgent ones are told at once, and until somebody has them, as alerts: see alerts.
"""

from ivr.callbacks import queue
from ivr.callbacks.correspondence import Thread
from ivr.db import Transaction
from ivr.outbox import counts, rows
from ivr.outbox.rows import Sending
from ivr.team import duty, shifts
from ivr.team.counselors import Member
from ivr.vault import Vault

KIND, FLOW, MARK = "news", "desk_news", "desk news"
EVERY = 600_000  # ms
ANSWER = "desk_answer"
ANSWER_EACH, USEFUL = 300_000, 3_600_000  # ms


def tell(tx: Transaction, vault: Vault, sender: str, now: int) -> int:
    """Puts a text to each of those on duty into the outbox, by our number `sender`; how many."""
    since = counts.marked(tx, MARK) or 0
    there = [each for each in shifts.on_duty(tx, now) if each.phone]
    fresh = queue.came_since(tx, since, now) if now - since >= EVERY and there else 0
    if not fresh:
        return 0
    counts.mark(tx, MARK, now)
    return rows.add_all(tx, [_sending(tx, vault, each, sender, str(fresh), now) for each in there], now)


def tell_of_answer(tx: Transaction, vault: Vault, who: Member, about: Thread, now: int) -> None:
    """By text, to whoever wrote to somebody: they have written back. Once in five minutes for each request."""
    if not who.phone:
        return
    party = duty.party(tx, vault, duty.phone(vault, who), "sms", about.service_number, now)
    whom = (about.service_number, party.number_id or "", party.contact_id)
    key = f"{ANSWER}|{about.callback_id}|{who.id}|{now // ANSWER_EACH}"
    rows.add(tx, Sending(key, ANSWER, "sms", *whom, ANSWER, now, now + USEFUL, str(about.ref)), now)


def _sending(tx: Transaction, vault: Vault, to: Member, sender: str, fresh: str, now: int) -> Sending:
    party = duty.party(tx, vault, duty.phone(vault, to), "sms", sender, now)
    whom = (sender, party.number_id or "", party.contact_id)
    return Sending(f"{KIND}|{now}|{party.number_id}", KIND, "sms", *whom, FLOW, now, now + EVERY, fresh)
