"""Everything that one process holds: settings, database, keys, content and the clock."""

import time
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ivr import conversations
from ivr.channels.voice import Urls
from ivr.config import BadSetting, Config, ServiceNumber
from ivr.content import Content, Names
from ivr.content import load as load_content
from ivr.db import Database, Transaction
from ivr.engine.load import FlowErrors
from ivr.hearing.likeness import BadLikeness
from ivr.hotlines import BadHotlines, Hotlines
from ivr.memory.positions import Position
from ivr.moments import moment_of
from ivr.outages.spool import NoSpool, Spool
from ivr.outages.trouble import Trouble
from ivr.outages.turns import Turns
from ivr.outbox.follow_ups import Rings
from ivr.people.windows import BadQuietHours
from ivr.scene import Scene
from ivr.team.hours import BadHours
from ivr.vault import Vault

# What is wrong with settings, flows or languages, what was learnt, hours, hotlines or disk: the process does not start,
# and says it.
CANNOT_START = (BadSetting, FlowErrors, BadLikeness, BadHours, BadQuietHours, BadHotlines, NoSpool)

HOME = Path(__file__).parent.parent


def wall_clock() -> int:
    """Now, in milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class Runtime:
    """Made once a process; the edges ask it for the time and for transactions."""

    config: Config
    database: Database
    vault: Vault
    content: Content
    spool: Spool
    now: Callable[[], int] = wall_clock
    turns: Turns = field(default_factory=Turns)

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Runtime":
        """Reads settings and content. Raises what names the mistake: BadSetting, FlowErrors, BadHours …"""
        return cls.of(Config.from_env(environment))

    @classmethod
    def of(
        cls,
        config: Config,
        home: Path = HOME,
        now: Callable[[], int] = wall_clock,
        load: Callable[[Path, Config, Names], Content] = load_content,
    ) -> "Runtime":
        """With these settings, and the `flows/` and `locales/` of `home`."""
        zoneinfo.reset_tzpath(to=())  # the pinned package decides, not what a host happens to have
        vault = Vault(config.data_keys, config.index_key)
        found = load(home, config, conversations.names())
        spool = Spool(Path(config.spool), vault)
        spool.prepare()
        return cls(config, Database(config.database_url), vault, found, spool, now)

    @property
    def rings(self) -> Rings:
        """How often a call is tried that nobody takes."""
        return Rings(self.config.call_tries, self.config.call_again_minutes * 60_000)

    def rate(self, channel: str) -> float:
        """Segments, or calls, a second that one of our numbers may begin."""
        return self.config.calls_per_second if channel == "voice" else self.config.segments_per_second

    @property
    def line(self) -> ServiceNumber:
        """The number of ours by which the line rings and texts people by itself."""
        return next((each for each in self.config.service_number if each.role == "line"), self.config.service_number[0])

    def service(self, number: str) -> ServiceNumber:
        """Our number that was rung or texted; the first of ours when the carrier names none of them."""
        ours = self.config.service_number
        return next((each for each in ours if each.number == number), ours[0])

    def is_ours(self, number: str) -> bool:
        """Whether it is one of our numbers: then the call is one that we have made."""
        return any(each.number == number for each in self.config.service_number)

    def tongue(self, spoken: str | None, number: str) -> str:
        """The language in which our number speaks to somebody: theirs, else its own, else that for strangers."""
        return self.content.known(spoken or "", self.service(number).language)

    def trouble(self, language: str, country: str = "") -> Trouble:
        """What is answered when nothing works, in the caller's language and for their country where they are told."""
        code = self.content.known(language)
        return self.content.troubles[code][self.hotlines(code, country)]

    def hotlines(self, language: str, country: str) -> Hotlines:
        """The numbers to call now for somebody there; '' is at home."""
        return self.content.hotlines.of(country or self.config.country, language, moment_of(self.now()))

    def scene(self, tx: Transaction, position: Position, now: int) -> Scene:
        """What a turn's actions see. A language that was taken away since is replaced."""
        position.party.language = self.content.known(position.party.language)
        return Scene(tx, self.vault, self.config, self.content, position, now)

    def voice_urls(self, language: str, turn: int) -> Urls:
        """Where the carrier reports on turn `turn`. The language is in it for when nothing else can be known."""
        reply = f"{self.config.public_base_url}/twilio/voice/{language}/{turn}"
        return Urls(reply, reply + "?silence", reply + "?early", reply + "?unheard")
