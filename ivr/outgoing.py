"""From a claimed row to what the carrier is asked for: may it go out now, in which words? All in one transaction."""

from collections import Counter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ivr import phone, time_outs
from ivr.apart import apart
from ivr.db import Transaction
from ivr.letters import Letter, Letters, Moot
from ivr.memory import threads
from ivr.moments import moment_of, ms_of
from ivr.outbox import claims
from ivr.outbox.claims import Held
from ivr.outbox.kinds import KINDS, Kind
from ivr.outreach import silent_numbers
from ivr.people import consents, openness, windows, zones
from ivr.runtime import Runtime

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
    said: str | None  # a keyed hash of the text


class Dropped(NamedTuple):
    """It does not go out: the state in which it ends, and why."""

    state: str
    why: str


Verdict = Ready | Dropped | int  # what the carrier is asked for; or the moment until which it is put off


def prepare(runtime: Runtime, tx: Transaction, batch: str, now: int) -> list[Ready]:
    """Decides about each row of the batch, and writes the intent of those that go out. Raises claims.Fenced.

    STOP, consent, quiet hours, the daily cap and usefulness are looked at here for the last time, in the transaction
    that says that the carrier will be asked.
    """
    letters = Letters(runtime, tx, now)
    verdicts = _verdicts(runtime, tx, letters, claims.held(tx, batch, now), now)
    letters.store()
    ready = {row: each for row, each in verdicts.items() if isinstance(each, Ready)}
    claims.drop(tx, {row: (each.state, each.why) for row, each in verdicts.items() if isinstance(each, Dropped)})
    claims.defer(tx, {row: each for row, each in verdicts.items() if isinstance(each, int)})
    claims.submit(tx, {row: each.said for row, each in ready.items()}, now)
    return list(ready.values())


def _verdicts(runtime: Runtime, tx: Transaction, letters: Letters, rows: list[Held], now: int) -> dict[Held, Verdict]:
    verdicts: dict[Held, Verdict] = {}
    beside: Counter[str | None] = Counter()  # what goes out to the same person in the same batch
    for row in rows:
        verdicts[row] = _poisoned(row, now)
        with apart(f"what goes out for a row of kind {row.kind}"):
            kind = _rules(tx, row, now)
            against = _against(runtime, row, kind, beside[row.contact_id], now) or _asked_first(tx, row, now)
            verdicts[row] = against or _written(runtime, letters, row, now)
        beside[row.contact_id] += isinstance(verdicts[row], Ready)
    return verdicts


def _poisoned(row: Held, now: int) -> Verdict:
    """What cannot be written is our mistake: said in the log, tried again, put aside."""
    return Dropped("failed", "poison") if row.attempt >= POISON else now + LATER


def _asked_first(tx: Transaction, row: Held, now: int) -> Dropped | None:
    """In its place a question goes out, where nobody was heard of for long."""
    if not silent_numbers.is_silent(row, now):
        return None
    silent_numbers.ask(tx, row, now)
    return Dropped("suppressed", "silent number")


def _rules(tx: Transaction, row: Held, now: int) -> Kind:
    """Those of its kind; what answers somebody who has just written is neither unasked nor disturbs them."""
    kind = KINDS[row.kind]
    is_answer = kind.answers and threads.is_at_hand(tx, row.contact_id, now)
    return kind._replace(keeps_quiet=False, capped=False) if is_answer else kind


def _against(runtime: Runtime, row: Held, kind: Kind, beside: int, now: int) -> Dropped | int | None:
    """Why it must not go out, or not now; None when it may."""
    if row.schedule_ended is not None:
        return Dropped("cancelled", "schedule ended")
    if row.paused_until and row.paused_until > now:  # as a second ring of a call during which they asked for a pause
        return Dropped("cancelled", "paused")
    if row.expires_at <= now:
        return Dropped("missed", "late")
    if row.stopped and not kind.replies:
        return Dropped("suppressed", "stopped")
    if kind.starts and row.rests:
        return Dropped("suppressed", "unanswered")
    if kind.purpose and not consents.holds(kind.purpose, row.agreed, runtime.content.asked):
        return Dropped("suppressed", "no consent")
    if kind.unasked and row.openness == openness.REPLY_ONLY:
        return Dropped("suppressed", "reply only")
    if row.kind == time_outs.KIND and row.has_pin:  # it would go on with what was said after the PIN
        return Dropped("suppressed", "pin")
    if kind.capped and row.contact_id and row.lately + beside >= runtime.config.daily_cap:
        return Dropped("suppressed", "daily cap")
    return _held_by_night(runtime, row, now) if kind.keeps_quiet else None


def _held_by_night(runtime: Runtime, row: Held, now: int) -> Dropped | int | None:
    moment = moment_of(now)
    where = zones_of(runtime, row)
    allowed = windows.allowed(windows.own(row.hours), runtime.content.quiet_hours, row.country)
    if not windows.is_quiet(moment, where, allowed):
        return None
    opens = windows.next_open(moment, where, allowed)
    due = ms_of(opens) if opens else row.expires_at
    return due if due < row.expires_at else Dropped("missed", "quiet hours")


def zones_of(runtime: Runtime, row: Held) -> list[ZoneInfo]:
    """Where this person may be: in the zone that is settled; else wherever their number may be; else with the desk."""
    names = [row.zone] if zones.is_one(row.zone) else phone.time_zones(number_of(runtime, row))
    return zones.known(names) or [runtime.content.hours.zone]


def number_of(runtime: Runtime, row: Held) -> str:
    """The number that is rung or texted."""
    return runtime.vault.open("numbers.sealed", row.number_id, row.number).decode()


def _written(runtime: Runtime, letters: Letters, row: Held, now: int) -> Verdict:
    """What the carrier is asked for."""
    try:
        letter = None if row.channel == "voice" else letters.write(row)
    except Moot:
        return Dropped("cancelled", "answered")
    status = f"{runtime.config.public_base_url}/twilio/status?o={row.id}"
    own = _text(letter, row, now) if letter else _call(runtime, row)
    fields = [("To", number_of(runtime, row)), ("From", row.sender), ("StatusCallback", status), *own]
    units, said = (letter.segments, letter.said) if letter else (1, None)
    return Ready(row.id, row.attempt, row.lane, row.channel, row.number_id, fields, units, said)


def _call(runtime: Runtime, row: Held) -> list[tuple[str, str]]:
    """`initiated` settles early whether the carrier has it. A machine hears nothing, unless it may: see web.out."""
    events = [("StatusCallbackEvent", event) for event in ("initiated", "completed")]
    url = runtime.config.out_url(runtime.tongue(row.language, row.sender), row.id)
    may_speak = consents.holds(consents.VOICEMAIL, row.voicemail, runtime.content.asked)
    detection = "DetectMessageEnd" if may_speak else "Enable"  # the former speaks after the tone only
    return [("Url", url), *events, ("Timeout", str(RING)), ("MachineDetection", detection)]


def _text(letter: Letter, row: Held, now: int) -> list[tuple[str, str]]:
    """A phone that is off shall not get the text when it is of no use any more."""
    valid = min(max((row.expires_at - now) // 1000, SHORTEST_VALID), LONGEST_VALID)
    return [("Body", letter.body), ("ValidityPeriod", str(valid))]
