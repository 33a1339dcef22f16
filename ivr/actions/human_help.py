"""What a flow can `do` to bring a person: a counselor is rung now, or asked to call; those on duty are alerted."""

from ivr import alerts, bridges, contacts, duty
from ivr.alerts import Concern
from ivr.bridges import Between
from ivr.callbacks import requests
from ivr.callbacks.requests import ASKED, URGENT, Asking, Cause
from ivr.callbacks.wishes import Wish
from ivr.config import OnDuty
from ivr.contacts import Party
from ivr.engine.model import Dial
from ivr.engine.words import normalise
from ivr.phone import parse
from ivr.scene import Scene

RUNG = "#rung"  # among the answers: the phones that were rung for this person, as ids of bridges
LONGEST = 500  # letters of what somebody says in their own words
MOST_RUNG = 3  # a minute of ringing is long


def request_callback(scene: Scene) -> str:
    """Asks for a counselor's call: `new`, `already`, or `withheld` when there is no number to ring."""
    number_id = _number_to_ring(scene)
    return _requested(scene, number_id, ASKED) if number_id else "withheld"


def note_wish(scene: Scene) -> None:
    """What was answered so far of how they want to be rung is kept with the open request."""
    if scene.party.contact_id and (number_id := _number_to_ring(scene)):
        requests.change(scene.tx, scene.vault, Asking(scene.party, number_id, _wish(scene), scene.home), scene.now)


def request_urgent_callback(scene: Scene) -> str:
    """Asks for a counselor's call as soon as can be, and alerts those on duty: as `request_callback`."""
    number_id = _number_to_ring(scene)
    if number_id is None:
        return "withheld"
    outcome = _requested(scene, number_id, URGENT)
    _alert(scene, number_id, URGENT.why)
    return outcome


def decline_callback(scene: Scene) -> None:
    """They would rather not be rung; what they said is looked at all the same."""
    requests.decline(scene.tx, scene.party, scene.now)


def cancel_callback(scene: Scene) -> str:
    """Takes the open request back: `cancelled` or `none`."""
    return requests.cancel(scene.tx, scene.party, scene.now) if scene.party.contact_id else "none"


def alert_those_on_duty(scene: Scene) -> None:
    """Tells those on duty that this person may be in danger, as they have said themselves."""
    if scene.party.number_id:
        _alert(scene, scene.party.number_id, "said that they may be in danger")


def _alert(scene: Scene, number_id: str, why: str) -> None:
    concern = Concern(number_id, scene.party.contact_id, scene.party.service_number, why)
    alerts.sound(scene.tx, scene.vault, scene.config, concern, scene.now)


def acknowledge_alert(scene: Scene) -> str:
    """Somebody on duty says that they have it: `yours`, `taken` by somebody else before, or `unknown`."""
    code, number_id = scene.answers.get("then", ""), scene.party.number_id
    return alerts.acknowledge(scene.tx, code, number_id, scene.now).outcome if number_id else "unknown"


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
    """The next one who has not been rung, does not talk with somebody else, and is not the caller."""
    not_these = {scene.party.number_id, *(each.counselor for each in rung)}
    for phone in duty.on_duty(scene.tx, scene.vault, scene.config, scene.now) if len(rung) < MOST_RUNG else ():
        counselor = duty.party(scene.tx, scene.vault, phone, "voice", scene.party.service_number, scene.now)
        number = counselor.number_id
        if number and number not in not_these and not bridges.is_busy(scene.tx, number, scene.position.id, scene.now):
            return _dialled(scene, phone, counselor, rung)
    return None


def _dialled(scene: Scene, phone: OnDuty, counselor: Party, rung: list[Between]) -> Dial:
    id = bridges.begin(scene.tx, scene.position.id, scene.party, counselor, scene.now)
    scene.answers = {**scene.answers, RUNG: " ".join([*(each.id for each in rung), id])}
    return Dial(phone.number, scene.party.service_number, scene.config.bridge_url(id))


def _requested(scene: Scene, number_id: str, cause: Cause) -> str:
    asking = Asking(scene.party, number_id, _wish(scene), scene.home)
    return requests.request(scene.tx, scene.vault, asking, scene.now, cause)


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
