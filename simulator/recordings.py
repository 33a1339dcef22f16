"""What callers said into a Record: kept as a tone of the same length."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from simulator.wires import Form

if TYPE_CHECKING:
    from simulator.legs import Leg


@dataclass(frozen=True)
class Recording:
    """One recording of one call."""

    sid: str
    call_sid: str
    seconds: float
    created: datetime


@dataclass
class Recordings:
    """All recordings, and where they can be fetched."""

    base_url: str
    account_sid: str
    clock: Callable[[], datetime]
    kept: dict[str, Recording] = field(default_factory=dict)

    def keep(self, leg: "Leg", seconds: float, callback: str) -> Form:
        """A new recording; gives the fields that the action URL is sent."""
        recording = Recording("RE" + uuid4().hex, leg.sid, seconds, self.clock())
        self.kept[recording.sid] = recording
        length = str(max(1, round(seconds)))
        fields = [("RecordingUrl", self.url(recording)), ("RecordingSid", recording.sid), ("RecordingDuration", length)]
        if callback:
            status = [("RecordingStatus", "completed"), ("RecordingChannels", "1"), ("RecordingSource", "RecordVerb")]
            account = [("AccountSid", self.account_sid), ("CallSid", leg.sid)]
            leg.carrier.post_later(callback, [*account, *fields, *status], leg.sid)
        return fields

    def url(self, recording: Recording) -> str:
        """Where its sound is."""
        return f"{self.base_url}/2010-04-01/Accounts/{self.account_sid}/Recordings/{recording.sid}"
