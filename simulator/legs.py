"""One leg of a call: who, since when, how far, what was heard, and the interpreter that leads it on."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from simulator import progress
from simulator.heard import Heard
from simulator.interpreter import conversation
from simulator.steps import NOTHING, Answer, Ask, Bridge, HungUp, Moved, Sound, Step, Talk
from simulator.twiml import Document, TwimlError, Verb, read_voice
from simulator.webhooks import apology
from simulator.wires import Form

if TYPE_CHECKING:
    from simulator.network import Network

TURNS_WITHOUT_A_CHOICE = 100
ENDED = ("completed", "busy", "failed", "no-answer", "canceled")


@dataclass(eq=False, repr=False)
class Leg:
    """What both ways of driving a call share. `phone` is the person's side, `line` the service's."""

    carrier: "Network[Any]"
    sid: str
    phone: str
    line: str
    from_: str
    to: str
    direction: str
    created: datetime
    status: str = "queued"
    parent: "Leg | None" = None
    url: str = ""
    twiml: str = ""
    callback: str = ""
    events: tuple[str, ...] = ("completed",)
    machine_detection: str = ""
    timeout: float = 60.0
    answered_by: str = ""
    rejected: bool = False
    unheard: bool = False  # it did not come as far as to ring
    started: datetime | None = None
    ended_at: datetime | None = None
    now: float = 0.0
    heard: list[Heard] = field(default_factory=list)
    step: Step | None = None
    bridged_at: float | None = None
    _sequence: int = 0
    _turns: int = 0
    _program: Generator[Step, Answer, None] | None = None

    @property
    def rings(self) -> bool:
        """Somebody's phone rings and may be picked up."""
        return self.status == "ringing" and self.direction != "inbound"

    @property
    def ended(self) -> bool:
        """Nobody is on the line any more."""
        return self.status in ENDED

    @property
    def fields(self) -> Form:
        """The parameters that every webhook of this leg carries."""
        return progress.of(self)

    def start(self, first: Callable[[], Document]) -> None:
        """The call is answered; `first` fetches what to obey, for a call that comes in while it still rings.

        One whose very first verb is Reject is not answered, and costs nobody anything.
        """
        self.started = self.carrier.clock()
        if self.direction == "inbound":
            document = first()
            if document.rejects:
                self.rejected = True
                self.end("busy")
                return
            self._answered()
        else:
            self._answered()
            document = first()
        self._program = conversation(self, document)
        self._lead(lambda: next(self._running))

    def resume(self, answer: Answer = NOTHING) -> None:
        """Goes on with what came of the step."""
        self.step = None
        self._lead(lambda: self._running.send(answer))

    def interrupt(self, event: HungUp | Moved) -> None:
        """Ends the call, or sends it elsewhere, in the midst of a step; phones that it dialled are let go."""
        step, self.step = self.step, None
        self._lead(lambda: self._running.throw(event))
        for other in step.legs if isinstance(step, Bridge) else ():
            other.drop("canceled")

    def end(self, status: str) -> None:
        """The leg is over; what hangs on it hears of that."""
        if self.ended:
            return
        self.step = None
        self.status, self.ended_at = status, self.carrier.clock()
        self.note("over", "rejected" if self.rejected else status)
        self.report("completed")
        if self.parent is not None and not self.parent.ended:
            self.parent.other_ended(self)

    def drop(self, status: str) -> None:
        """The other side, or the service, takes the line away."""
        if self.started is None:
            self.end(status)
        elif not self.ended:
            self.interrupt(HungUp())

    def redirect(self, document: Document) -> None:
        """The service sends the call elsewhere."""
        self.interrupt(Moved(document))

    def other_ended(self, other: "Leg") -> None:
        """A phone that this leg dialled hung up, was busy or did not answer."""
        if isinstance(self.step, Bridge) and all(leg.ended for leg in self.step.legs):
            self.resume(other.dialled())

    def other_answered(self, other: "Leg") -> None:
        """A phone that this leg dialled talks; the others need not ring on."""
        for leg in self.step.legs if isinstance(self.step, Bridge) else ():
            if leg is not other:
                leg.drop("canceled")

    def dialled(self) -> Answer:
        """How it went, for the leg that dialled."""
        if self.bridged_at is None:
            return Answer(status="no-answer" if self.status == "completed" else self.status, sid=self.sid)
        return Answer(status="completed", seconds=self.now - self.bridged_at, sid=self.sid)

    def fetch(self, url: str, extra: Form) -> Document:
        """Asks the service what comes next; in the worst case the carrier's apology."""
        self._turns += 1
        if self._turns > TURNS_WITHOUT_A_CHOICE:
            self.carrier.webhooks.note(81_021, "the call turns in a circle without asking anything", url, self.sid)
            return apology()
        return self.carrier.webhooks.ask(url, self.fields + extra, read_voice, self.sid) or apology()

    def sound(self, url: str) -> Sound:
        """A recording of the service. Raises Moved to the apology where there is none."""
        try:
            return self.carrier.webhooks.sound(url)
        except TwimlError as error:
            self.carrier.webhooks.note(error.code, error.message, url, self.sid)
            raise Moved(apology()) from error

    def ring_out(self, base: str, dial: Verb, number: Verb) -> "Leg":
        """Rings another phone for a Dial."""
        leg: Leg = self.carrier.ring_for(self, base, dial, number)
        return leg

    def record(self, seconds: float, callback: str) -> Form:
        """Keeps what the person said; gives the fields that tell of it."""
        return self.carrier.recordings.keep(self, seconds, callback)

    def report(self, event: str) -> None:
        """A status callback, if somebody asked for this event."""
        if not self.callback or event not in self.events:
            return
        form = progress.told(self, event, self._sequence)
        self._sequence += 1
        self.carrier.post_later(self.callback, form, self.sid, self.to, self.ended)

    @property
    def duration(self) -> int:
        """Whole seconds from answer to end."""
        return round(self.now) if self.started else 0

    def hear(self, sound: Sound) -> None:
        """Lets a sound outside any question be heard to its end."""
        self.note_sound(sound, self.now)
        self.let_pass(sound.seconds)

    def let_pass(self, seconds: float) -> None:
        """Lets time go by. Raises HungUp or Moved when something happens meanwhile."""
        self.now += seconds

    def note_sound(self, sound: Sound, at: float) -> None:
        """Writes down what is heard from that second on."""
        spoken = sound.transcript or not sound.url
        self.add(Heard(at, sound.kind, sound.text, sound.seconds, sound.language, sound.url, spoken))

    def note(self, kind: str, text: str = "", seconds: float = 0.0) -> None:
        """Writes down that something happened now."""
        self.add(Heard(self.now, kind, text, seconds))

    def add(self, heard: Heard) -> None:
        """One moment more."""
        self.heard.append(heard)
        self.carrier.tell(self, heard)

    def cut(self, at: float) -> None:
        """Sounds after this second were not heard after all: somebody pressed a key."""
        kept = [heard for heard in self.heard if heard.at < at or heard.at + heard.seconds <= at]
        self.heard[:] = [replace(h, seconds=at - h.at, cut=True) if h.at + h.seconds > at else h for h in kept]

    def _answered(self) -> None:
        self.status = "in-progress"
        self.carrier.tell(self)
        self.report("answered")

    @property
    def _running(self) -> Generator[Step, Answer, None]:
        if self._program is None:
            raise RuntimeError("nobody has answered this call yet")
        return self._program

    def _lead(self, go: Callable[[], Step]) -> None:
        """Runs the interpreter on to the next step at which somebody may do something."""
        try:
            step = go()
            while isinstance(step, Sound):
                step = self._after(step)
        except (StopIteration, HungUp):
            self.end("completed")
            return
        self._arrive(step)

    def _after(self, sound: Sound) -> Step:
        try:
            self.hear(sound)
        except (HungUp, Moved) as event:
            return self._running.throw(event)
        return self._running.send(NOTHING)

    def _arrive(self, step: Step) -> None:
        self.step = step
        if isinstance(step, Ask):
            self._turns = 0
        if isinstance(step, Talk) and self.parent is not None:
            self.bridged_at = self.now
            self.parent.other_answered(self)
