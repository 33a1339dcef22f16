"""What the carrier says by itself while the whole service is down: static TwiML of each language, to upload there."""

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ivr.channels.voice import Voice
from ivr.config import ServiceNumber
from ivr.content import Content
from ivr.outages import trouble

LONGEST = 4000  # characters of a TwiML Bin
SOUNDS = "sounds"  # the folder, below that of the TwiML, of the files to host at the carrier
_PLAYED = re.compile(rb"<Play>[^<]*/([^/<]+)/([^/<]+)</Play>")


class Static(NamedTuple):
    """One language: what is heard, what is read, and the sound files that are played, as `sw/0123.mp3`."""

    code: str
    voice: bytes
    sms: bytes
    sounds: tuple[str, ...]
    is_playable: bool  # whether somebody said where the sounds are

    @property
    def files(self) -> dict[str, bytes]:
        """What is uploaded, by name."""
        files = {f"voice-{self.code}.xml": self.voice} if self.is_playable else {}
        return files | {f"sms-{self.code}.xml": self.sms}

    @property
    def wrong(self) -> str:
        """What keeps it from being of use; '' where nothing does."""
        if not self.is_playable:
            return (
                f"voice-{self.code}.xml is not written yet: {self.code} has no voice at the carrier. Upload the"
                f" {len(self.sounds)} files below {SOUNDS}/ there, and run this again with --sounds ADDRESS"
            )
        length = len(self.voice.decode())
        return f"voice-{self.code}.xml has {length} characters: choose a shorter --sounds" if length > LONGEST else ""


def made(content: Content, country: str, address: str | None) -> list[Static]:
    """For callers of that country, with numbers that answer at every hour."""
    return [_made(content, code, country, address) for code in content.languages]


def _made(content: Content, code: str, country: str, address: str | None) -> Static:
    flows, language = content.flows[code], content.languages[code]
    voice = Voice(language.sound, flows.phrases, (address or "https://sounds.example.org").rstrip("/"))
    ready = trouble.made(flows, voice, language, content.hotlines.of(country, code))
    heard = ready.voice.replace(b"<Hangup/>", b"")  # the end is the end by itself
    sounds = dict.fromkeys(f"{folder}/{file}" for folder, file in _found(heard))
    return Static(code, heard, ready.sms, tuple(sounds), bool(address) or not sounds)


def _found(heard: bytes) -> Iterator[tuple[str, str]]:
    yield from ((folder.decode(), file.decode()) for folder, file in _PLAYED.findall(heard))


def write(folder: Path, statics: Sequence[Static], content: Content) -> list[str]:
    """Writes them, and the sound files; what is still missing or wrong."""
    for static in statics:
        for sound in static.sounds:
            code, _, file = sound.partition("/")
            (folder / SOUNDS / code).mkdir(parents=True, exist_ok=True)
            shutil.copy(content.languages[code].folder / "audio" / file, folder / SOUNDS / code / file)
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in _files(statics):
        (folder / name).write_bytes(data)
    (folder / SOUNDS).mkdir(exist_ok=True)
    (folder / SOUNDS / "list.txt").write_text("".join(f"{each}\n" for static in statics for each in static.sounds))
    return [static.wrong for static in statics if static.wrong]


def differing(folder: Path, statics: Sequence[Static]) -> Iterator[str]:
    """What stands in the folder and is not what would be written today."""
    for name, data in _files(statics):
        path = folder / name
        if not path.exists() or path.read_bytes() != data:
            yield f"{name} is not of today: write it again, and upload it"


def where(numbers: Sequence[ServiceNumber], language: str) -> Iterator[str]:
    """Which file belongs to which number of ours."""
    for each in numbers:
        code = each.language or language
        yield f"{each.number}: voice fallback voice-{code}.xml, messaging fallback sms-{code}.xml"


def _files(statics: Sequence[Static]) -> Iterator[tuple[str, bytes]]:
    for static in statics:
        yield from static.files.items()
