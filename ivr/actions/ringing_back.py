"""What a flow can `do` to ring somebody who cannot pay: now, or in the morning."""

from ivr import missed_calls
from ivr.outreach import ring_backs
from ivr.people import contacts, resting
from ivr.scene import Scene


def ring_back_now(scene: Scene) -> str:
    """The line rings this person: `rings`, `already` when it has just done so, `capped`, or `cannot`."""
    _asked_for(scene)
    return ring_backs.request(scene.tx, scene.party, scene.bounds, scene.once, scene.now)


def ring_back_in_the_morning(scene: Scene) -> str:
    """The same when their hours open again."""
    _asked_for(scene)
    return missed_calls.in_the_morning(scene, scene.once) if scene.party.contact_id else "cannot"


def _asked_for(scene: Scene) -> None:
    """Who asks for a call wants calls again, whatever was stopped before."""
    contacts.come_back(scene.tx, scene.party.number_id, scene.now)
    resting.calls_wanted(scene.tx, scene.party.number_id, scene.now)
