"""What a counselor and somebody who asked for a call write to each other, from the line's own number.

Others may read the phone. So what lands there is a neutral line that something was written; the words follow when it
is answered, with the PIN where there is one. Whoever wrote within ten minutes holds the phone in their hand: to them
the words go straight, and at any hour, for they are an answer. Words stay on a phone: unless it is nobody else's, none
goes that tells others what the line is for.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import BindParameter, String, bindparam, insert, select, update

from ivr.callbacks import claims
from ivr.callbacks.cards import Card
from ivr.channels.segments import segments, smart
from ivr.db import Statement, Transaction
from ivr.engine.words import Matcher, find
from ivr.memory import threads
from ivr.memory.positions import WRITTEN
from ivr.models import Callback, Contact, DeskText, new_id
from ivr.outbox import rows
from ivr.outbox.rows import Sending
from ivr.people import contacts, openness
from ivr.team import audit
from ivr.team.counselors import Member
from ivr.vault import Vault

KIND = FLOW = WRITTEN
# Among the answers of a conversation: the texts that are told in it; the row of the outbox that opened it.
IDS, ROW = "#texts", "#row"
BODY = "desk_texts.body"
MOST_SEGMENTS = 3
DAY = 86_400_000  # ms: the line that something was written is not sent again sooner
KEPT = 3 * DAY  # so long words wait to be asked for, and an answer finds its way to whoever wrote
SENT, NOT_YOURS, NO_TEXTS, TOO_EARLY, TOO_LONG, TELLING = (
    *("sent", "not_yours", "no_texts", "too_early", "too_long", "telling"),
)
IN_VAIN = ("failed", "undelivered", "missed", "suppressed")  # states of the outbox in which a text reaches nobody


class Came(NamedTuple):
    """What came of writing: `sent`, or why not; `words` are those that would tell others."""

    outcome: str
    words: tuple[str, ...] = ()


class Thread(NamedTuple):
    """The request about which somebody was written to last, and by whom."""

    callback_id: str
    ref: int
    closed_at: int | None
    counselor_id: str
    service_number: str


_ADD = Statement(insert(DeskText))
_of = select(DeskText.id, DeskText.body).join(Callback, Callback.id == DeskText.callback_id)
_contact: BindParameter[str] = bindparam("contact", type_=String)
_theirs = Callback.contact_id == _contact
_waits = DeskText.given_at.is_(None) | (DeskText.brought_by == bindparam("row"))
_DUE = Statement(_of.where(_theirs, DeskText.created_at > bindparam("since"), _waits).order_by(DeskText.created_at))
_ALL = Statement(_of.where(_theirs).order_by(DeskText.created_at))
_GIVE = Statement(
    update(DeskText)
    .where(DeskText.id == bindparam("text_"))
    .values(given_at=bindparam("now"), brought_by=bindparam("new_row"))
)
_THREAD = Statement(
    select(Callback.id, Callback.ref, Callback.closed_at, DeskText.counselor_id, Callback.service_number)
    .join(DeskText, DeskText.callback_id == Callback.id)
    .where(_theirs, DeskText.created_at > bindparam("since"))
    .order_by(DeskText.created_at.desc())
    .limit(1)
)
_IS_AT = Statement(select(Contact.id).where(Contact.id == bindparam("row"), Contact.number_id == bindparam("number")))
_WROTE = Statement(update(Callback).where(Callback.id == bindparam("row")).values(wrote_at=bindparam("now")))
_READ = Statement(
    update(Callback).where(Callback.id == bindparam("row"), Callback.wrote_at.is_not(None)).values(wrote_at=None)
)


def write(
    tx: Transaction, vault: Vault, sensitive: Mapping[str, Matcher], who: Member, to: Card, words: str, now: int
) -> Came:
    """Keeps what a counselor wrote to somebody whose request they have, and has it brought.

    Not done, and why: `not_yours`; `no_texts`: their number takes none, or is not the one they asked from, or they
    want nothing that comes by itself; `too_early`: outside of their safe hours; `too_long`: more than three segments;
    `telling`: the phone may be read by others, and these words tell what the line is for.
    """
    if not claims.extend(tx, who, to.id, now):
        return Came(NOT_YOURS)
    is_at_hand = threads.is_at_hand(tx, to.contact_id, now)
    if not takes_texts(tx, to, is_at_hand=is_at_hand):
        return Came(NO_TEXTS)
    if not (is_at_hand or to.is_safe(now)):
        return Came(TOO_EARLY)
    if segments(smart(words)).count > MOST_SEGMENTS:
        return Came(TOO_LONG)
    if told := _telling(sensitive, openness.level(tx, to.contact_id), words):
        return Came(TELLING, told)
    if is_at_hand:  # what was to wait for the morning comes now
        rows.cancel_named(tx, to.contact_id or "", KIND, "written at once")
    if is_at_hand or not _is_told(tx, to.contact_id or "", now):
        _bring(tx, to, now)
    _keep(tx, vault, who, to.id, words, now)
    return Came(SENT)


def takes_texts(tx: Transaction, to: Card, *, is_at_hand: bool) -> bool:
    """Whether they can be written to. Another number that they gave is a phone to be rung, and others may read it."""
    if to.contact_id is None or not tx.one(_IS_AT, row=to.contact_id, number=to.number_id):
        return False
    if contacts.has_stopped(tx, to.number_id, "sms"):
        return False
    return is_at_hand or openness.level(tx, to.contact_id) != openness.REPLY_ONLY


def has_failed(tx: Transaction, to: Card) -> bool:
    """Whether what was last sent to them for this reached nobody."""
    last = rows.last(tx, to.contact_id, FLOW) if to.contact_id else None
    return last is not None and last[1] in IN_VAIN


def give(tx: Transaction, contact: str, row: str, now: int) -> list[str]:
    """The texts that they are told now, by id: what waits, and what this row of the outbox was to bring before, when
    the carrier did not. '' for no row.
    """
    ids = _due(tx, contact, row, now)
    tx.many(_GIVE, [{"text_": id, "now": now, "new_row": row} for id in ids])
    return ids


def is_moot(tx: Transaction, contact: str | None, row: str, now: int) -> bool:
    """Whether there is nothing left for this row of the outbox to bring: they have read it meanwhile."""
    return contact is not None and not _due(tx, contact, row, now)


def told(tx: Transaction, vault: Vault, contact: str, ids: Iterable[str]) -> str:
    """The words of these texts, those of one on a line."""
    wanted = set(ids)
    found = [row for row in tx.all(_ALL, contact=contact) if row[0] in wanted]
    return "\n".join(vault.open(BODY, id, body).decode() for id, body in found)


def thread(tx: Transaction, contact: str | None, now: int) -> Thread | None:
    """About what somebody was written to of late; None when nobody wrote."""
    row = tx.one(_THREAD, contact=contact, since=now - KEPT) if contact else None
    return Thread(*row) if row else None


def answered(tx: Transaction, about: Thread, now: int) -> None:
    """They have written back: whoever looks at the request sees it."""
    tx.run(_WROTE, row=about.callback_id, now=now)


def read(tx: Transaction, id: str) -> None:
    """A counselor has read what they wrote."""
    tx.run(_READ, row=id)


def _due(tx: Transaction, contact: str, row: str, now: int) -> list[str]:
    return [found[0] for found in tx.all(_DUE, contact=contact, row=row or None, since=now - KEPT)]


def _telling(sensitive: Mapping[str, Matcher], level: str | None, words: str) -> tuple[str, ...]:
    """In whichever language it is written: a counselor need not write in that of the phone."""
    if level == openness.OPEN:
        return ()
    return tuple(sorted({word for matcher in sensitive.values() for word in find(matcher, words)}))


def _keep(tx: Transaction, vault: Vault, who: Member, callback: str, words: str, now: int) -> None:
    id = new_id()
    body = vault.seal(BODY, id, words.encode())
    tx.run(
        _ADD,
        id=id,
        callback_id=callback,
        counselor_id=who.id,
        body=body,
        given_at=None,
        brought_by=None,
        created_at=now,
    )
    audit.note(tx, callback, who.id, "wrote", "", now)


def _bring(tx: Transaction, to: Card, now: int) -> None:
    """By one text, whatever waits when it goes out."""
    whom = (to.service_number, to.number_id, to.contact_id)
    rows.add(tx, Sending(f"{KIND}|{new_id()}", KIND, "sms", *whom, FLOW, now, now + DAY, FLOW), now)


def _is_told(tx: Transaction, contact: str, now: int) -> bool:
    """Whether they know, or shall know, that something waits, and have not been heard of since: once is enough."""
    created_at, state = rows.last(tx, contact, FLOW) or (0, "")
    is_recent = created_at > now - DAY and state not in IN_VAIN
    return is_recent and bool(_due(tx, contact, "", now)) and not threads.has_spoken(tx, contact, created_at)
