"""What a text means where it arrives: danger and STOP first, then words that hold anywhere, then the question."""

import re
from dataclasses import replace
from typing import NamedTuple

from ivr import conversations, missed_calls, passing_on
from ivr.callbacks import concerns
from ivr.callbacks.requests import Asking
from ivr.callbacks.wishes import Wish
from ivr.carriers import twilio
from ivr.engine.model import Ask, Menu, Output, Reply, Say
from ivr.engine.run import leave, phrase
from ivr.engine.words import as_key
from ivr.hearing.keywords import Heard
from ivr.hearing.refusals import EVERYTHING
from ivr.memory import messages, positions, threads
from ivr.people import contacts, resting
from ivr.people.contacts import Party
from ivr.phone import Phone, parse
from ivr.scene import Scene

JUST_BEFORE = 180_000  # ms in which two texts are one that was sent too early
LONG_AGO = 86_400_000  # ms: what is older is no answer to anything any more
BEFORE_REST = 2  # words between the first one and what it takes: "tomorrow at 7", "mañana a las 7"
CRISIS, DIRECT, NO_MORE = "crisis", "safety", "no_more"
PUT_OFF = ("later", "tomorrow")  # of reminders; where danger is asked about such a word is an answer to that
ANSWERED = {"tomorrow": "time", "pin": "enter"}  # the question of the flow that takes it
_NUMBERS = re.compile(r"\+?\d[\d ()-]{6,18}\d")


class Text(NamedTuple):
    """A text that came in, sent at that moment (ms). `opt_out` is what the carrier says that it has answered itself:
    STOP, START, HELP or ''.
    """

    sid: str
    sender: Phone | None
    service_number: str
    language: str
    body: str
    opt_out: str
    has_pictures: bool
    at: int


def answer(scene: Scene, text: Text) -> tuple[Output, ...] | None:
    """What this text is answered. STOP and danger both count: one stops, the other one is answered. Only what a
    counselor writes of somebody else is taken for neither.

    None when it comes so late that nothing else in it counts any more, and the thread stays where it is.
    """
    heard = _listen(scene, text)
    if dictated := passing_on.dictated(scene, text.sender, text.body, heard):
        return dictated
    stops, unasked = heed(scene, text, heard)
    if heard.crisis or text.opt_out == "HELP":
        return _helped(scene, heard)
    if _is_overtaken(scene, text):
        return None
    if stops:
        return _stopped(scene, text, heard)
    return _told_so(scene, heard) if unasked else _conversed(scene, text, heard)


def _listen(scene: Scene, text: Text) -> Heard:
    """What the text says, by itself or together with what the same person has just written."""
    keywords, language = scene.content.keywords, scene.party.language
    heard = keywords.listen(text.body, language)
    if heard.crisis or heard.is_fixed or conversations.fits(scene, heard.text):
        return heard
    before = messages.written_since(scene.tx, scene.vault, scene.party.contact_id, text.at - JUST_BEFORE)
    return keywords.listen_on(before, heard, text.body, language)


def heed(scene: Scene, text: Text, heard: Heard) -> tuple[bool, frozenset[str]]:
    """Does what a text says of texts and calls to come. Whether it is a STOP, and what was stopped by free words."""
    stops = is_stop(text, heard)
    if stops:
        contacts.stop(scene.tx, scene.party.number_id, "sms", "carrier" if text.opt_out else "person", text.at)
    elif heard.start or (text.opt_out == "START" and not conversations.fits(scene, heard.text)):  # YES may be an answer
        contacts.come_back(scene.tx, scene.party.number_id, scene.now)
        resting.wake(scene.tx, scene.party.number_id, text.at)
        for channel in EVERYTHING:
            contacts.start_again(scene.tx, scene.party.number_id, channel, text.at)
    unasked = frozenset[str]() if heard.crisis or text.sender is None else heard.wants_no
    for channel in unasked:  # one too many costs a START; one too few is against the law
        contacts.stop(scene.tx, scene.party.number_id, channel, "person", text.at)
    return stops, unasked


def is_stop(text: Text, heard: Heard) -> bool:
    """Whether it is a STOP of texts, to us or to the carrier."""
    return heard.stop or heard.text in twilio.STOPS or text.opt_out == "STOP"


def waits(outputs: tuple[Output, ...]) -> int | None:
    """Seconds until silence counts as an answer to the question that ends these outputs; None without a question."""
    last = outputs[-1] if outputs else None
    return last.wait.sms if isinstance(last, Menu | Ask) else None


def _asked_for(heard: Heard) -> dict[str, str]:
    """How danger was said. Whoever says it together with a wish for no more texts is asked about that afterwards."""
    wants_no = heard.wants_no or heard.perhaps_no
    return {"manner": heard.crisis} | ({"wish": "no_texts"} if wants_no and not heard.stop else {})


def _told_so(scene: Scene, heard: Heard) -> tuple[Output, ...]:
    """One neutral word about what was wished in free words, behind the numbers where it may be said in danger."""
    _speak_as_heard(scene, heard)
    scene.position.state = None
    told = phrase(scene.flows, "stopped" if "sms" in heard.wants_no else "stopped_calls")
    return (_numbers(scene), told) if heard.perhaps else (told,)


def _is_overtaken(scene: Scene, text: Text) -> bool:
    """Whether it was heard of so late that its sender has said something else since, or expects nothing any more."""
    since, contact = text.at, scene.party.contact_id
    if since == scene.now or contact is None:
        return False
    return since < scene.now - LONG_AGO or threads.has_spoken(scene.tx, contact, since)


def _helped(scene: Scene, heard: Heard) -> tuple[Output, ...]:
    """The numbers to call; and somebody is to look after whoever writes of danger, in the language that they wrote."""
    _speak_as_heard(scene, heard)
    if heard.crisis and scene.party.number_id:
        of = Asking(scene.party, scene.party.number_id, Wish(), scene.home)
        concerns.concern(scene.tx, scene.vault, scene.config, of, concerns.WROTE, scene.now)
    return conversations.open_flow(scene, CRISIS, _asked_for(heard))


def _stopped(scene: Scene, text: Text, heard: Heard) -> tuple[Output, ...]:
    """One neutral confirmation, unless the carrier sends its own, or it comes late: it was given when it was kept."""
    _speak_as_heard(scene, heard)
    scene.position.state = None
    if text.opt_out or heard.text in twilio.STOPS or text.at < scene.now:
        return ()
    return (phrase(scene.flows, "stopped"),)


def _conversed(scene: Scene, text: Text, heard: Heard) -> tuple[Output, ...]:
    if answered := passing_on.of_those_who_help(scene, text.sender, text.body, heard):
        return answered
    if scene.content.keywords.is_plea(text.body) and (party := _pleading(scene, text)):
        missed_calls.open_door(replace(scene, position=positions.fresh(party)), text.sid)
        return ()
    if scene.party.number_id is None:
        return (phrase(scene.flows, "no_texts_to_withheld"),)
    _speak_as_heard(scene, heard)
    if text.has_pictures and not text.body.strip():
        return (phrase(scene.flows, "photo_received"), *conversations.put_again(scene))
    key = heard.key or (as_key(text.body) if scene.position.state is None else "")
    if held := _held_anywhere(scene, heard, key):
        return held
    if heard.perhaps:
        return _asked_whether(scene, text.body)
    if heard.perhaps_no and not (_is_asked_of_danger(scene) or conversations.understands(scene, text.body.strip())):
        return _asked_whether_to_stop(scene, text.body)
    return _gone_on(scene, text.body)


def _gone_on(scene: Scene, text: str) -> tuple[Output, ...]:
    """What was being talked about takes the text, whoever may have asked."""
    return passing_on.to_the_counselor(scene, text) or conversations.take_turn(scene, Reply(text))


def _asked_whether(scene: Scene, text: str) -> tuple[Output, ...]:
    """The numbers in any case, and one direct question, unless this very text is awaited; only a yes to it alerts."""
    waits = _is_asked_of_danger(scene) or conversations.understands(scene, text.strip())
    if answered := _gone_on(scene, text) if waits else passing_on.to_the_counselor(scene, text):
        return (_numbers(scene), *answered)
    return conversations.open_flow(scene, CRISIS, {"manner": "perhaps"})


def _asked_whether_to_stop(scene: Scene, text: str) -> tuple[Output, ...]:
    """What may be a wish for nothing more is asked about; said twice, it is one."""
    if conversations.is_about(scene, NO_MORE):
        return conversations.take_turn(scene, Reply("1"))
    return passing_on.to_the_counselor(scene, text) or conversations.open_flow(scene, NO_MORE)


def _numbers(scene: Scene) -> Say:
    return phrase(scene.flows, "numbers_now")._replace(alone=True)


def _pleading(scene: Scene, text: Text) -> Party | None:
    """Who asks to be called by way of their carrier's own service, whose texts come from a name or a short code.

    From a phone the number in a text is not believed: it could be anybody's.
    """
    if text.sender is not None:
        return None
    phones = (parse(written, scene.config.country) for written in _NUMBERS.findall(text.body))
    found = next((phone for phone in phones if phone), None)
    if found is None:
        return None
    party = Party("voice", text.service_number, text.language)
    contacts.recognise(scene.tx, scene.vault, found, party, scene.now)
    contacts.heard_from(scene.tx, party.number_id, text.at)
    return party


def _speak_as_heard(scene: Scene, heard: Heard) -> None:
    """A word is answered in its own language, but in the midst of a conversation whose language was chosen.

    A PIN is no sign of a language: whoever uses the phone without one has still said nothing.
    """
    if (
        heard.language
        and heard.flow != "pin"
        and (scene.position.state is None or not contacts.has_chosen_language(scene.tx, scene.party))
    ):
        contacts.speak(scene.tx, scene.party, heard.language)


def _held_anywhere(scene: Scene, heard: Heard, key: str) -> tuple[Output, ...]:
    """What the fixed words and the flows' own words lead to; nothing where the question that waits takes them."""
    if key and scene.position.state:
        return conversations.press(scene, key)
    if key == "8":
        return conversations.finish_turn(scene, leave(scene.flows))
    if key == "0":
        return conversations.open_flow(scene, "person")
    if heard.flow in PUT_OFF and _is_asked_of_danger(scene):
        return ()
    if heard.rest:
        return _with_rest(scene, heard)
    if heard.flow and not conversations.understands(scene, heard.text):
        unsaid = conversations.is_about(scene, DIRECT) and heard.flow != CRISIS  # which says them itself
        return (*((_numbers(scene),) if unsaid else ()), *conversations.open_flow(scene, heard.flow))
    return ()


def _is_asked_of_danger(scene: Scene) -> bool:
    """Then "not now", or what may be a wish for no more texts, may be an evasive yes."""
    return any(conversations.is_about(scene, flow) for flow in (CRISIS, DIRECT))


def _with_rest(scene: Scene, heard: Heard) -> tuple[Output, ...]:
    """As "tomorrow at 7", "pin 2580": nothing where no answer stands behind the word, as in "tomorrow I am busy"."""
    words, node = heard.rest.split(), ANSWERED[heard.flow]
    texts = (" ".join(words[behind:]) for behind in range(min(len(words), BEFORE_REST + 1)))
    rest = next((text for text in texts if conversations.takes(scene, heard.flow, node, text)), "")
    if not rest:
        return ()
    conversations.open_flow(scene, heard.flow)
    return conversations.take_turn(scene, Reply(rest))
