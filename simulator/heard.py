"""The moments of a call, as the person on the phone has them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Heard:
    """A moment of a call, in seconds since it was answered: what was heard, pressed or waited for."""

    at: float
    kind: str  # say, play, pause, silence, beep, press, speak, ring, over
    text: str
    seconds: float
    language: str = ""
    url: str = ""
    transcript: bool = True
    cut: bool = False

    @property
    def is_silent(self) -> bool:
        """Nothing can be heard: a pause, a wait, or a recording that says nothing."""
        return self.kind in ("pause", "silence") or (self.kind == "play" and not self.text)
