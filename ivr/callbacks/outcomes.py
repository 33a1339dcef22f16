"""What became of a call: tried in vain and to be tried again, or closed; and what a counselor wrote about it."""

from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, bindparam, exists, func, insert, select, update

from ivr.callbacks import alerts, endings
from ivr.callbacks.claims import BACK, MINE
from ivr.callbacks.requests import ATTEMPTED, CANCELLED, DAY, EXPIRED, NOT_REACHED, REACHED, hours_of
from ivr.callbacks.wishes import Span, Wish, next_span
from ivr.db import Statement, Transaction
from ivr.models import Alert, Callback, Entry, Note, new_id
from ivr.team import audit
from ivr.team.counselors import Member
from ivr.vault import Vault

BODY = "notes.body"
MINUTE = 60_000  # ms
AGAIN_AFTER = 60 * MINUTE  # a phone that nobody took is not rung again sooner
MOST_A_DAY, MOST = 3, 9  # attempts, after which it waits for another day, or ends
KEPT = 14 * DAY  # ms after which nobody waits for this call any more
AT_ONCE = 100
# What a counselor can say of an attempt in vain. Each is neutral: it stands in the book.
IN_VAIN = ("no answer", "busy", "machine", "nobody pressed", "somebody else", "broke off", "not a good time")
CLOSED = (REACHED, NOT_REACHED, CANCELLED)


class Passed(NamedTuple):
    """A request whose safe hours have passed; how they want to be rung is still sealed."""

    id: str
    contact_id: str | None
    card: bytes | None


class Left(NamedTuple):
    """What an attempt left: how often it was tried in all, and when next; None: it is closed."""

    attempts: int
    next_at: int | None


_ROW = Statement(select(Callback.contact_id, Callback.card, Callback.attempts).where(Callback.id == bindparam("row")))
_TODAY = Statement(
    select(func.count()).where(Entry.about == bindparam("row"), Entry.what == ATTEMPTED, Entry.at > bindparam("since"))
)
_ATTEMPT = Statement(
    update(Callback)
    .where(*MINE)
    .values(
        {
            **BACK,
            "state": ATTEMPTED,
            "attempts": Callback.attempts + 1,
            "attempted_at": bindparam("now"),
            "from_at": bindparam("new_from"),
            "until_at": bindparam("new_until", type_=BigInteger),
        }
    )
)
_LATER = Statement(update(Callback).where(*MINE).values({**BACK, "from_at": bindparam("new_from")}))
_closed: dict[str, Any] = {"state": bindparam("new_state"), "closed_at": bindparam("now"), "leased_until": None}
_CLOSE = Statement(update(Callback).where(*MINE).values(_closed))
_OLD = Statement(
    select(Callback.id)
    .where(
        Callback.closed_at.is_(None),
        Callback.created_at < bindparam("since"),
        Callback.counselor_id.is_(None),
        ~exists().where(Alert.callback_id == Callback.id, Alert.next_at.is_not(None)),
    )
    .limit(AT_ONCE)
)
_EXPIRE = Statement(
    update(Callback)
    .where(Callback.id == bindparam("row"), Callback.closed_at.is_(None), Callback.counselor_id.is_(None))
    .values(_closed)
)
_PASSED = Statement(
    select(Callback.id, Callback.contact_id, Callback.card)
    .where(Callback.closed_at.is_(None), Callback.until_at <= bindparam("now"))
    .limit(AT_ONCE)
)
_MOVE = Statement(
    update(Callback)
    .where(Callback.id == bindparam("row"), Callback.closed_at.is_(None), Callback.until_at <= bindparam("now"))
    .values(from_at=bindparam("new_from"), until_at=bindparam("new_until", type_=BigInteger))
)
_ADD_NOTE = Statement(insert(Note))


def tried(tx: Transaction, vault: Vault, who: Member, id: str, outcome: str, home: ZoneInfo, now: int) -> Left | None:
    """Nobody was reached, for one of the reasons IN_VAIN: next in the safe hours an hour from now, on another day after
    three attempts, never after nine. None when the request is not theirs any more.
    """
    assert outcome in IN_VAIN, outcome
    row = tx.one(_ROW, row=id)
    if row is None:
        return None
    attempts = row[2] + 1
    today = tx.one(_TODAY, row=id, since=now - DAY)
    after = now + (DAY if today and today[0] + 1 >= MOST_A_DAY else AGAIN_AFTER)
    span = _next(tx, vault, id, row[0], row[1], home, after)
    next_at = max(span.from_at, after)
    if not tx.run(_ATTEMPT, row=id, who=who.id, now=now, new_from=next_at, new_until=span.until_at):
        return None
    audit.note(tx, id, who.id, ATTEMPTED, outcome, now)
    if attempts < MOST:
        alerts.wake(tx, id, next_at, now)
        return Left(attempts, next_at)
    tx.run(_EXPIRE, row=id, new_state=NOT_REACHED, now=now)
    alerts.end(tx, id, who.id, now)
    audit.note(tx, id, "line", NOT_REACHED, f"tried {attempts} times", now)
    endings.tell(tx, id, NOT_REACHED, now)
    return Left(attempts, None)


def put_off(tx: Transaction, who: Member, id: str, minutes: int, now: int) -> bool:
    """Not now: nobody is to ring for so many minutes; then it stands where it stood. False when it is not theirs."""
    if not tx.run(_LATER, row=id, who=who.id, new_from=now + minutes * MINUTE):
        return False
    alerts.wake(tx, id, now + minutes * MINUTE, now)
    audit.note(tx, id, who.id, "put off", f"{minutes} minutes", now)
    return True


def close(tx: Transaction, who: Member, id: str, state: str, now: int) -> bool:
    """It is over: reached, not_reached or cancelled. False when it is not theirs."""
    assert state in CLOSED, state
    if not tx.run(_CLOSE, row=id, who=who.id, new_state=state, now=now):
        return False
    alerts.end(tx, id, who.id, now)
    audit.note(tx, id, who.id, state, "", now)
    endings.tell(tx, id, state, now)
    return True


def expire(tx: Transaction, now: int) -> list[str]:
    """Ends what nobody has and was asked for two weeks ago; the ids."""
    ended = [row[0] for row in tx.all(_OLD, since=now - KEPT)]
    return [id for id in ended if _expired(tx, id, now)]


def passed(tx: Transaction, now: int) -> list[Passed]:
    """Requests whose safe hours have passed."""
    return [Passed(*row) for row in tx.all(_PASSED, now=now)]


def move_on(tx: Transaction, vault: Vault, of: Passed, home: ZoneInfo, now: int) -> None:
    """The next safe hours count. Raises Unreadable for a card that nobody can read."""
    span = _next(tx, vault, of.id, of.contact_id, of.card, home, now)
    tx.run(_MOVE, row=of.id, now=now, new_from=span.from_at, new_until=span.until_at)


def write(tx: Transaction, vault: Vault, who: Member, callback: str, body: str, now: int) -> str:
    """Keeps a note about this request, sealed; its id. That there is one stands in the book, what it says does not."""
    id = new_id()
    tx.run(
        _ADD_NOTE,
        id=id,
        callback_id=callback,
        counselor_id=who.id,
        body=vault.seal(BODY, id, body.encode()),
        created_at=now,
    )
    audit.note(tx, callback, who.id, "note", "", now)
    return id


def _expired(tx: Transaction, id: str, now: int) -> bool:
    if not tx.run(_EXPIRE, row=id, new_state=EXPIRED, now=now):
        return False
    audit.note(tx, id, "line", EXPIRED, "nobody was reached in time", now)
    endings.tell(tx, id, EXPIRED, now)
    return True


def _next(
    tx: Transaction, vault: Vault, id: str, contact: str | None, card: bytes | None, home: ZoneInfo, now: int
) -> Span:
    zone, hours = hours_of(tx, contact, home)
    return next_span(Wish.opened(vault, id, card), hours, zone, now)
