"""Somebody may be in danger: those on duty are told, by text and by call, until one of them says that they have it.

What they have then is a request at the desk, and the alert goes by its short number. While somebody has the request the
alert rests; it wakes when they give it back or do nothing about it in time, and when it is to be tried again.
Urgent is what was asked for or said so, never what was counted or guessed. Whom each round reaches: `ladder`.
"""

from typing import NamedTuple

from sqlalchemy import bindparam, case, insert, select, update

from ivr.callbacks import ladder
from ivr.config import Config, OnDuty
from ivr.db import Statement, Transaction
from ivr.models import Alert, Number, new_id
from ivr.outbox import rows
from ivr.outbox.rows import Sending
from ivr.team import duty
from ivr.vault import Vault

KIND, FLOW, OVER = "alert", "alert", "alert_over"
MINUTE = 60_000  # ms
EVERY, LATER = 5 * MINUTE, 60 * MINUTE
SOON = 12  # rounds, one hour, after which it is told every hour: somebody is asleep, or the setting is wrong
SAME = 15 * MINUTE  # after somebody has it, what is said again this soon is known to them
LATELY = 24 * 60 * MINUTE  # ago is what an OK may still mean: short numbers are given anew
AT_ONCE = 50


class Open(NamedTuple):
    """An alert that nobody has yet."""

    id: str
    service_number: str
    code: str
    rounds: int


class Listed(NamedTuple):
    """An alert, as those who run the line see it. The number is still sealed."""

    number_id: str
    sealed: bytes
    why: str
    code: str
    times: int
    created_at: int
    acknowledged_at: int | None


class Words(NamedTuple):
    """What an answer of somebody on duty led to: `yours`, `taken` by somebody else before, or `unknown`."""

    outcome: str
    code: str = ""


_COLUMNS = (Alert.id, Alert.service_number, Alert.code, Alert.rounds)
_LATELY = Statement(
    select(Alert.id)
    .where(
        Alert.callback_id == bindparam("request"),
        Alert.next_at.is_not(None)
        | ((Alert.acknowledged_at > bindparam("since")) & (Alert.why == bindparam("reason"))),
    )
    .order_by(Alert.created_at.desc())
    .limit(1)
)
_rests = Alert.next_at.is_not(None) & (Alert.rounds == 0)
_AGAIN = Statement(
    update(Alert)
    .where(Alert.id == bindparam("row"))
    .values(times=Alert.times + 1, next_at=case((_rests, bindparam("now")), else_=Alert.next_at))
)
_ADD = Statement(insert(Alert))
_DUE = Statement(select(*_COLUMNS).where(Alert.next_at <= bindparam("now")).order_by(Alert.next_at).limit(AT_ONCE))
_TOLD = Statement(
    update(Alert)
    .where(Alert.id == bindparam("row"), Alert.rounds == bindparam("round"), Alert.next_at.is_not(None))
    .values(rounds=Alert.rounds + 1, next_at=bindparam("new_next"))
)
_OPEN = Statement(
    select(*_COLUMNS).where(Alert.next_at.is_not(None), Alert.code == bindparam("code_")).order_by(Alert.created_at)
)
_ALL_OPEN = Statement(select(*_COLUMNS).where(Alert.next_at.is_not(None)).order_by(Alert.created_at))
_WAITING = Statement(select(*_COLUMNS).where(Alert.next_at.is_not(None), Alert.rounds > 0).order_by(Alert.created_at))
_LISTED = Statement(
    select(Alert.number_id, Number.sealed, Alert.why, Alert.code, Alert.times, Alert.created_at, Alert.acknowledged_at)
    .join(Number, Number.id == Alert.number_id)
    .where(Alert.next_at.is_not(None) | (Alert.created_at > bindparam("since")))
    .order_by(Alert.next_at.is_(None), Alert.created_at.desc())
)
_OF_PERSON = Statement(select(*_COLUMNS).where(Alert.next_at.is_not(None), Alert.contact_id == bindparam("contact")))
_LAST = Statement(
    select(Alert.acknowledged_by)
    .where(Alert.code == bindparam("code_"), Alert.next_at.is_(None), Alert.acknowledged_at > bindparam("since"))
    .order_by(Alert.created_at.desc())
    .limit(1)
)
_TAKE = Statement(
    update(Alert)
    .where(Alert.id == bindparam("row"), Alert.next_at.is_not(None))
    .values(next_at=None, acknowledged_at=bindparam("now"), acknowledged_by=bindparam("who"))
)
_OF_REQUEST = Statement(select(*_COLUMNS).where(Alert.next_at.is_not(None), Alert.callback_id == bindparam("request")))
_FORMER = (Alert.number_id, Alert.contact_id, Alert.callback_id, Alert.service_number, Alert.why, Alert.code)
_LAST_OF = Statement(
    select(*_FORMER, Alert.next_at)
    .where(Alert.callback_id == bindparam("request"))
    .order_by(Alert.created_at.desc())
    .limit(1)
)


_NEW = {"times": 1, "acknowledged_at": None, "acknowledged_by": None}


class Concern(NamedTuple):
    """Who may be in danger: their request and its short number, ids of number and person; the number of ours that tells
    it; and why.
    """

    callback_id: str
    code: str
    number_id: str
    contact_id: str | None
    sender: str
    why: str


def sound(tx: Transaction, vault: Vault, config: Config, of: Concern, now: int) -> bool:
    """Alerts those on duty about somebody, whose number the transaction holds. False when they know of it."""
    lately = tx.one(_LATELY, request=of.callback_id, since=now - SAME, reason=of.why)
    if lately:
        tx.run(_AGAIN, row=lately[0], now=now)
        return False
    alert = Open(new_id(), of.sender, of.code, 0)
    who = {"number_id": of.number_id, "contact_id": of.contact_id, "callback_id": of.callback_id}
    told = {"service_number": of.sender, "why": of.why, "code": of.code, "rounds": 1, "next_at": now + EVERY}
    tx.run(_ADD, id=alert.id, created_at=now, **who, **told, **_NEW)
    _tell(tx, vault, config, alert, now)
    return True


def end(tx: Transaction, callback_id: str, who: str, now: int) -> None:
    """Somebody has this request: the alert rests."""
    for row in tx.all(_OF_REQUEST, request=callback_id):
        _taken(tx, Open(*row), who, now)


def wake(tx: Transaction, callback_id: str, at: int, now: int) -> None:
    """Nobody has this request any more: those on duty are told from `at` on, as if for the first time."""
    last = tx.one(_LAST_OF, request=callback_id)
    if last and last[-1] is None:
        former = {column.key: value for column, value in zip(_FORMER, last, strict=False)}
        tx.run(_ADD, id=new_id(), rounds=0, created_at=now, next_at=at, **former, **_NEW)


def due(tx: Transaction, now: int) -> list[Open]:
    """What nobody has yet and is to be told again."""
    return [Open(*row) for row in tx.all(_DUE, now=now)]


def tell_again(tx: Transaction, vault: Vault, config: Config, alert: Open, now: int) -> None:
    """Tells those on duty once more, unless somebody has it or has told them by now."""
    after = EVERY if alert.rounds < SOON else LATER
    if tx.run(_TOLD, row=alert.id, round=alert.rounds, new_next=now + after):
        _tell(tx, vault, config, alert, now)


def waiting(tx: Transaction) -> list[Open]:
    """All that those on duty were told of, and nobody has; the oldest first."""
    return [Open(*row) for row in tx.all(_WAITING)]


def listed(tx: Transaction, since: int) -> list[Listed]:
    """All that nobody has yet, and those raised since then; the open ones first, then the newest."""
    return [Listed(*row) for row in tx.all(_LISTED, since=since)]


def acknowledge(tx: Transaction, code: str, who: str, now: int) -> Words:
    """Somebody on duty, whose number has the id `who`, says that they have the alert of this code.

    Without a code it is the only one that is open, if there is just one.
    """
    found = tx.all(_OPEN, code_=code) if code else tx.all(_ALL_OPEN)
    if len(found) == 1:
        return _taken(tx, Open(*found[0]), who, now)
    last = tx.one(_LAST, code_=code, since=now - LATELY)
    if last is None:
        return Words("which" if found else "unknown", code)
    return Words("yours" if last[0] == who else "taken", code)


def end_of(tx: Transaction, contact_id: str, who: str, now: int) -> None:
    """Somebody on duty talks with this person, who pressed 0: the alert rests. Not one about somebody else who uses the
    same phone: they may be in danger from the very one who talks.
    """
    for row in tx.all(_OF_PERSON, contact=contact_id):
        _taken(tx, Open(*row), who, now)


def take_back(tx: Transaction, vault: Vault, config: Config, contact_id: str, now: int) -> None:
    """The person is about to be erased, by their own word: whoever was told of them hears that nobody is there to find.

    To be called before anything of theirs goes.
    """
    for row in tx.all(_OF_PERSON, contact=contact_id):
        alert = Open(*row)
        rows.cancel(tx, alert.id, "erased")
        told = ladder.told(tx, vault, config, alert.code, alert.rounds - 1, now)
        rows.add_all(tx, [_sending(tx, vault, alert, each, "sms", OVER, now) for each in told], now)


def _taken(tx: Transaction, alert: Open, who: str, now: int) -> Words:
    if not tx.run(_TAKE, row=alert.id, who=who, now=now):
        return Words("taken", alert.code)
    rows.cancel(tx, alert.id, "acknowledged")
    return Words("yours", alert.code)


def _tell(tx: Transaction, vault: Vault, config: Config, alert: Open, now: int) -> None:
    """A text and a call each: the one is read when the other cannot be taken."""
    told = ladder.told(tx, vault, config, alert.code, alert.rounds, now)
    by_each = [(each, channel) for channel in ("sms", "voice") for each in told]
    rows.add_all(tx, [_sending(tx, vault, alert, each, channel, FLOW, now) for each, channel in by_each], now)


def _sending(tx: Transaction, vault: Vault, alert: Open, to: OnDuty, channel: str, flow: str, now: int) -> Sending:
    """What tells one of those on duty."""
    party = duty.party(tx, vault, to, channel, alert.service_number, now)
    whom = (alert.service_number, party.number_id or "", party.contact_id)
    key = f"{flow}|{alert.id}|{alert.rounds}|{channel}|{party.number_id}"
    return Sending(key, KIND, channel, *whom, flow, now, now + EVERY, alert.code, alert.id)
