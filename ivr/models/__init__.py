"""The schema. Times are UTC in milliseconds since 1970; ids are made in Python; what people say is sealed."""

from ivr.models.base import Base, new_id
from ivr.models.conversations import Checkin, Conversation, Exercise, Message
from ivr.models.desk import Call, Callback, Counselor, DeskText, Entry, Note, Seal, Shift, SignIn, SignInTries
from ivr.models.outgoing import Mark, Outgoing, Schedule, Sender, Status
from ivr.models.people import Consent, Contact, Number, OptOut, PinTries
from ivr.models.urgent import Alert, Bridge
from ivr.models.vanishing import Erased, Erasure, Receipt

__all__ = [
    "Alert",
    "Base",
    "Bridge",
    "Call",
    "Callback",
    "Checkin",
    "Consent",
    "Contact",
    "Conversation",
    "Counselor",
    "DeskText",
    "Entry",
    "Erased",
    "Erasure",
    "Exercise",
    "Mark",
    "Message",
    "Note",
    "Number",
    "OptOut",
    "Outgoing",
    "PinTries",
    "Receipt",
    "Schedule",
    "Seal",
    "Sender",
    "Shift",
    "SignIn",
    "SignInTries",
    "Status",
    "new_id",
]
