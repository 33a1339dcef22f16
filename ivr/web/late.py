"""A text that cannot be taken up now: answered at once from what was made at start, and kept until it can be."""

import logging
from typing import Any

from ivr.carriers import twilio
from ivr.hearing.keywords import Heard
from ivr.outages import trouble
from ivr.phone import Phone
from ivr.runtime import Runtime
from ivr.texts import Text
from ivr.web.webhooks import NOTHING

log = logging.getLogger(__name__)

STILL = 5_000  # ms for which its own webhook may come again, and is answered then


def sounds_dangerous(runtime: Runtime, text: Text) -> bool:
    """Whether somebody may be in danger: then nobody waits for the database."""
    return text.opt_out == "HELP" or bool(_heard(runtime, text).crisis)


def answer(runtime: Runtime, text: Text) -> bytes:
    """The numbers to call now, or one word about STOP, or that something does not work; no database is asked."""
    heard, is_kept = _heard(runtime, text), _kept(runtime, text)
    language = runtime.content.known(heard.language, text.language)
    ready = runtime.trouble(language, text.sender.country if text.sender else "")
    if heard.crisis or text.opt_out == "HELP":
        return ready.crisis
    if text.opt_out or heard.text in twilio.STOPS:  # the carrier has answered it
        return NOTHING
    if heard.stop and is_kept:
        content = runtime.content
        return trouble.stopped(content.flows[language], content.languages[language], text.service_number)
    return ready.sms


def restored(content: dict[str, Any]) -> Text:
    """A text that was kept."""
    sender = content["sender"]
    return Text(**{**content, "sender": Phone(*sender) if sender else None})


def _heard(runtime: Runtime, text: Text) -> Heard:
    return runtime.content.keywords.listen(text.body, text.language)


def _kept(runtime: Runtime, text: Text) -> bool:
    """False where the disk does not take it: then it is found in the carrier's list."""
    now = runtime.now()
    try:
        runtime.spool.keep(text.sid, text._asdict(), now, now + STILL)
    except OSError:
        log.exception("a text could not be kept; the carrier's list has it still")
        return False
    return True
