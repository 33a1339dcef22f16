"""Which verbs and attributes TwiML knows, and which values they take."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Check = Callable[[str], bool]


@dataclass(frozen=True)
class Rule:
    """What one verb accepts: attributes, children (a name, or names), and whether it holds text."""

    attributes: Mapping[str, Check] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    text: bool = False


def anything(value: str) -> bool:
    """Every value is well."""
    return value == value


def whole(least: int, most: int = 14_400) -> Check:
    """A whole number between the two."""
    return lambda value: value.isascii() and value.isdecimal() and least <= int(value) <= most


def one_of(*words: str) -> Check:
    """One of these words."""
    return lambda value: value in words


def like(pattern: str) -> Check:
    """Something that the pattern fits from end to end."""
    return lambda value: re.fullmatch(pattern, value) is not None


_FLAG = one_of("true", "false")
_POST = one_of("POST")
_INPUT = one_of("dtmf", "speech", "dtmf speech", "speech dtmf")
_SPEECH = dict.fromkeys(("language", "hints", "speechTimeout", "speechModel", "profanityFilter", "enhanced"), anything)
_CALLBACK = {"statusCallback": anything, "statusCallbackMethod": _POST, "statusCallbackEvent": anything}

_GATHER = {
    "input": _INPUT,
    "action": anything,
    "method": _POST,
    "timeout": whole(1),
    "numDigits": whole(1),
    "finishOnKey": like("[0-9*#]?"),
    "actionOnEmptyResult": _FLAG,
    **_SPEECH,
}
_RECORD = {
    "action": anything,
    "method": _POST,
    "timeout": whole(1),
    "maxLength": whole(1),
    "finishOnKey": like("[0-9*#]*"),
    "playBeep": _FLAG,
    "trim": one_of("trim-silence", "do-not-trim"),
    "transcribe": _FLAG,
    "recordingStatusCallback": anything,
    "recordingStatusCallbackMethod": _POST,
}
_DIAL = {
    "action": anything,
    "method": _POST,
    "timeout": whole(1, 600),
    "timeLimit": whole(1),
    "callerId": like(r"\+\d{7,15}"),
    "answerOnBridge": _FLAG,
    "hangupOnStar": _FLAG,
    "ringTone": anything,
    "record": anything,
}

VERBS = frozenset(["Say", "Play", "Pause", "Gather", "Redirect", "Record", "Dial", "Hangup", "Reject"])

# Source: Twilio's TwiML reference. Only POST is played here, and of Dial's nouns only Number.
VOICE: Mapping[str, Rule] = {
    "Response": Rule({}, VERBS),
    "Say": Rule({"voice": anything, "language": like(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*"), "loop": whole(0)}, text=True),
    "Play": Rule({"loop": whole(0), "digits": like("[0-9wW*#]+")}, text=True),
    "Pause": Rule({"length": whole(1)}),
    "Gather": Rule(_GATHER, frozenset({"Say", "Play", "Pause"})),
    "Redirect": Rule({"method": _POST}, text=True),
    "Record": Rule(_RECORD),
    "Dial": Rule(_DIAL, frozenset({"Number"}), text=True),
    "Number": Rule({"url": anything, "method": _POST, "sendDigits": anything, **_CALLBACK}, text=True),
    "Hangup": Rule(),
    "Reject": Rule({"reason": one_of("rejected", "busy")}),
}

SMS: Mapping[str, Rule] = {
    "Response": Rule({}, frozenset({"Message", "Redirect"})),
    "Message": Rule(
        {"to": anything, "from": anything, "action": anything, "method": _POST, "statusCallback": anything},
        frozenset({"Body", "Media"}),
        text=True,
    ),
    "Body": Rule(text=True),
    "Media": Rule(text=True),
    "Redirect": Rule({"method": _POST}, text=True),
}

SSML = frozenset(["break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w", "amazon:effect"])
