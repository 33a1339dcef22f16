"""A call in virtual time: a test presses keys and waits, and seconds pass at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from simulator.legs import Leg
from simulator.steps import NOTHING, Answer, Ask, Bridge, HungUp, Sound, Step, Take

BETWEEN_KEYS = 0.4


class Gap(NamedTuple):
    """Nothing was heard from this second on, for so long."""

    at: float
    seconds: float


@dataclass(eq=False, repr=False)
class Call(Leg):
    """Driven by its methods, which all go on to the next moment at which the person may do something.

    A question's sounds are in `heard`, and counted in `now`, as soon as it is asked; a key that is pressed into them
    cuts them short. `patience`: the person hangs up at that second of the call, wherever it is then.
    """

    patience: float | None = None
    pace: Callable[[float], object] = float
    settle: Callable[[], object] = list
    _asked_at: float = 0.0
    _since: int = 0

    @property
    def prompt(self) -> str:
        """All that was said since the person last did something, or was silent."""
        return " ".join(heard.text for heard in self.heard[self._since :] if heard.kind in ("say", "play"))

    @property
    def waits_for_key(self) -> bool:
        """A key would be understood now."""
        return isinstance(self.step, Ask)

    @property
    def silences(self) -> list[Gap]:
        """Every stretch in which nothing was heard, pauses and waits joined."""
        gaps: list[Gap] = []
        for heard in self.heard:
            if not heard.is_silent:
                continue
            if gaps and abs(sum(gaps[-1]) - heard.at) < 0.01:
                gaps[-1] = Gap(gaps[-1].at, gaps[-1].seconds + heard.seconds)
            else:
                gaps.append(Gap(heard.at, heard.seconds))
        return gaps

    def listen(self) -> str:
        """Hears everything out; the words since the person last did something."""
        return self.prompt

    def press(self, keys: str, after: float | None = None) -> "Call":
        """Presses keys one by one, each when its prompt was heard to the end.

        `after`: the first is pressed that many seconds into the prompt instead. Raises RuntimeError when the call has
        ended or asks nothing.
        """
        for key in keys:
            self._press(key, after)
            after = None
        return self._settled()

    def wait(self) -> "Call":
        """Does nothing: until the question's time is over, a recording ends, or the phone that is rung gives up."""
        step = self._expect(Ask, Take, Bridge)
        self._since = len(self.heard)
        if isinstance(step, Bridge):
            return self._nobody_answers(step)
        seconds = step.timeout if isinstance(step, Ask | Take) else 0.0
        self._silent(seconds)
        self._go_on(NOTHING)
        return self._settled()

    def speak(self, seconds: float, key: str = "") -> "Call":
        """Says something into a recording, and ends it with a key or by silence."""
        step = self._expect(Take)
        self._since = len(self.heard)
        seconds = min(seconds, step.most) if isinstance(step, Take) else seconds
        self.note("speak", key, seconds)
        self._pass(seconds)
        self._go_on(Answer(key=key, seconds=seconds))
        return self._settled()

    def hang_up(self, after: float | None = None) -> "Call":
        """Puts the phone down; `after`: that many seconds into the prompt, or after so long a talk."""
        if self.ended:
            return self
        if isinstance(self.step, Ask):
            self._reach(after)
        elif after:
            self._pass(after)
        self.interrupt(HungUp())
        return self._settled()

    def let_pass(self, seconds: float) -> None:
        """Seconds of a sound outside any question."""
        left = seconds if self.patience is None else self.patience - self.now
        self._pass(max(0.0, min(seconds, left)))
        if left < seconds:
            self.cut(self.now)
            raise HungUp

    def other_ended(self, other: Leg) -> None:
        """The talk took as long on this leg as on that one."""
        if isinstance(self.step, Bridge) and other.bridged_at is not None:
            self.note("talk", other.phone, other.now - other.bridged_at)
            self.now += other.now - other.bridged_at
            self._asked_at = self.now  # the other leg has moved the clock
        super().other_ended(other)

    def _press(self, key: str, after: float | None) -> None:
        step = self._expect(Ask, Take)
        if self._reach(after):
            self._since = len(self.heard)
            self.note("press", key)
            recorded = after or 0.0 if isinstance(step, Take) and key in step.finish else 0.0
            self._go_on(Answer(key=key, seconds=recorded))

    def _reach(self, after: float | None) -> bool:
        """Goes to the second at which the person acts: False if patience ended before."""
        at = self.now if after is None else self._asked_at + after
        gone = self.patience is not None and self.patience <= at
        at = self.patience if gone and self.patience is not None else at
        if at > self.now:
            self._silent(at - self.now)
        self.cut(at)
        self.now = at
        self._tick(at - self._asked_at)
        self._asked_at = at
        if gone:
            self.interrupt(HungUp())
        return not gone

    def _go_on(self, answer: Answer) -> None:
        if self.patience is not None and self.now >= self.patience:
            self.interrupt(HungUp())
        else:
            self.resume(answer)

    def _arrive(self, step: Step) -> None:
        self._asked_at = self.now
        super()._arrive(step)
        for sound in step.sounds if isinstance(step, Ask) else BEEP if isinstance(step, Take) and step.beep else ():
            self.note_sound(sound, self.now)
            self.now += sound.seconds

    def _silent(self, seconds: float) -> None:
        self.note("silence", "", seconds)
        self._pass(seconds)

    def _pass(self, seconds: float) -> None:
        """Moves the call's time on, and with it the clock of the test, which prompts had not moved yet."""
        self.now += seconds
        self._tick(self.now - self._asked_at if self.step else seconds)
        self._asked_at = self.now

    def _tick(self, seconds: float) -> None:
        if seconds > 0:
            self.pace(seconds)

    def _nobody_answers(self, bridge: Bridge) -> "Call":
        self.note("ring", "", bridge.timeout)
        self._pass(bridge.timeout)
        for leg in bridge.legs:
            leg.drop("no-answer")
        return self._settled()

    def _expect(self, *kinds: type[Step]) -> Step:
        if not isinstance(self.step, kinds):
            now = "has ended" if self.ended else f"is at {type(self.step).__name__}"
            raise RuntimeError(f"the call {now}; it heard: {self.prompt}")
        return self.step

    def _settled(self) -> "Call":
        self.settle()
        return self


BEEP = (Sound("beep", "", 0.5),)
