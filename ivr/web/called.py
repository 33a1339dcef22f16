"""The phone of somebody who asked for a call is picked up: a key, the PIN where they have one, then they are through.

What each request is answered follows from the call's row and the address alone, so that the same one twice hears the
same. Until the key, and the PIN, nothing says whose call it is or what for; a machine, or another ear, learns nothing.
"""

import logging
from collections.abc import Mapping
from typing import NamedTuple

from ivr import phone
from ivr.callbacks import calls, talks
from ivr.callbacks.calls import Made, Wanted
from ivr.carriers.twilio import Form
from ivr.channels.voice import Urls
from ivr.db import Transaction
from ivr.engine.model import Ask, Choice, End, Menu, Output, Wait
from ivr.engine.run import phrase
from ivr.memory import pins
from ivr.privacy import forgotten
from ivr.runtime import Runtime
from ivr.transactions import in_transaction
from ivr.web import out
from ivr.web.bridge import TAKE, THROUGH
from ivr.web.out import AFTER_TONE, HANG_UP, MACHINES
from ivr.web.webhooks import Webhook, verified

log = logging.getLogger(__name__)

NOT_ME = "2"
WAIT, PIN_WAIT = Wait(voice=8, sms=0), Wait(voice=12, sms=0)  # seconds
PIN = Ask("digits", PIN_WAIT)
FIXED = frozenset("0789#")
DANGER = ("in_danger", "in_danger_again")  # the emergency number, twice: it tells nobody whose line this is
_KEY_STEPS, _PIN_STEPS = ("key", "again"), ("pin1", "pin2")
TRIES = 2  # PINs in one call; those of all calls together are counted by `pins`


class Picked(NamedTuple):
    """One request of a person's leg: the step that the address names, and what the carrier tells."""

    runtime: Runtime
    tx: Transaction
    call: Made
    wanted: Wanted | None
    language: str
    form: Form
    now: int

    def says(self, *names: str, then: Output | None = None, at: str = "") -> bytes:
        """These phrases, then a question whose answer goes to the step `at` and whose silence to `at` and `-none`."""
        values = _numbers(self.runtime, self.form)
        return _rendered(self.runtime, self.language, self.call.id, (*names,), then or End(), at, values)

    @property
    def key(self) -> str:
        """The fixed key that was pressed; '' for any other entry."""
        digits = self.form.get("Digits").lstrip("*")  # `*` steps out of an entry
        return digits if digits in FIXED else ""

    @property
    def is_over(self) -> bool:
        """Nobody can be put through any more."""
        return self.call.ended_at is not None or self.wanted is None


def answer(runtime: Runtime, webhook: Webhook, language: str, call: str) -> bytes:
    """The TwiML for this webhook. Raises Forged, and nothing else: whatever breaks, nothing personal is said."""
    form, spoken = verified(runtime, webhook), runtime.content.known(language)
    try:
        return in_transaction(runtime, lambda tx: _answered(runtime, tx, call[:32], spoken, webhook.query, form))
    except Exception:  # the one place for the phones of those who asked for a call
        log.exception("a call that somebody asked for could not be put through")
        return _trouble(runtime, spoken, form)


def _trouble(runtime: Runtime, language: str, form: Form) -> bytes:
    """Whoever has pressed a key is told where help is, in words that tell nobody more; before it anybody may listen."""
    if form.get("Digits") in ("", NOT_ME):
        return out.trouble(runtime, language, form.get("AnsweredBy"))
    return _rendered(runtime, language, "", ("expected_call_fails_now", *DANGER), End(), "", _numbers(runtime, form))


def _numbers(runtime: Runtime, form: Form) -> Mapping[str, str]:
    """What to dial where they are."""
    return runtime.hotlines("", phone.country_of(form.get("To"), runtime.config.country)).values


def _answered(runtime: Runtime, tx: Transaction, id: str, language: str, step: str, form: Form) -> bytes:
    call = calls.find(tx, id)
    if call is None:
        return HANG_UP
    wanted = calls.find_wanted(tx, call.counselor_id, call.callback_id)
    picked = Picked(runtime, tx, call, wanted, language, form, runtime.now())
    if step in (*_KEY_STEPS, *_PIN_STEPS) and picked.key:
        return _fixed(picked, step)
    return _STEPS.get(step, _nothing)(picked)


def _fixed(it: Picked, step: str) -> bytes:
    """A fixed key is no answer, and no PIN: 0 says where help is, 8 leaves, the others say the question again."""
    if it.key == "8":
        return _nothing(it)
    danger = DANGER if it.key == "0" else ()
    if step in _PIN_STEPS:
        return it.says(*danger, "expected_pin", then=PIN, at=step)
    return it.says(*danger, "expected_call_again", then=_choice(it), at=step)


def _picked_up(it: Picked) -> bytes:
    if it.form.get("AnsweredBy").startswith(MACHINES):
        return _machine(it)
    if it.is_over and not it.call.heard_at:
        return HANG_UP
    talks.heard(it.tx, it.call, it.now)
    return it.says("expected_call", then=_choice(it), at="key")


def _machine(it: Picked) -> bytes:
    """After its tone a few neutral words, where they said that it may be."""
    talks.told(it.tx, it.call, talks.MACHINE)
    has_tone = it.form.get("AnsweredBy").startswith(AFTER_TONE)
    if has_tone and it.wanted and it.wanted.wish(it.runtime.vault, it.call.callback_id).voicemail == "yes":
        return it.says("voicemail")
    return HANG_UP


def _silence(it: Picked) -> bytes:
    """Once more, for whoever has just woken."""
    return it.says("expected_call_again", then=_choice(it), at="again")


def _nothing(it: Picked) -> bytes:
    talks.told(it.tx, it.call, talks.NOBODY)
    return it.says("expected_call_ends")


def _key(it: Picked) -> bytes:
    key = it.form.get("Digits")
    if key == NOT_ME:
        talks.told(it.tx, it.call, talks.NOT_THEM)
        return it.says("expected_call_ends")
    return _taken(it) if key == TAKE else _silence(it)


def _second_key(it: Picked) -> bytes:
    return _key(it) if it.form.get("Digits") in (TAKE, NOT_ME) else _nothing(it)


def _taken(it: Picked) -> bytes:
    contact = it.wanted.contact_id if it.wanted else None
    if pins.has_pin(it.tx, contact):
        return it.says("expected_pin", then=PIN, at="pin1")
    return _through(it)


def _pin(it: Picked, number: int) -> bytes:
    """The first or second PIN. One that was looked at before gets the answer that it got."""
    if talks.tries(it.tx, it.call, number):
        opens = _opens(it) and it.wanted is not None and talks.take(it.tx, it.call, it.now)
    else:
        now = calls.find(it.tx, it.call.id) or it.call
        opens = now.taken_at is not None and now.pins == number
    return THROUGH if opens else _wrong(it, number)


def _opens(it: Picked) -> bool:
    """Whether this is the PIN of whoever asked for the call, and no other's."""
    if it.wanted is None or it.wanted.contact_id is None or it.is_over:
        return False
    found = pins.opens(it.tx, it.runtime.vault, it.wanted.number_id, it.form.get("Digits")[:12], it.now)
    if found:
        forgotten.keep(it.tx, found)
    return found == it.wanted.contact_id


def _wrong(it: Picked, number: int) -> bytes:
    if number < TRIES:
        return it.says("expected_pin_again", then=PIN, at=f"pin{number + 1}")
    talks.told(it.tx, it.call, talks.WRONG_PIN)
    return it.says("expected_call_ends")


def _through(it: Picked) -> bytes:
    if it.call.taken_at or (it.wanted and talks.take(it.tx, it.call, it.now)):
        return THROUGH
    return it.says("expected_call_ends")


_STEPS = {
    "": _picked_up,
    "key": _key,
    "key-none": _silence,
    "again": _second_key,
    "again-none": _nothing,
    "pin1": lambda it: _pin(it, 1),
    "pin2": lambda it: _pin(it, 2),
    "pin1-none": _nothing,
    "pin2-none": _nothing,
}


def _choice(it: Picked) -> Menu:
    flows = it.runtime.content.flows[it.language]
    labels = ((TAKE, "take_expected_call"), (NOT_ME, "not_for_me"))
    return Menu(tuple(Choice(key, phrase(flows, name).voice) for key, name in labels), WAIT)


def _rendered(
    runtime: Runtime,
    language: str,
    call: str,
    names: tuple[str, ...],
    last: Output,
    at: str,
    values: Mapping[str, str],
) -> bytes:
    flows, address = runtime.content.flows[language], runtime.config.call_url(language, call)
    urls = Urls(f"{address}?{at}", f"{address}?{at}-none", f"{address}?{at}", f"{address}?{at}")
    return runtime.content.voices[language].render((*(phrase(flows, name) for name in names), last), urls, values)
