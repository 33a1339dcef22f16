"""What the phone in the terminal prints of each thing that happens to it."""

from collections.abc import Callable
from typing import Any

MARGIN = " " * 14
ENDINGS = {
    "completed": "the call is over",
    "busy": "busy",
    "rejected": "rejected, nothing to pay",
    "no-answer": "not answered",
    "canceled": "they hung up",
    "failed": "the call failed",
}
BELL = "\a\a"


def shown(event: dict[str, Any]) -> str:
    """The event in words; empty where there is nothing to see."""
    return _TELL[event["type"]](event)


def is_news(event: dict[str, Any]) -> bool:
    """Somebody rings or writes."""
    return bool(event["type"] == "text" or (event["type"] == "call" and event["direction"] != "inbound"))


def _call(event: dict[str, Any]) -> str:
    if event["status"] == "ringing":
        if event["direction"] == "inbound":
            return f"  ringing {event['other']} …"
        return f"  {event['other']} IS CALLING: answer, machine, decline or ignore"
    return ""


def _heard(event: dict[str, Any]) -> str:
    at, kind, text = _clock(event["at"]), event["kind"], event["text"]
    words = {
        "say": text,
        "play": f"♪ {text}" if text else "",
        "pause": f"· · ·  {event['seconds']:.0f} s",
        "press": f"        you press  {text}",
        "record": "(it records you; any key ends that)",
        "speak": f"(you spoke for {event['seconds']:.0f} s)",
        "talk": "(connected: two people talk)",
        "ring": f"(rings at {text} …)",
        "over": f"({ENDINGS.get(text, text)})",
    }.get(kind, "")
    return f"  {at}  {words}" if words else ""


def _text(event: dict[str, Any]) -> str:
    if event["mine"] or event["status"] != "delivered":
        return ""
    by = "the carrier" if event["by_carrier"] else event["line"]
    parts = "1 segment" if event["segments"] == 1 else f"{event['segments']} segments"
    body = str(event["body"]).replace("\n", "\n" + MARGIN)
    return f"  {by} writes ({parts})\n{MARGIN}{body}"


def _problem(event: dict[str, Any]) -> str:
    return f"  ERROR {event['code']}: {event['message']}"


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60):2d}:{int(seconds % 60):02d}"


_TELL: dict[str, Callable[[dict[str, Any]], str]] = {"call": _call, "heard": _heard, "text": _text, "problem": _problem}
