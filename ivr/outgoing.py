"""From a claimed row to what the carrier is asked for: may it go out now, in which words? All in one transaction."""

import logging
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ivr import conversations, phone, positions, windows
from ivr.channels import sms
from ivr.channels.segments import segments
from ivr.contacts import Party
from ivr.conversations import Values
from ivr.db import Transaction
from ivr.engine.walk import Lost
from ivr.outbox import claims
from ivr.outbox.claims import Held
from ivr.outbox.kinds import KINDS
from ivr.runtime import Runtime
from ivr.texts import waits
from ivr.vault import Unreadable

log = logging.getLogger(__name__)

RING = 25  # seconds that a phone rings: five or six times, before most mailboxes take over
LONGEST_VALID, SHORTEST_VALID = 36_000, 1  # seconds, Twilio's bounds for ValidityPeriod
POISON = 3  # attempts after which a row that cannot be written is put aside
LATER = 60_000  # ms until the next attempt


class Ready(NamedTuple):
    """A row whose intent is written. `units` are segments of a text, or one call."""

    id: str
    attempt: int
    lane: int
    channel: str
    number_id: str
    fields: list[tuple[str, str]]
    units: int


def prepare(runtime: Runtime, tx: Transaction, batch: str, now: int) -> list[Ready]:
    """Decides about each row of the batch, and writes the intent of those that go out. Raises claims.Fenced.

    STOP, consent, quiet hours, the daily cap and usefulness are looked at here for the last time, in the transaction
    that says that the carrier will be asked.
    """
    rows = claims.held(tx, batch, now)
    verdicts = _verdicts(runtime, rows, now)
    ready = {row: _written(runtime, tx, row, now) for row in rows if row not in verdicts}
    spoiled = {row for row, written in ready.items() if written is None}
    claims.drop(tx, {row: verdict for row, verdict in verdicts.items() if isinstance(verdict, tuple)})
    claims.drop(tx, {row: ("failed", "poison") for row in spoiled if row.attempt >= POISON})
    claims.defer(tx, {row: due for row, due in verdicts.items() if isinstance(due, int)})
    claims.defer(tx, {row: now + LATER for row in spoiled if row.attempt < POISON})
    written = {row: each for row, each in ready.items() if each is not None}
    claims.submit(tx, {row: _said(runtime, each) for row, each in written.items()}, now)
    return list(written.values())


Verdict = tuple[str, str] | int  # a last state and why; or the moment until which it is put off


def _verdicts(runtime: Runtime, rows: list[Held], now: int) -> dict[Held, Verdict]:
    """What must not go out, or not now."""
    verdicts: dict[Held, Verdict] = {}
    sent: dict[str | None, int] = {}
    for row in rows:
        verdict = _verdict(runtime, row, sent.get(row.contact_id, 0), now)
        if verdict is None:
            sent[row.contact_id] = sent.get(row.contact_id, 0) + 1
        else:
            verdicts[row] = verdict
    return verdicts


def _verdict(runtime: Runtime, row: Held, beside: int, now: int) -> Verdict | None:
    """`beside`: how many go out to the same person in the same batch."""
    kind = KINDS[row.kind]
    if row.schedule_ended is not None:
        return "cancelled", "schedule ended"
    if row.expires_at <= now:
        return "missed", "late"
    if row.stopped:
        return "suppressed", "stopped"
    if kind.purpose and not row.agreed:
        return "suppressed", "no consent"
    if kind.capped and row.contact_id and row.lately + beside >= runtime.config.daily_cap:
        return "suppressed", "daily cap"
    return _held_by_night(runtime, row, now) if kind.keeps_quiet else None


def _held_by_night(runtime: Runtime, row: Held, now: int) -> Verdict | None:
    moment = datetime.fromtimestamp(now / 1000, UTC)
    zones = zones_of(runtime, row)
    allowed = windows.allowed(windows.parse(row.hours) if row.hours else None, runtime.content.quiet_hours, row.country)
    if not windows.is_quiet(moment, zones, allowed):
        return None
    opens = windows.next_open(moment, zones, allowed)
    due = round(opens.timestamp() * 1000) if opens else row.expires_at
    return due if due < row.expires_at else ("missed", "quiet hours")


def zones_of(runtime: Runtime, row: Held) -> list[ZoneInfo]:
    """Where this person may be: as they said, else where their number may be from, else where the desk is."""
    names = [row.zone] if row.zone else phone.time_zones(number_of(runtime, row))
    return [zone for zone in map(_zone, names) if zone] or [runtime.content.hours.zone]


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def number_of(runtime: Runtime, row: Held) -> str:
    """The number that is rung or texted."""
    return runtime.vault.open("numbers.sealed", row.number_id, row.number).decode()


def _written(runtime: Runtime, tx: Transaction, row: Held, now: int) -> Ready | None:
    """What the carrier is asked for; None when it cannot be written, which is our mistake and is said in the log."""
    try:
        number = number_of(runtime, row)
        own, units = (_call(runtime, row), 1) if row.channel == "voice" else _text(runtime, tx, row, now)
    except (Lost, LookupError, ValueError, Unreadable):
        log.exception("what the flow %s says cannot be written", row.flow)
        return None
    status = f"{runtime.config.public_base_url}/twilio/status?o={row.id}"
    fields = [("To", number), ("From", row.sender), ("StatusCallback", status), *own]
    return Ready(row.id, row.attempt, row.lane, row.channel, row.number_id, fields, units)


def _call(runtime: Runtime, row: Held) -> list[tuple[str, str]]:
    """`initiated` settles early whether the carrier has it. A machine hears nothing: see web.voice."""
    events = [("StatusCallbackEvent", event) for event in ("initiated", "completed")]
    url = f"{runtime.config.public_base_url}/twilio/voice/out/{row.id}"
    return [("Url", url), *events, ("Timeout", str(RING)), ("MachineDetection", "Enable")]


def _text(runtime: Runtime, tx: Transaction, row: Held, now: int) -> tuple[list[tuple[str, str]], int]:
    """The text, which a phone that is off shall not get when it is of no use any more; and its segments."""
    body = _words(runtime, tx, row, now)
    valid = min(max((row.expires_at - now) // 1000, SHORTEST_VALID), LONGEST_VALID)
    return [("Body", body), ("ValidityPeriod", str(valid))], segments(body).count


def _words(runtime: Runtime, tx: Transaction, row: Held, now: int) -> str:
    """The first words of the flow, whose question then waits for this person's answer."""
    content = runtime.content
    language = content.known(row.language or "", runtime.service(row.sender).language)
    party = Party("sms", row.sender, language, row.number_id, row.contact_id)
    scene = runtime.scene(tx, positions.fresh(party), now)
    outputs = conversations.open_flow(scene, row.flow, {"then": row.then, "outgoing": row.id})
    if scene.position.state and row.contact_id:
        positions.give_up_others(tx, scene.position)
        positions.store(tx, runtime.vault, scene.position, b"", waits(outputs), now)
    formatter = content.languages[language].formatter
    return "\n".join(sms.render(outputs, Values(scene), content.flows[language].phrases, formatter))


def _said(runtime: Runtime, ready: Ready) -> str | None:
    """A keyed hash of the text, by which it is known again in the carrier's list."""
    body = dict(ready.fields).get("Body")
    return runtime.vault.index(body) if body else None
