"""The few elements of TwiML that every carrier of its kind runs, written by hand because this is the hot path."""

import re
from html import escape

# What XML 1.0 cannot hold even escaped; carriers drop a call over one of them.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """`text` without the characters that XML forbids."""
    return _ILLEGAL.sub("", text)


def one_line(text: str) -> str:
    """`text` as it can be said: line ends and runs of blanks mean nothing to a voice."""
    return " ".join(legal(text).split())


def document(body: str) -> str:
    """A whole answer to the carrier."""
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{body}</Response>'


def say(text: str, language: str = "", voice: str = "") -> str:
    """Words for the carrier's own voice."""
    attributes = f' voice="{escape(voice)}"' if voice else ""
    attributes += f' language="{escape(language)}"' if language else ""
    return f"<Say{attributes}>{escape(one_line(text), quote=False)}</Say>"


def play(url: str) -> str:
    """A sound file."""
    return f"<Play>{escape(url, quote=False)}</Play>"


def pause(seconds: int) -> str:
    """Silence."""
    return f'<Pause length="{seconds}"/>'


def gather(inside: str, action: str, timeout: int, digits: int = 0, finish: str = "") -> str:
    """What is heard while keys are waited for: so many (0: until the `finish` key)."""
    count = f' numDigits="{digits}"' if digits else ""
    return (
        f'<Gather input="dtmf"{count} finishOnKey="{finish}" timeout="{timeout}" action="{action}" method="POST">'
        f"{inside}</Gather>"
    )


def record(action: str, timeout: int) -> str:
    """The caller's own words: any key ends them, two minutes do, or silence of `timeout` seconds."""
    return (
        f'<Record action="{action}" method="POST" timeout="{timeout}" finishOnKey="0123456789*#" maxLength="120" '
        'playBeep="true"/>'
    )


def redirect(url: str) -> str:
    """Where the carrier goes on when nobody pressed anything."""
    return f'<Redirect method="POST">{url}</Redirect>'


def dial(number: str, caller: str, action: str, screen: str, timeout: int) -> str:
    """Another phone, rung for so many seconds; whoever takes it hears what `screen` answers before they talk."""
    return (
        f'<Dial action="{action}" method="POST" timeout="{timeout}" callerId="{escape(caller)}">'
        f'<Number url="{escape(screen)}" method="POST">{escape(number)}</Number></Dial>'
    )


def hangup() -> str:
    """The end."""
    return "<Hangup/>"


def message(text: str) -> str:
    """A text."""
    return f"<Message>{escape(text, quote=False)}</Message>"
