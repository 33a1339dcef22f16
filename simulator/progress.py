"""What webhooks of a call carry, and what its status callbacks add."""

from typing import TYPE_CHECKING

from simulator.dates import rfc2822
from simulator.wires import Form

if TYPE_CHECKING:
    from simulator.legs import Leg

SIDES = ("From", "To", "Caller", "Called")
PLACES = ("City", "State", "Zip", "Country")


def of(leg: "Leg") -> Form:
    """The parameters of every webhook of this leg."""
    form = [("CallSid", leg.sid), ("AccountSid", leg.carrier.settings.account_sid), ("ApiVersion", "2010-04-01")]
    form += [("Direction", leg.direction), ("CallStatus", leg.status)]
    form += [(name, leg.from_) for name in ("From", "Caller")] + [(name, leg.to) for name in ("To", "Called")]
    form += [(side + part, "") for side in SIDES for part in PLACES]
    form += [("ParentCallSid", leg.parent.sid)] if leg.parent else []
    return form + ([("AnsweredBy", leg.answered_by)] if leg.answered_by else [])


def told(leg: "Leg", event: str, number: int) -> Form:
    """A status callback, the `number`-th of the call."""
    form = [*of(leg), ("SequenceNumber", str(number)), ("CallbackSource", "call-progress-events")]
    form.append(("Timestamp", rfc2822(leg.carrier.clock()) or ""))
    if leg.ended:
        form += [("CallDuration", str(leg.duration)), ("Duration", str(-(-leg.duration // 60)))]
    if event == "initiated":
        return [(name, "initiated" if name == "CallStatus" else value) for name, value in form]
    return form
