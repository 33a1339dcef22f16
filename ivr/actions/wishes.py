"""What a flow can `do` with a person's own wishes: their language, what they agree to, and whether we may write."""

from ivr.outbox import rows
from ivr.outbox.rows import Sending
from ivr.people import consents, contacts, resting
from ivr.scene import Scene

WRITTEN = 900_000  # ms: who asked for a text on a call looks for it now


def choose_language(scene: Scene) -> str:
    """From this very turn on, speaks the language whose code was answered."""
    chosen = scene.answers.get("language", "")
    if chosen in scene.content.languages:
        contacts.speak(scene.tx, scene.party, chosen)
    return scene.party.language


def record_consent(scene: Scene) -> None:
    """Notes whether answers may be kept, with the hash of the words that asked."""
    _record(scene, consents.KEEP, "consent")


def record_watch(scene: Scene) -> None:
    """Notes whether somebody may look after this person when a check-in is not answered."""
    _record(scene, consents.WATCH, "watch")


def record_voicemail(scene: Scene) -> None:
    """Notes whether a machine that picks up may be left a few neutral words."""
    _record(scene, consents.VOICEMAIL, "voicemail")


def record_counted(scene: Scene) -> None:
    """Notes whether this person may be counted in figures that leave the house."""
    _record(scene, consents.STATISTICS, "counted")


def stop_texts(scene: Scene) -> None:
    """Nothing goes out by text to this number any more that it did not ask for."""
    contacts.stop(scene.tx, scene.party.number_id, "sms", "person", scene.now)


def stop_everything(scene: Scene) -> None:
    """Nothing goes out to this number any more that it did not ask for, neither by text nor by call."""
    for channel in ("sms", "voice"):
        contacts.stop(scene.tx, scene.party.number_id, channel, "person", scene.now)


def rest_unasked(scene: Scene) -> None:
    """What the line starts by itself rests, until they answer."""
    resting.rest(scene.tx, scene.party.number_id, scene.now)


def wake_unasked(scene: Scene) -> None:
    """It goes on as before."""
    resting.wake(scene.tx, scene.party.number_id, scene.now)


def start_texts(scene: Scene) -> None:
    """Texts may go out again."""
    contacts.come_back(scene.tx, scene.party.number_id, scene.now)
    contacts.start_again(scene.tx, scene.party.number_id, "sms", scene.now)
    resting.wake(scene.tx, scene.party.number_id, scene.now)


def send_a_text(scene: Scene) -> str:
    """A text comes, which can be answered in writing: `sent`, or `cannot` where none may."""
    party = scene.party
    contacts.come_back(scene.tx, party.number_id, scene.now)
    if party.number_id is None or contacts.has_stopped(scene.tx, party.number_id, "sms"):
        return "cannot"
    whom = (party.service_number, party.number_id, party.contact_id)
    wish = Sending(f"written|{scene.once}", "confirmation", "sms", *whom, "written", scene.now, scene.now + WRITTEN)
    rows.add(scene.tx, wish, scene.now)
    return "sent"


def _record(scene: Scene, purpose: str, asked: str) -> None:
    """What was answered to that question, if it was."""
    if answer := scene.answers.get(asked):
        consents.agree(scene.tx, scene.party, purpose, answer == "yes", scene.heard, scene.now)
