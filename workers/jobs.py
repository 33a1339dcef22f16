"""What RQ runs. A job may run any number of times; it finds its work in the database."""

from workers import duties, sending
from workers.runtime import runtime
from workers.sending import Line


def send(number: str, channel: str, prompt: bool) -> int:
    """Sends what is due for one of our numbers; how many requests were made."""
    return sending.send(runtime(), Line(number, channel), prompt)


def sweep() -> None:
    """Puts right what was left behind."""
    duties.sweep(runtime())
