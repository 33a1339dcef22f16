"""Erases a person: all that hangs on them goes in one transaction, and what is left tells nobody who it was.

Left are a keyed hash of a number that nobody else shares, with the STOPs that held for it; the carrier's ids of what it
still has copies of; and a receipt, which names a day and how many rows of each kind went. Who is nobody says `empty`.
"""

import json
import secrets
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, insert, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from ivr import erasures
from ivr.db import Statement, Transaction
from ivr.erasures import CALL, TEXT
from ivr.memory import pins
from ivr.memory.positions import Position
from ivr.models import Base, Contact, Conversation, Erased, Message, Number, OptOut, Outgoing, Receipt
from ivr.models.belongings import belongings, with_decoys
from ivr.moments import moment_of
from ivr.outbox import counts
from ivr.outbox.claims import LEASED
from ivr.people import contacts
from ivr.people.contacts import Party
from ivr.privacy import empty

SOON, LATER = 60_000, 600_000  # ms: a copy is erased soon; one of a call or an answer under way a little later
MARK = "erased"  # when somebody last was
DIGITS = 6  # of a receipt: short enough to be noted with a pencil

_HOLD_NUMBER = Statement(select(Number.found_by).where(Number.id == bindparam("row")).with_for_update())
_HOLD_PEOPLE = Statement(
    select(Contact.id).where(Contact.number_id == bindparam("row")).order_by(Contact.id).with_for_update()
)
_them = with_decoys(Base.metadata.tables["contacts"])
_CALLS = Statement(select(Conversation.call_sid).where(_of := Conversation.contact_id.in_(_them)))
_TEXTS = Statement(select(Message.sid).join(Conversation, Message.conversation_id == Conversation.id).where(_of))
_SENT = Statement(
    select(Outgoing.id, Outgoing.channel, Outgoing.sid, Outgoing.state)
    .where(Outgoing.contact_id.in_(_them))
    .with_for_update()
)
_UNLINK = Statement(
    update(Conversation)
    .where(Conversation.id == bindparam("own"))
    .values(number_id=None, contact_id=None, state=None, replies="", waits_until=None)
)
_REMOVE = {
    table.name: Statement(delete(table).where(rows, table.c.id != bindparam("own")))
    if table is Conversation.__table__
    else Statement(delete(table).where(rows))
    for table, rows in belongings("contacts")
}
# Looked at by themselves. Misses of PINs go with the number only: erasing must not give a guesser new tries.
_STAYS = ("opt_outs", "pin_tries", "contacts", "numbers")
_REMOVE_NOBODYS = [
    Statement(delete(table).where(rows)) for table, rows in belongings("numbers") if table.name not in _STAYS
]
_NEEDED = Statement(
    select(Number.id).where(
        Number.id == bindparam("row"),
        or_(
            *(
                exists().where(key.parent == Number.id)
                for table in Base.metadata.sorted_tables
                for key in table.foreign_keys
                if key.column.table is Number.__table__ and table.name not in ("opt_outs", "pin_tries")
            )
        ),
    )
)
_STOPS = Statement(select(OptOut.channel).where(OptOut.number_id == bindparam("row"), OptOut.ended_at.is_(None)))
# What is no STOP tells only when somebody wished for a call, or for texts.
_REMOVE_STARTS = Statement(
    delete(OptOut).where(OptOut.number_id == bindparam("row"), OptOut.source == literal_column(f"'{contacts.START}'"))
)
_REMOVE_STOPS = Statement(delete(OptOut).where(OptOut.number_id == bindparam("row")))
_REMOVE_NUMBER = Statement(delete(Number).where(Number.id == bindparam("row")))
_new = upsert(Erased)
_REMEMBER = Statement(
    _new.on_conflict_do_update(
        index_elements=["found_by"], set_={"stopped": _new.excluded.stopped, "look_at": _new.excluded.look_at}
    )
)
_LOOKED_FOR = Statement(select(Erased.found_by, Erased.look_at).where(Erased.look_at <= bindparam("now")))
_GONE = Statement(select(Erased.look_at, Erased.stopped).where(Erased.found_by == bindparam("index")))
_STOP = Statement(update(Erased).where(Erased.found_by == bindparam("index")).values(stopped=bindparam("channels")))
_LOOKED = Statement(
    update(Erased).where(Erased.found_by == bindparam("index"), Erased.look_at == bindparam("at")).values(look_at=None)
)
_RECEIPT = Statement(select(Receipt.day, Receipt.removed).where(Receipt.code == bindparam("code_")))
_RECEIPTS = Statement(select(func.count()).select_from(Receipt))
_ADD_RECEIPT = Statement(insert(Receipt))


def erase(tx: Transaction, position: Position, now: int) -> str:
    """Erases the person of this conversation, who is nobody from then on; the code of the receipt.

    '' when there was nobody to erase. The call that asks goes on as one of a withheld number.
    """
    party = position.party
    contact, number = party.contact_id, party.number_id
    if contact is None or number is None:
        return ""
    held = tx.one(_HOLD_NUMBER, row=number)  # in the order of those that send: the number, then the people
    if held is None or contact not in [row[0] for row in tx.all(_HOLD_PEOPLE, row=number)]:
        return ""
    removed = _remove(tx, contact, position, now)
    for place in empty.of(tx, number):  # not on the receipt: it would tell that there were PINs
        _remove(tx, place, position, now)
    _forget_number(tx, number, held[0], now)
    position.party = Party(party.channel, party.service_number, party.language)
    counts.mark(tx, MARK, now)
    return _receipt(tx, removed, now)


def went_after(tx: Transaction, index: str, at: int) -> bool:
    """Whether somebody at this number, which nobody uses since, was erased after that moment: what they sent then, and
    is only found now, is gone as well. Of an older erasing only the day is known: then anybody's last one counts.
    """
    gone = tx.one(_GONE, index=index)
    if gone is None:
        return False
    return at <= (gone[0] - LATER if gone[0] else counts.marked(tx, MARK) or 0)


def stop(tx: Transaction, index: str, channels: Iterable[str]) -> None:
    """They had stopped these as well, which is only heard now."""
    gone = tx.one(_GONE, index=index)
    tx.run(_STOP, index=index, channels=" ".join(sorted({*channels, *(gone[1].split() if gone else ())})))


def looked_for(tx: Transaction, now: int) -> dict[str, int]:
    """Hashes of numbers to which answers may still lie at the carrier, each with the moment of `looked`."""
    return {row[0]: row[1] for row in tx.all(_LOOKED_FOR, now=now)}


def looked(tx: Transaction, sought: dict[str, int]) -> None:
    """The carrier's list was looked through for these."""
    tx.many(_LOOKED, [{"index": index, "at": at} for index, at in sought.items()])


def receipt(tx: Transaction, code: str) -> tuple[str, dict[str, int]] | None:
    """The day of a receipt, and how many rows of each table went; None when there is no such receipt."""
    row = tx.one(_RECEIPT, code_=code)
    return (row[0], json.loads(row[1])) if row else None


def receipts(tx: Transaction) -> int:
    """How many people were erased."""
    row = tx.one(_RECEIPTS)
    return int(row[0]) if row else 0


def _note_copies(tx: Transaction, contact: str, own_call: str | None, now: int) -> None:
    calls = {row[0] for row in tx.all(_CALLS, root=contact) if row[0]}
    texts = {row[0] for row in tx.all(_TEXTS, root=contact)}
    for id, channel, sid, state in tx.all(_SENT, root=contact):
        if sid:
            (calls if channel == "voice" else texts).add(sid)
        elif state in LEASED:
            erasures.await_sids(tx, CALL if channel == "voice" else TEXT, [id], now)
    erasures.add(tx, TEXT, sorted(texts), now, now + SOON)
    erasures.add(tx, CALL, sorted(calls - {own_call}), now, now + SOON)
    erasures.add(tx, CALL, filter(None, [own_call]), now, now + LATER)


def _remove(tx: Transaction, contact: str, position: Position, now: int) -> dict[str, int]:
    """How many rows went, by table. A call that is under way stays, without anybody on it."""
    _note_copies(tx, contact, position.call_sid, now)
    own = position.id if position.call_sid else ""
    values: dict[str, Any] = {"root": contact, "own": own}
    removed = {}
    for name, statement in _REMOVE.items():
        if name == Contact.__tablename__:
            tx.run(_UNLINK, own=own)
        removed[name] = tx.run(statement, **values)
    return {name: rows for name, rows in removed.items() if rows}


def _forget_number(tx: Transaction, number: str, index: str, now: int) -> None:
    """What hangs on a number and on nobody goes; then the number, unless others share it or asked to be rung at it."""
    for statement in _REMOVE_NOBODYS:
        tx.run(statement, root=number)
    tx.run(_REMOVE_STARTS, row=number)
    if tx.one(_NEEDED, row=number):
        return
    stopped = " ".join(sorted({row[0] for row in tx.all(_STOPS, row=number)}))
    tx.run(_REMEMBER, found_by=index, stopped=stopped, look_at=now + LATER)
    tx.run(_REMOVE_STOPS, row=number)
    pins.set_aside(tx, number, index)
    tx.run(_REMOVE_NUMBER, row=number)


def _receipt(tx: Transaction, removed: dict[str, int], now: int) -> str:
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    while tx.one(_RECEIPT, code_=code):
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    tx.run(_ADD_RECEIPT, code=code, day=f"{moment_of(now):%Y-%m-%d}", removed=json.dumps(removed, sort_keys=True))
    return code
