"""Keeping time: words and the silence after them as beats that do not drift, in blocks that any key ends."""

from collections.abc import Iterable
from typing import NamedTuple

from ivr.channels.pace import LONGEST_SILENCE
from ivr.channels.speech import Sound

LONGEST_BLOCK = 60  # seconds: a call that drops loses no more of an exercise
WAIT = 1  # seconds: the shortest time-out of a Gather, which every block ends with


class Beat(NamedTuple):
    """One sound and the silence after it, in whole seconds because a carrier's Pause knows no others."""

    xml: str
    seconds: float
    silence: int = 0

    @property
    def length(self) -> float:
        """Sound and silence together."""
        return self.seconds + self.silence


class Score:
    """Beats written down one after another; what is said too long or too short is made good in the next silence."""

    def __init__(self, tick: Sound | None) -> None:
        """`tick` breaks a long silence, where there is such a sound."""
        self.beats: list[Beat] = []
        self._tick = tick or Sound("", 0.0)
        self._late = 0.0

    def words(self, sounds: Iterable[Sound], lasts: int = 0) -> None:
        """Sounds that with their silence last so many seconds; 0: as long as they are."""
        before = self._length()
        self.beats += [Beat(*sound) for sound in sounds]
        if not lasts:
            self._late = 0.0
            return
        self.silence(round(lasts - self._late - (self._length() - before)))
        self._late += self._length() - before - lasts

    def silence(self, seconds: int) -> None:
        """Silence, with a tick wherever it would be too long."""
        while seconds > 0:
            if not self.beats or self.beats[-1].silence == LONGEST_SILENCE:
                self.beats.append(Beat(*self._tick) if self.beats else Beat("", 0.0))
            last = self.beats[-1]
            taken = min(seconds, LONGEST_SILENCE - last.silence)
            self.beats[-1] = last._replace(silence=last.silence + taken)
            seconds -= taken

    def _length(self) -> float:
        return sum(beat.length for beat in self.beats)


def blocks(beats: Iterable[Beat]) -> list[list[Beat]]:
    """Beats by the minute. The wait for a key at the end of each block is the last second of its silence."""
    found: list[list[Beat]] = []
    for beat in beats:
        if not found or sum(each.length for each in found[-1]) + beat.length > LONGEST_BLOCK:
            found.append([])
        found[-1].append(beat)
    return list(map(_with_wait, found))


def _with_wait(block: list[Beat]) -> list[Beat]:
    *others, last = block
    return [*others, last._replace(silence=max(0, last.silence - WAIT))]
