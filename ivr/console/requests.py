"""One request: its card, what its counselor can do with it, and what is known of the person."""

from collections.abc import Callable

from ivr.callbacks import calls, cards, claims, correspondence, outcomes, timelines
from ivr.callbacks.cards import Card
from ivr.callbacks.outcomes import CLOSED, IN_VAIN
from ivr.callbacks.timelines import CHECKIN, Moment
from ivr.console.answers import Answer, Asked, Desk, Go, Missing, Page, Route
from ivr.memory import threads
from ivr.people import contacts
from ivr.team import audit
from ivr.team.counselors import AT_THE_DESK

LONGEST_NOTE, LONGEST_TEXT = 4000, 480  # letters
MINUTES = (15, 30, 60, 120, 240, 1440)  # for which it can be put off


def show(desk: Desk, asked: Asked) -> Answer:
    """The card and what is known, to whoever has it; to others only that it stands in line."""
    card = _card(desk, asked)
    if card is None:
        return Missing()
    return _shown(desk, card, {"said": asked.query.get("said", ""), "by": asked.query.get("by", "")[:32]})


def reveal(desk: Desk, asked: Asked) -> Answer:
    """The same with the number, which is written down."""
    card = _card(desk, asked)
    if card is None or not card.is_of(desk.who, desk.now):
        return Missing()
    audit.note(desk.tx, card.id, desk.who.id, "number shown", "", desk.now)
    return _shown(desk, card, {"number": _number(desk, card)})


def note(desk: Desk, asked: Asked) -> Answer:
    """Keeps what they wrote."""
    card, words = _card(desk, asked), asked.said("note", LONGEST_NOTE)
    if card is None or not card.is_of(desk.who, desk.now):
        return Missing()
    if not words:
        return Go(_page(card))
    outcomes.write(desk.tx, desk.house.vault, desk.who, card.id, words, desk.now)
    if card.counselor_id == desk.who.id:
        claims.extend(desk.tx, desk.who, card.id, desk.now)
    typed = asked.said("text", LONGEST_TEXT)
    return _shown(desk, card, {"said": "noted", "typed": typed}) if typed else Go(_page(card), "noted")


def text(desk: Desk, asked: Asked) -> Answer:
    """Writes to them. What could not go is shown again, to be worded anew."""
    card, words = _card(desk, asked), asked.said("text", LONGEST_TEXT)
    if card is None:
        return Missing()
    _also_noted(desk, card, asked)
    if not words:
        return Go(_page(card))
    vault, sensitive = desk.house.vault, desk.house.content.sensitive
    came = correspondence.write(desk.tx, vault, sensitive, desk.who, card, words, desk.now)
    if came.outcome == correspondence.SENT:
        return Go(_page(card), came.outcome)
    if came.outcome == correspondence.NOT_YOURS:
        return _lost(desk, card, "\n".join(filter(None, (asked.said("note", LONGEST_NOTE), words))))
    return _shown(desk, card, {"said": came.outcome, "telling": came.words, "typed": words})


def call(desk: Desk, asked: Asked) -> Answer:
    """Rings the counselor's own phone, and from there the person; why not, where it does not."""
    house, reason = desk.house, asked.said("reason")

    def ring(card: Card) -> Go | None:
        came = calls.ring(desk.tx, house.vault, house.config, desk.who, card.id, desk.now, reason)
        return Go(_page(card), came) if came != calls.NOT_YOURS else None

    return _acted(desk, asked, ring)


def tried(desk: Desk, asked: Asked) -> Answer:
    """Nobody was reached: back in line, for later."""
    outcome, vault, home = asked.said("outcome"), desk.house.vault, desk.house.content.hours.zone
    if outcome not in IN_VAIN:
        return Missing()

    def note_it(card: Card) -> bool:
        return outcomes.tried(desk.tx, vault, desk.who, card.id, outcome, home, desk.now) is not None

    return _done(desk, asked, "tried", note_it)


def put_off(desk: Desk, asked: Asked) -> Answer:
    """Back in line, not to be rung before so many minutes."""
    minutes = asked.said("minutes")
    if minutes not in map(str, MINUTES):
        return Missing()
    return _done(
        desk, asked, "later", lambda card: outcomes.put_off(desk.tx, desk.who, card.id, int(minutes), desk.now)
    )


def give_back(desk: Desk, asked: Asked) -> Answer:
    """Others may take it."""
    return _done(desk, asked, "back", lambda card: claims.give_back(desk.tx, desk.who, card.id, desk.now))


def close(desk: Desk, asked: Asked) -> Answer:
    """It is over; the note comes with it."""
    state = asked.said("state")
    if state not in CLOSED:
        return Missing()
    return _done(desk, asked, "closed", lambda card: outcomes.close(desk.tx, desk.who, card.id, state, desk.now))


def _done(desk: Desk, asked: Asked, said: str, act: Callable[[Card], bool]) -> Answer:
    """Back to the line, when it could be done."""
    return _acted(desk, asked, lambda card: Go("", said) if act(card) else None)


def _acted(desk: Desk, asked: Asked, act: Callable[[Card], Go | None]) -> Answer:
    """Does something with their request, the note first; `act` says None when it is theirs no more."""
    card = _card(desk, asked)
    if card is None:
        return Missing()
    _also_noted(desk, card, asked)
    done = act(card)
    if done and (typed := asked.said("text", LONGEST_TEXT)):
        return Page("kept.html", {"to": "", "fields": {"note": typed}, "why": "unsent"})
    return done or _lost(desk, card, asked.said("note", LONGEST_NOTE))


def _also_noted(desk: Desk, card: Card, asked: Asked) -> None:
    """What stands in the note's field goes along with whatever button was pressed: no typed word is lost."""
    words = asked.said("note", LONGEST_NOTE)
    if words and card.is_of(desk.who, desk.now):
        outcomes.write(desk.tx, desk.house.vault, desk.who, card.id, words, desk.now)


def _card(desk: Desk, asked: Asked) -> Card | None:
    return cards.find(desk.tx, desk.house.vault, asked.path["name"])


def _page(card: Card) -> str:
    return f"/requests/{card.id if card.closed_at else card.ref}"


def _lost(desk: Desk, card: Card, words: str) -> Answer:
    """Somebody else has it now, since its time was over. What was typed is shown again, to be kept elsewhere."""
    if words and not card.is_of(desk.who, desk.now):
        return Page("kept.html", {"to": "", "fields": {"note": words}, "why": "lost"}, 409)
    return Go(_page(card), "lost", card.login or "")


def _shown(desk: Desk, card: Card, more: dict[str, object]) -> Page:
    plain = {"card": card, "is_mine": card.counselor_id == desk.who.id and card.closed_at is None}
    if not card.is_of(desk.who, desk.now):
        return Page("request.html", plain | more | {"is_open": False})
    if card.counselor_id != desk.who.id:  # whoever runs the desk reads it: that is written down
        audit.note(desk.tx, card.id, desk.who.id, "read", "", desk.now)
    if card.counselor_id == desk.who.id:
        correspondence.read(desk.tx, card.id)
    is_at_hand = threads.is_at_hand(desk.tx, card.contact_id, desk.now)
    moments = timelines.of(desk.tx, desk.house.vault, card.contact_id, card.id)
    shown = {
        "is_open": True,
        "is_safe": card.is_safe(desk.now),
        "is_early": card.from_at > desk.now,
        "masked": _masked(_number(desk, card)),
        "moments": [each for each in moments if each.kind != CHECKIN],
        "points": _points(moments),
        "in_vain": IN_VAIN,
        "minutes": MINUTES,
        "last": calls.last(desk.tx, card.id),
        "has_phone": bool(desk.who.phone),
        "takes_texts": correspondence.takes_texts(desk.tx, card, is_at_hand=is_at_hand),
        "is_at_hand": is_at_hand,
        "has_failed": correspondence.has_failed(desk.tx, card),
    }
    return Page("request.html", plain | shown | more)


def _number(desk: Desk, card: Card) -> str:
    return contacts.phone_number(desk.tx, desk.house.vault, card.number_id)


def _masked(number: str) -> str:
    """Its beginning and its end: enough to know it again, too little to ring it."""
    return f"{number[:4]}…{number[-2:]}"


def _points(moments: list[Moment]) -> list[tuple[int, int]]:
    """Of each check-in its moment and its sum, the oldest first; what was skipped counts nothing."""
    checkins = [each for each in reversed(moments) if each.kind == CHECKIN]
    return [(each.at, sum(int(word) for word in each.words.split() if word.isdecimal())) for each in checkins]


ROUTES = (
    Route("GET", "/requests/<name>", show, AT_THE_DESK),
    Route("POST", "/requests/<name>/number", reveal, AT_THE_DESK),
    Route("POST", "/requests/<name>/note", note, AT_THE_DESK),
    Route("POST", "/requests/<name>/text", text, AT_THE_DESK),
    Route("POST", "/requests/<name>/call", call, AT_THE_DESK),
    Route("POST", "/requests/<name>/tried", tried, AT_THE_DESK),
    Route("POST", "/requests/<name>/later", put_off, AT_THE_DESK),
    Route("POST", "/requests/<name>/back", give_back, AT_THE_DESK),
    Route("POST", "/requests/<name>/close", close, AT_THE_DESK),
)
