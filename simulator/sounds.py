"""How long speech and recordings last, and the small tone that stands for a caller's recorded voice."""

import io
import math
import struct
import wave

CHARACTERS_A_SECOND = 13.0
ONSET = 0.3
UNKNOWN = 1.0
TYPES = ("audio/", "application/ogg")
_SAMPLE_RATE = 8000
_MPEG1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


def spoken_seconds(text: str) -> float:
    """About how long a voice needs for the text."""
    return ONSET + len(text) / CHARACTERS_A_SECOND if text else 0.0


def played_seconds(content: bytes) -> float:
    """How long a wav or mp3 file plays; one second for what is neither."""
    if content[:4] == b"RIFF":
        return _wav_seconds(content)
    return _mp3_seconds(content)


def _wav_seconds(content: bytes) -> float:
    try:
        with wave.open(io.BytesIO(content)) as sound:
            return float(sound.getnframes() / sound.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError):
        return UNKNOWN


def _mp3_seconds(content: bytes) -> float:
    """From the first frame's bitrate, as if it held for the whole file."""
    start = _after_tags(content)
    while 0 <= (start := content.find(b"\xff", start)) < len(content) - 4:
        if bitrate := _bitrate(content[start : start + 4]):
            return (len(content) - start) * 8 / (bitrate * 1000)
        start += 1
    return UNKNOWN


def _after_tags(content: bytes) -> int:
    if content[:3] != b"ID3" or len(content) < 10:
        return 0
    size = 0
    for byte in content[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _bitrate(header: bytes) -> int:
    """kbit/s of a layer 3 frame; 0 where this is no frame."""
    if header[1] & 0xE6 != 0xE2 or header[2] & 0x0C == 0x0C or header[2] >> 4 == 15:
        return 0
    table = _MPEG1 if header[1] & 0x18 == 0x18 else _MPEG2
    return table[header[2] >> 4]


def tone(seconds: float) -> bytes:
    """A soft hum as a wav file."""
    count = int(min(seconds, 5.0) * _SAMPLE_RATE)
    samples = (int(6000 * math.sin(2 * math.pi * 220 * n / _SAMPLE_RATE)) for n in range(count))
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_SAMPLE_RATE)
        sound.writeframes(struct.pack(f"<{count}h", *samples))
    return file.getvalue()
