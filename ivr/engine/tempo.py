"""What keeps time, as the steps of an exercise do, or is heard whole: a key before it is over answers nothing."""

from collections.abc import Callable

from ivr.engine.model import Output, Pause, Put, Say


def paced(outputs: Put) -> int:
    """How many of these outputs are heard when the last one that keeps time is over; 0 without any."""
    return _up_to_the_last(_keeps_time, outputs)


def heard_whole(outputs: Put) -> int:
    """How many of these outputs are heard when the last one that is heard whole is over; 0 without any."""
    return _up_to_the_last(_is_whole, outputs)


def _up_to_the_last(is_so: Callable[[Output], bool], outputs: Put) -> int:
    return max((place for place, output in enumerate(outputs, 1) if is_so(output)), default=0)


def _is_whole(output: Output) -> bool:
    return isinstance(output, Say) and output.whole and bool(output.voice)


def _keeps_time(output: Output) -> bool:
    return isinstance(output, Pause) or (isinstance(output, Say) and output.lasts > 0 and bool(output.voice))
