"""What a flow can `do` to bring a person: a counselor is rung now, or asked to call; those on duty are alerted."""

from ivr.callbacks import concerns, requests
from ivr.callbacks.requests import URGENT, Asking, Request
from ivr.callbacks.wishes import Wish
from ivr.config import OnDuty
from ivr.engine.model import Dial
from ivr.engine.words import normalise
from ivr.outbox import bridges
from ivr.outbox.bridges import Between
from ivr.people import contacts, resting
from ivr.people.contacts import Party
from ivr.phone import parse
from ivr.scene import Scene
from ivr.team import counselors, duty

RUNG = "#rung"  # among the answers: the phones that were rung for this person, as ids of bridges
LONGEST = 500  # letters of what somebody says in their own words
MOST_RUNG = 3  # a minute of ringing is long


def request_callback(scene: Scene) -> str:
    """Asks for a counselor's call: `new`, `already`, or `withheld` when there is no number to ring."""
    number_id = _number_to_ring(scene)
    if number_id is None:
        return "withheld"
    of = _asking(scene, _asked_for(scene, number_id))
    return _whether_new(requests.request(scene.tx, scene.vault, of, scene.now))


def note_wish(scene: Scene) -> None:
    """What was answered so far of how they want to be rung is kept with the open request."""
    if scene.party.contact_id and (number_id := _number_to_ring(scene)):
        requests.change(scene.tx, scene.vault, _asking(scene, number_id), scene.now)


def request_urgent_callback(scene: Scene) -> str:
    """Asks for a counselor's call as soon as can be, and alerts those on duty: as `request_callback`."""
    number_id = _number_to_ring(scene)
    if number_id is None:
        return "withheld"
    of = _asking(scene, _asked_for(scene, number_id))
    return _whether_new(concerns.concern(scene.tx, scene.vault, scene.config, of, URGENT, scene.now))


def decline_callback(scene: Scene) -> None:
    """They would rather not be rung; what they said is looked at all the same."""
    requests.decline(scene.tx, scene.party, scene.now)


def cancel_callback(scene: Scene) -> str:
    """Takes the open request back: `cancelled` or `none`."""
    return requests.cancel(scene.tx, scene.party, scene.now) if scene.party.contact_id else "none"


def alert_those_on_duty(scene: Scene) -> None:
    """Somebody is to look after this person, who may be in danger, as they have said themselves."""
    if scene.party.number_id:
        of = Asking(scene.party, scene.party.number_id, Wish(), scene.home)
        concerns.concern(scene.tx, scene.vault, scene.config, of, concerns.SAID_SO, scene.now)


def acknowledge_alert(scene: Scene) -> str:
    """Somebody on duty says that they have it: `yours`, `taken` by somebody else before, or `unknown`."""
    code, number_id = scene.answers.get("then", ""), scene.party.number_id
    if number_id is None:
        return "unknown"
    who = counselors.at_phone(scene.tx, scene.vault, contacts.phone_number(scene.tx, scene.vault, number_id))
    return concerns.answer(scene.tx, who, number_id, code, scene.now).outcome


def find_somebody_to_ring(scene: Scene) -> str:
    """Whether a phone can be rung for this call: `found` or `nobody`. Nothing is promised before it is known."""
    return "found" if _free(scene, []) else "nobody"


def ring_somebody(scene: Scene) -> Dial | str:
    """Rings those on duty, one after the other, and is asked again when a phone was taken or not: `answered`, `nobody`.

    By text nobody can be put through.
    """
    rung = bridges.rung(scene.tx, scene.answers.get(RUNG, ""), scene.position.id)
    answered = bool(rung) and rung[-1].taken_at is not None
    if scene.party.channel == "voice" and not answered and (phone := _next_on_duty(scene, rung)):
        return phone
    scene.answers = {name: value for name, value in scene.answers.items() if name != RUNG}
    return "answered" if answered else "nobody"


def _next_on_duty(scene: Scene, rung: list[Between]) -> Dial | None:
    found = _free(scene, rung) if len(rung) < MOST_RUNG else None
    return _dialled(scene, *found, rung) if found else None


def _free(scene: Scene, rung: list[Between]) -> tuple[OnDuty, Party] | None:
    """The next one who has not been rung, does not talk with somebody else, and is not the caller."""
    not_these = {scene.party.number_id, *(each.counselor for each in rung)}
    for phone in duty.on_duty(scene.tx, scene.vault, scene.config, scene.now):
        counselor = duty.party(scene.tx, scene.vault, phone, "voice", scene.party.service_number, scene.now)
        number = counselor.number_id
        if number and number not in not_these and not bridges.is_busy(scene.tx, number, scene.position.id, scene.now):
            return phone, counselor
    return None


def _dialled(scene: Scene, phone: OnDuty, counselor: Party, rung: list[Between]) -> Dial:
    id = bridges.begin(scene.tx, scene.position.id, scene.party, counselor, scene.now)
    scene.answers = {**scene.answers, RUNG: " ".join([*(each.id for each in rung), id])}
    return Dial(phone.number, scene.party.service_number, scene.config.bridge_url(id))


def _asking(scene: Scene, number_id: str) -> Asking:
    return Asking(scene.party, number_id, _wish(scene), scene.home)


def _whether_new(request: Request) -> str:
    return "new" if request.is_new else "already"


def _wish(scene: Scene) -> Wish:
    """As it was answered in this conversation. `no` to an open question is no name, and no topic."""
    said = {name: scene.answers.get(name, "")[:LONGEST] for name in Wish._fields}
    nothing = {normalise(word) for word in scene.content.languages[scene.party.language].words["no"]} | {"2", ""}
    for name in ("name", "topic"):
        said[name] = "" if normalise(said[name]) in nothing else said[name]
    return Wish(**said)


def _number_to_ring(scene: Scene) -> str | None:
    typed = parse(scene.answers.get("number", ""), scene.config.country)
    if typed:
        return contacts.number(scene.tx, scene.vault, typed, scene.now)
    return scene.party.number_id


def _asked_for(scene: Scene, number_id: str) -> str:
    """The number; when they ask from this very one, calls to it are wanted again after a STOP."""
    if number_id == scene.party.number_id:
        resting.calls_wanted(scene.tx, number_id, scene.now)
    return number_id
