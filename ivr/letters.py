"""The words of texts that go out, and the threads in which their answers are awaited: for a whole batch together."""

from collections.abc import Mapping
from typing import NamedTuple

from ivr import conversations, time_outs
from ivr.callbacks import correspondence
from ivr.channels import sms
from ivr.channels.segments import segments
from ivr.conversations import Values
from ivr.db import Transaction
from ivr.engine.model import Output
from ivr.engine.words import find
from ivr.memory import messages, pins, positions, threads
from ivr.memory.positions import Begun, Position
from ivr.outbox import rows
from ivr.outbox.claims import Held
from ivr.outbox.kinds import KINDS
from ivr.people import openness
from ivr.people.contacts import Party
from ivr.runtime import Runtime
from ivr.scene import Scene
from ivr.texts import waits


class Moot(Exception):
    """There is nothing to say any more."""


class Telling(ValueError):
    """What would go out tells others what the line is for."""


class Letter(NamedTuple):
    """A text as the carrier gets it, what it costs, and a keyed hash by which it is known again in its list."""

    body: str
    segments: int
    said: str


class Letters:
    """Those of one batch. What says no values is the same for all who read its language, and is written once."""

    def __init__(self, runtime: Runtime, tx: Transaction, now: int) -> None:
        self._runtime, self._tx, self._now = runtime, tx, now
        self._same: dict[tuple[str, tuple[Output, ...]], Letter] = {}
        self._begun: dict[str, Begun] = {}  # by contact

    def write(self, row: Held) -> Letter:
        """What this row says. Raises Moot when an answer has come in the meantime, Telling for what none may read."""
        letter, language = self._words(row), self._runtime.tongue(row.language, row.sender)
        is_read = row.openness != openness.OPEN and not KINDS[row.kind].plain  # by others
        if is_read and (found := find(self._runtime.content.sensitive[language], letter.body)):
            raise Telling(f"others may read it, and it holds {min(found)!r}")
        return letter

    def _words(self, row: Held) -> Letter:
        if row.kind == "answer":
            return self._letter(messages.words(messages.answer_given(self._tx, self._runtime.vault, row.about) or b""))
        if row.kind == time_outs.KIND and (said := time_outs.said_before(self._tx, self._runtime.vault, row.key)):
            return self._again(row, said)
        if KINDS[row.kind].answers and correspondence.is_moot(self._tx, row.contact_id, rows.stem(row.key), self._now):
            raise Moot
        has_pin = row.has_pin and not self._opened(row)
        contact, known = pins.addressed(self._tx, row.number_id, row.contact_id, has_pin)
        if contact in self._begun:  # of two texts to one person, the answer to the later one is awaited
            self.store()
        position = self._position(row, contact)
        scene = self._runtime.scene(self._tx, position, self._now)
        outputs = _outputs(scene, row, known)
        letter = self._same.get((position.party.language, outputs)) or self._rendered(scene, outputs)
        self._keep(position, contact, waits(outputs), letter)
        return letter

    def _opened(self, row: Held) -> bool:
        """Whether they have given their PIN just now: what answers them needs it no second time."""
        return KINDS[row.kind].answers and threads.is_at_hand(self._tx, row.contact_id, self._now)

    def store(self) -> None:
        """Writes where the threads stand that these texts begin."""
        positions.begin(self._tx, self._runtime.vault, list(self._begun.values()), self._now)
        self._begun.clear()

    def _position(self, row: Held, contact: str | None) -> Position:
        """The thread in which it is written: a new one, but for what follows from silence."""
        language = self._runtime.tongue(row.language, row.sender)
        if row.kind != time_outs.KIND:
            return positions.fresh(Party("sms", row.sender, language, row.number_id, contact), id=row.id)
        position = threads.of_id(self._tx, self._runtime.vault, row.about)
        if position is None or time_outs.key(position) != row.key:
            raise Moot
        position.party.language = language
        return position

    def _again(self, row: Held, said: str) -> Letter:
        """What the carrier did not take at first: the thread has gone on, and is not moved again."""
        if position := threads.of_id(self._tx, self._runtime.vault, row.about):
            seconds = conversations.waits(self._runtime.scene(self._tx, position, self._now))
            threads.wait_on(self._tx, position.id, self._now + seconds * 1000)
        return self._letter(said)

    def _keep(self, position: Position, contact: str | None, seconds: int | None, letter: Letter) -> None:
        if contact is None:
            return
        if not position.is_new:
            positions.store(self._tx, self._runtime.vault, position, letter.body.encode(), seconds, self._now)
        elif position.state:
            self._begun[contact] = Begun(position, seconds)

    def _rendered(self, scene: Scene, outputs: tuple[Output, ...]) -> Letter:
        language, content, values = scene.party.language, self._runtime.content, Values(scene)
        formatter = content.languages[language].formatter
        letter = self._letter("\n".join(sms.render(outputs, values, content.flows[language].phrases, formatter)))
        if not values.asked:
            self._same[language, outputs] = letter
        return letter

    def _letter(self, body: str) -> Letter:
        return Letter(body, segments(body).count, self._runtime.vault.index(body))


def _outputs(scene: Scene, row: Held, known: Mapping[str, str]) -> tuple[Output, ...]:
    if row.kind == time_outs.KIND:
        return time_outs.said(scene)
    opened_by = {correspondence.ROW: rows.stem(row.key)} if KINDS[row.kind].answers else {}
    return conversations.open_flow(scene, row.flow, {"then": row.then, **opened_by, **known})
