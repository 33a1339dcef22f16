"""A machine's voice and tones as small sound files, by programs that any Linux has: espeak-ng, and lame or ffmpeg."""

import math
import shutil
import subprocess
import wave
from array import array
from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO
from typing import NamedTuple

RATE = 8000  # samples a second: what a telephone carries
BITS = 16_000  # a second, constant, so that a file's size tells its length
SPEED = 130  # words a minute
_QUIET = 250  # of 32767: below it nothing is heard
_EDGE = 0.04  # seconds left before the first sound and after the last
_TONE = 450, 0.2, 1600  # Hz, seconds, loudness: 20 dB below a voice


class ToolMissing(Exception):
    """A program is not installed, or does not know the language; says which, and what to do."""


class Wave(NamedTuple):
    """Sound: 16-bit samples of one channel."""

    rate: int
    samples: "array[int]"


def espeak(text: str, code: str) -> Wave:
    """`text` said by espeak-ng in the language `code`, without the silence around it."""
    command = [
        _tool("espeak-ng"),
        "-v",
        code.lower().replace("_", "-"),
        "-s",
        str(SPEED),
        "-w",
        "/dev/stdout",
        "--stdin",
    ]
    return trimmed(read_wave(_run(command, text.encode())))


def read_wave(data: bytes) -> Wave:
    """A WAV file as samples. A header that promises more than there is, as in a stream, is no mistake."""
    with wave.open(BytesIO(data)) as file:
        if file.getnchannels() != 1 or file.getsampwidth() != 2:
            raise ValueError("a recording has one channel of 16 bits")
        frames = file.readframes(len(data))
        return Wave(file.getframerate(), array("h", frames[: len(frames) // 2 * 2]))


def trimmed(sound: Wave) -> Wave:
    """Without the silence before and after it."""
    loud = [at for at, sample in enumerate(sound.samples) if abs(sample) > _QUIET]
    edge = int(_EDGE * sound.rate)
    return Wave(sound.rate, sound.samples[max(0, loud[0] - edge) : loud[-1] + edge]) if loud else sound


def mp3(sound: Wave) -> bytes:
    """As MP3 of telephone quality, by whichever program is there."""
    for name, *arguments in map(str.split, _ENCODERS):
        if path := shutil.which(name):
            return _run([path, *arguments], _wave_file(sound))
    raise ToolMissing("no program that makes MP3 is installed: apt-get install lame")


def mp3_seconds(data: bytes) -> float:
    """The length of what `mp3` made."""
    return len(data) * 8 / BITS


def tick() -> Wave:
    """A soft tone that says: the line is still there."""
    pitch, seconds, loudness = _TONE
    count = int(seconds * RATE)
    swell = (math.sin(math.pi * at / count) for at in range(count))  # no click at either end
    samples = (int(loudness * loud * math.sin(2 * math.pi * pitch * at / RATE)) for at, loud in enumerate(swell))
    return Wave(RATE, array("h", samples))


def silence(seconds: float) -> Wave:
    """Nothing, for carriers that know no Pause, and for the breath between two groups of digits."""
    return Wave(RATE, array("h", bytes(2 * int(seconds * RATE))))


SOUNDS: Mapping[str, Callable[[], Wave]] = {
    "tick": tick,
    "gap": partial(silence, 0.4),
    **{f"silence_{seconds}": partial(silence, seconds) for seconds in range(1, 5)},
}
_ENCODERS = (
    "lame --quiet -t --cbr -b 16 -m m --resample 8 -q 2 - -",
    "ffmpeg -v error -i - -ac 1 -ar 8000 -b:a 16k -write_xing 0 -id3v2_version 0 -f mp3 -",
)


def _wave_file(sound: Wave) -> bytes:
    data = BytesIO()
    with wave.open(data, "wb") as file:
        file.setparams((1, 2, sound.rate, 0, "NONE", ""))
        file.writeframes(sound.samples.tobytes())
    return data.getvalue()


def _tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise ToolMissing(f"{name} is not installed: apt-get install {name}")
    return path


def _run(command: list[str], given: bytes) -> bytes:
    done = subprocess.run(command, input=given, capture_output=True, check=False, timeout=60)  # noqa: S603 - no shell
    if done.returncode:
        raise ToolMissing(f"{command[0]} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout
