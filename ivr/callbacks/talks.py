"""What becomes of a counselor's call: the person's phone, from its first ring to the last word of the carrier.

The first word about an end counts: a carrier tells it twice, late, in any order, or not at all for one of both legs.
"""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, BindParameter, ColumnElement, Integer, bindparam, select, update

from ivr.callbacks import alerts, calls, claims, outcomes
from ivr.callbacks.calls import COLUMNS, Made, Wanted
from ivr.db import Statement, Transaction
from ivr.models import Call, Conversation, new_id
from ivr.outbox import bridges
from ivr.team import audit, counselors
from ivr.vault import Vault

CALL = "#call"  # among the answers of the counselor's leg: the call that was dialled last
TALKED, LEFT = "talked", "left"  # left: the counselor hung up before the person did anything
NO_ANSWER, WAS_BUSY, MACHINE, NOBODY, NOT_THEM, WRONG_PIN = (
    *("no answer", "busy", "machine", "nobody pressed", "somebody else", "wrong PIN"),
)
PUT_THROUGH = ("completed", "answered")  # Twilio's DialCallStatus


def _of(*which: ColumnElement[bool], **values: Any) -> Statement:
    return Statement(update(Call).where(Call.id == bindparam("row"), Call.ended_at.is_(None), *which).values(values))


_now: BindParameter[int] = bindparam("now", type_=BigInteger)
_ANSWER = _of(answered_at=_now)
_DIAL = _of(Call.dialled_at.is_(None), dialled_at=_now)
_HEAR = _of(Call.heard_at.is_(None), heard_at=_now)
_TAKE = _of(Call.taken_at.is_(None), Call.told == "", taken_at=_now)
_TELL = _of(Call.taken_at.is_(None), told=bindparam("why"))
_number: BindParameter[int] = bindparam("number", type_=Integer)
_TRY = Statement(update(Call).where(Call.id == bindparam("row"), Call.pins == _number - 1).values(pins=_number))
_END = _of(ended_at=_now, outcome=bindparam("came"), seconds=bindparam("talked"))
_CONVERSATION = Statement(select(Conversation.id).where(Conversation.call_sid == bindparam("call_sid_")))
_OPEN_OF = Statement(select(*COLUMNS).where(Call.ring_id == bindparam("ring"), Call.ended_at.is_(None)))


def answered(tx: Transaction, call: Made, now: int) -> Wanted | None:
    """The counselor pressed a key: who is to be rung; None when the call is over, or the request theirs no more."""
    who = counselors.find(tx, call.counselor_id)
    if call.ended_at or who is None or not claims.extend(tx, who, call.callback_id, now):
        return None
    tx.run(_ANSWER, row=call.id, now=now)
    return calls.find_wanted(tx, call.counselor_id, call.callback_id)


def dial(tx: Transaction, call: Made, now: int) -> bool:
    """The person's phone is rung. False when it was already."""
    return tx.run(_DIAL, row=call.id, now=now) == 1


def once_more(tx: Transaction, call: Made, now: int) -> str:
    """Another call of the same counselor's leg, to the same person; its id."""
    again = call._replace(id=new_id(), dialled_at=None, heard_at=None, taken_at=None, pins=0, told="")
    return calls.add(tx, again._replace(answered_at=now, outcome=None, seconds=None, ended_at=None), now)


def heard(tx: Transaction, call: Made, now: int) -> None:
    """Somebody, or something, picked the person's phone up."""
    tx.run(_HEAR, row=call.id, now=now)


def tries(tx: Transaction, call: Made, number: int) -> bool:
    """Their first or second PIN in this call is looked at now. False when it was before: it counts once."""
    return tx.run(_TRY, row=call.id, number=number) == 1


def told(tx: Transaction, call: Made, why: str) -> None:
    """Nobody was put through, for this reason."""
    tx.run(_TELL, row=call.id, why=why)


def take(tx: Transaction, call: Made, now: int) -> bool:
    """They are put through, and the request is the counselor's as long as they talk. False when that is over."""
    who = counselors.find(tx, call.counselor_id)
    if who is None or not claims.hold(tx, who, call.callback_id, now + bridges.LONGEST):
        return False
    if not tx.run(_TAKE, row=call.id, now=now):
        return False
    alerts.end(tx, call.callback_id, who.id, now)
    audit.note(tx, call.callback_id, who.id, "put through", "", now)
    return True


def dialled(tx: Transaction, vault: Vault, home: ZoneInfo, id: str, status: str, now: int) -> None:
    """The carrier says how it went with the person's phone, in Twilio's DialCallStatus."""
    call = calls.find(tx, id)
    if call is None:
        return
    if call.taken_at or (status in PUT_THROUGH and not (call.heard_at or call.told)):  # it asked nobody for a key
        _talked(tx, call, now)
    else:
        _in_vain(tx, vault, home, call, call.told or _reason(call, status), now)


def leg_over(tx: Transaction, vault: Vault, home: ZoneInfo, ring: str, now: int) -> None:
    """The counselor's leg is over, whatever was going on."""
    for call in [Made(*row) for row in tx.all(_OPEN_OF, ring=ring)]:
        if call.taken_at:
            _talked(tx, call, now)
        elif call.told:
            _in_vain(tx, vault, home, call, call.told, now)
        else:
            _end(tx, call, LEFT, None, now)


def call_over(tx: Transaction, vault: Vault, home: ZoneInfo, call_sid: str, now: int) -> None:
    """The same for a leg that the counselor rang themselves, by the carrier's id of it."""
    row = tx.one(_CONVERSATION, call_sid_=call_sid)
    if row:
        leg_over(tx, vault, home, row[0], now)


def _reason(call: Made, status: str) -> str:
    if call.heard_at:
        return NOBODY
    return WAS_BUSY if status == "busy" else NO_ANSWER


def _talked(tx: Transaction, call: Made, now: int) -> None:
    """It stays the counselor's until they say what becomes of it, for as long as any claim lasts."""
    seconds = (now - (call.taken_at or now)) // 1000
    who = counselors.find(tx, call.counselor_id)
    if _end(tx, call, TALKED, seconds, now) and who and claims.extend(tx, who, call.callback_id, now):
        audit.note(tx, call.callback_id, who.id, TALKED, f"{seconds} seconds", now)


def _in_vain(tx: Transaction, vault: Vault, home: ZoneInfo, call: Made, why: str, now: int) -> None:
    who = counselors.find(tx, call.counselor_id)
    if _end(tx, call, why, None, now) and who:
        in_the_book = NOT_THEM if why == WRONG_PIN else why  # whether somebody has a PIN is nobody's business
        outcomes.tried(tx, vault, who, call.callback_id, in_the_book, home, now)


def _end(tx: Transaction, call: Made, came: str, seconds: int | None, now: int) -> bool:
    return tx.run(_END, row=call.id, now=now, came=came, talked=seconds) == 1
