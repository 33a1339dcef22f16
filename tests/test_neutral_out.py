"""Whatever the line sends or rings by itself is neutral, by construction: what is added to the code is found in it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from people import ASHA, Line, a_line
from sendings import HOME, Place, places

from ivr import conversations
from ivr.channels import sms
from ivr.conversations import OUTGOING, Values
from ivr.engine.model import Menu, Output, Say
from ivr.engine.words import find
from ivr.memory.positions import fresh
from ivr.models import Contact
from ivr.outbox.kinds import KINDS
from ivr.people.contacts import Party

LANGUAGES = ("en", "es", "sw")
ALL = list(places("ivr", "workers"))
FOUND = [place for place in ALL if not place.is_repetition]
# To those on duty, to whoever has just written, or to somebody in danger: these must say what they are about.
PLAIN = {"alert", "crisis", "answer"}
THEN = {"desk_news": "3", "desk_answer": "12"}  # what a row carries along, where that is no flow


@pytest.fixture
def line(sqlite_url: str) -> Iterator[Line]:
    with a_line(sqlite_url) as line:
        yield line


def unlisted(place: Place) -> bool:
    """Whether nobody looks at the words of what is put into the outbox here."""
    if place.kind in PLAIN:
        return False
    if place.kind is None or place.flow is None:
        return True
    return not (KINDS[place.kind].goes_on and not place.flow) and place.flow not in OUTGOING


def test_the_kinds_that_may_say_what_they_are_about_are_these() -> None:
    assert {name for name, kind in KINDS.items() if kind.plain} == PLAIN


def test_each_flow_that_something_sends_is_looked_at() -> None:
    assert len(FOUND) > 12
    assert [place for place in FOUND if unlisted(place)] == []


def test_each_kind_is_sent_from_somewhere() -> None:
    assert KINDS.keys() - {place.kind for place in FOUND} - PLAIN == set()


def test_nothing_else_writes_into_the_outbox() -> None:
    """But for what is sent once more, which was looked at when it was first sent."""
    writers = [
        file.relative_to(HOME).as_posix()
        for folder in ("ivr", "workers")
        for file in (HOME / folder).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "insert"
        if any(getattr(argument, "id", "") == "Outgoing" for argument in node.args)
    ]
    assert writers == ["ivr/outbox/rows.py"]
    assert [place.where.partition(":")[0] for place in ALL if place.is_repetition] == ["ivr.outbox.follow_ups"]


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ('KIND = "confirmation"\nSending(key, KIND, "sms", *whom, "checkin", now, then)', False),
        ('Sending(key, "reminder", "sms", a, b, c, "exercises", now, then)', False),
        ('Sending(key, "reminder", "sms", *whom, chosen, now, then)', False),
        ('Sending(key, kind=some, channel="sms", flow="reminder", due_at=now)', False),
        ('Sending(key, "nudge", "sms", *whom, "nudge", now, then)', True),
        ('Sending(key, "alert", "sms", *whom, flow, now, then)', True),
    ],
)
def test_one_that_is_not_listed_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, listed: bool
) -> None:
    """The search itself is searched."""
    names = "Sending = lambda *a, **b: None\nkey = whom = now = then = a = b = c = chosen = some = flow = ()\n"
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "unheard_of.py").write_text(names + written)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("sendings.HOME", tmp_path)
    (place,) = places("new")
    assert unlisted(place) is not listed


@pytest.mark.parametrize("is_locked", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("flow", "channel"), [(flow, channel) for flow in OUTGOING for channel in OUTGOING[flow]])
def test_what_goes_out_at_the_covert_level_tells_nobody_anything(
    line: Line, flow: str, channel: str, language: str, is_locked: bool
) -> None:
    for word in ("hello", str(1 + LANGUAGES.index(language)), "2"):
        line.texts(word)
    (person,) = line.rows(Contact)
    house = line.runtime
    with house.database.transaction() as tx:
        party = Party(channel, house.line.number, language, person.number_id, person.id)
        scene = house.scene(tx, fresh(party), line.clock.now())
        known = {"whose": person.id} if is_locked else {}
        outputs = conversations.open_flow(scene, flow, {"then": THEN.get(flow, "checkin"), **known})
        content = house.content
        if channel == "sms":
            formatter = content.languages[language].formatter
            said = "\n".join(sms.render(outputs, Values(scene), content.flows[language].phrases, formatter))
        else:
            said = "\n".join(spoken(outputs))
    assert said
    assert {code: found for code in LANGUAGES if (found := find(content.sensitive[code], said))} == {}
    assert "warmline" not in said.lower()
    assert ASHA[-9:] not in said


def spoken(outputs: tuple[Output, ...]) -> Iterator[str]:
    for output in outputs:
        if isinstance(output, Say):
            yield output.voice
        elif isinstance(output, Menu):
            yield from (choice.label for choice in output.choices)
