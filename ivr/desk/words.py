"""What the desk answers by text: each answer is a block of one template, in the counselor's language."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ivr.content import Content
from ivr.moments import moment_of

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 - texts, no pages
)
_ANSWERS = _TEMPLATES.get_template("answers.txt")
NAMES = tuple(_ANSWERS.blocks)


def written(content: Content, language: str, name: str, now: int, values: dict[str, Any]) -> str:
    """The answer `name` with these values, on one line; moments are told in the desk's zone."""
    tongue = content.languages[language]

    def translated(text: str, /, **named: object) -> str:
        return tongue.gettext(text).format(**named)

    common = {
        "_": translated,
        "at": _clock(content, now),
        "tongue_of": lambda code: content.languages[code].name if code in content.languages else code,
    }

    def title_of(flow: str) -> str:
        found = content.flows[language].flows.get(flow)
        return found.title if found else flow

    common["title_of"] = title_of
    lines = _ANSWERS.blocks[name](_ANSWERS.new_context({**common, **values}))
    return " ".join("".join(lines).split())


def _clock(content: Content, now: int) -> Callable[[int], str]:
    today = _local(content, now).date()

    def at(ms: int) -> str:
        moment = _local(content, ms)
        return f"{moment:%H:%M}" if moment.date() == today else f"{moment.day}/{moment.month} {moment:%H:%M}"

    return at


def _local(content: Content, ms: int) -> datetime:
    return moment_of(ms).astimezone(content.hours.zone)
