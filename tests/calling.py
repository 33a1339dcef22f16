"""What tests of a counselor's calls share: somebody who asks, a counselor who has the request, and both legs."""

from desk import a_counselor, somebody_asks
from people import Line

from ivr.callbacks import calls, claims
from ivr.memory import pins
from ivr.models import Call, Callback
from ivr.people.contacts import Party
from ivr.team import audit
from ivr.team.counselors import Member
from simulator.calls import Call as Leg

PHONE, OTHER = "+254722000001", "+254722000002"
PERSON = "+254700000001"  # the first who asks
OURS = "+254700000100"
KNOCK = {"en": "Somebody who expects a call", "es": "Quien espera una llamada", "sw": "Anayesubiri simu"}
# What no ear may catch before the key, and the PIN.
PERSONAL = ("counselor", "equipo", "mshauri", "asked", "pidi", "ombi", "Warmline", "Amina")


def has_one(line: Line, login: str = "first", phone: str = PHONE, **wish: str) -> tuple[Member, str]:
    """A counselor with a phone who has claimed the request of somebody who asks to be rung now."""
    who = a_counselor(line, login, phone=phone)
    somebody_asks(line, **{"when": "now"} | wish)
    with line.runtime.database.transaction() as tx:
        claim = claims.take_next(tx, who, line.clock.now())
    assert claim
    return who, claim.id


def ring(line: Line, who: Member, id: str, reason: str = "") -> str:
    """The counselor presses "call now"."""
    house = line.runtime
    with house.database.transaction() as tx:
        return calls.ring(tx, house.vault, house.config, who, id, line.clock.now(), reason)


def is_called(line: Line, phone: str = PHONE, **wish: str) -> tuple[Leg, Leg]:
    """Both legs, up to the person's first words."""
    who, id = has_one(line, phone=phone, **wish)
    assert ring(line, who, id) == "ringing"
    line.ticks()
    desk = line.carrier.answer(phone).press("1").press("1")
    return desk, line.carrier.answer(PERSON)


def request(line: Line) -> Callback:
    (row,) = line.rows(Callback)
    return row


def takes(line: Line, who: Member) -> str:
    """This counselor takes the request."""
    ref = request(line).ref
    with line.runtime.database.transaction() as tx:
        claim = claims.take(tx, who, ref, line.clock.now())
    assert isinstance(claim, claims.Claim)
    return claim.id


def book(line: Line) -> list[tuple[str, str]]:
    """What the book says of the request, in order."""
    id = request(line).id
    with line.runtime.database.transaction() as tx:
        return [(entry.what, entry.why) for entry in audit.story(tx, id)]


def made(line: Line) -> list[str | None]:
    """What became of each call."""
    return [call.outcome for call in sorted(line.rows(Call), key=lambda call: call.rung_at)]


def set_pin(line: Line, pin: str = "4711") -> None:
    """The person who asked has a PIN."""
    row = request(line)
    party = Party("voice", OURS, row.language, row.number_id, row.contact_id)
    with line.runtime.database.transaction() as tx:
        assert pins.choose(tx, line.runtime.vault, party, pin, line.clock.now())
