"""What keeps time, as the steps of an exercise do, or is heard whole: a key before it is over answers nothing."""

from ivr.engine.model import Output, Pause, Put, Say


def paced(outputs: Put) -> int:
    """How many of these outputs are heard when the last one that keeps time is over; 0 without any."""
    return max((place for place, output in enumerate(outputs, 1) if _keeps_time(output)), default=0)


def heard_whole(outputs: Put) -> int:
    """How many of these outputs are heard when the last one that is heard whole is over; 0 without any."""
    return max((place for place, output in enumerate(outputs, 1) if _is_whole(output)), default=0)


def _is_whole(output: Output) -> bool:
    return isinstance(output, Say) and output.whole and bool(output.voice)


def _keeps_time(output: Output) -> bool:
    return isinstance(output, Pause) or (isinstance(output, Say) and output.lasts > 0 and bool(output.voice))
