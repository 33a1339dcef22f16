"""A phone in the terminal (`make phone`): rings and texts the running service through the pretend carrier."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import requests

from simulator.display import BELL, is_news, shown

HELP = """\
  call            ring the service; `call +254700000200` rings another of its numbers
  1 2 … 0 * #     press keys, one or several
  hang            put the phone down
  text <words>    send a text; `text +254700000200 <words>` to another number
  answer          take a call; `machine` lets an answering machine take it
  decline         do not take it; `ignore` lets it ring until they give up
  hide | show     withhold my number, or show it again
  wait <seconds>  only listen, for scripts
  quit            put the phone down and leave"""


class Handset:
    """One number at the carrier: what is typed goes there, what happens there is printed."""

    def __init__(self, base: str, number: str, say: Callable[[str], None], rings: bool = False) -> None:
        self.url = f"{base}/phones/{number}"
        self.say = say
        self.rings = rings  # aloud: the terminal's bell
        self.withheld = False
        self.heard_something = threading.Event()
        self._last = 0

    def connect(self) -> list[str]:
        """The service's numbers, each with its role; what happened before is not printed again. Raises OSError."""
        answer = requests.get(self.url.rpartition("/")[0] + "/lines", timeout=5)
        answer.raise_for_status()
        self._last = max((event["id"] for event in self._events(wait=0)), default=0)
        threading.Thread(target=self._follow, daemon=True).start()
        lines: dict[str, Any] = answer.json()
        return [f"{line} ({role})" if (role := lines["roles"].get(line)) else line for line in lines["numbers"]]

    def do(self, command: str) -> bool:
        """Obeys one line; False when it was to leave."""
        word, _, rest = command.strip().partition(" ")
        act = getattr(self, f"do_{word}", None) if word.isalpha() else None
        if word in ("quit", "exit"):
            return False
        if act is not None:
            act(rest.strip())
        elif word and set(word) <= set("0123456789*#"):
            self.press(word)
        elif word:
            self.say(HELP)
        return True

    def press(self, keys: str) -> None:
        """Presses keys in the call."""
        self._ask("keys", keys=keys)

    def do_call(self, line: str) -> None:
        """Rings."""
        self._ask("call", line=line, withheld=self.withheld)

    def do_hang(self, _: str) -> None:
        """Puts the phone down."""
        self._ask("hang-up")

    def do_text(self, words: str) -> None:
        """Sends a text."""
        first, _, rest = words.partition(" ")
        line, body = (first, rest) if first.startswith("+") and rest else ("", words)
        self.say(f"  you write   {body}")
        self._ask("texts", line=line, body=body, withheld=self.withheld)

    def do_answer(self, _: str) -> None:
        """Takes the call."""
        self._ask("answer")

    def do_machine(self, _: str) -> None:
        """Lets a machine take it."""
        self._ask("answer", machine=True)

    def do_decline(self, _: str) -> None:
        """Does not take it."""
        self._ask("decline")

    def do_ignore(self, _: str) -> None:
        """Lets it ring out."""
        self._ask("ring-out")

    def do_hide(self, _: str) -> None:
        """Withholds the number from now on."""
        self.withheld = True
        self.say("  your number is withheld")

    def do_show(self, _: str) -> None:
        """Shows the number again."""
        self.withheld = False
        self.say("  your number is shown")

    def do_wait(self, seconds: str) -> None:
        """Only listens."""
        threading.Event().wait(float(seconds) if seconds.replace(".", "", 1).isdecimal() else 1.0)

    def leave(self) -> None:
        """Puts the phone down if it is in a call: a line is not left open to nobody."""
        with suppress(OSError):
            if requests.post(f"{self.url}/hang-up", json={}, timeout=5).ok:
                self.say("  (you put the phone down)")

    def _ask(self, what: str, **wish: str | bool) -> bool:
        self.heard_something.clear()
        try:
            answer = requests.post(f"{self.url}/{what}", json=wish, timeout=10)
        except OSError:
            self.say("  (the carrier does not answer)")
            return False
        if not answer.ok:
            self.say(f"  ({_why(answer)})")
        return answer.ok

    def _follow(self) -> None:
        while True:
            try:
                for event in self._events(wait=1):
                    self._tell(event)
            except OSError:
                self.do_wait("1")

    def _events(self, wait: int) -> list[dict[str, Any]]:
        answer = requests.get(f"{self.url}/events", params={"after": self._last, "wait": wait}, timeout=40)
        answer.raise_for_status()
        events: list[dict[str, Any]] = answer.json()["events"]
        return events

    def _tell(self, event: dict[str, Any]) -> None:
        self._last = event["id"]
        words = shown(event)
        if words:
            self.say(words + (BELL if self.rings and is_news(event) else ""))
        if words and event["type"] != "call" and event.get("kind") != "press":
            self.heard_something.set()


def _why(answer: requests.Response) -> str:
    words = answer.text.partition("<p>")[2].partition("</p>")[0]
    return words or f"the carrier says {answer.status_code}"


def run(handset: Handset, commands: Iterable[str], scripted: bool) -> None:
    """Obeys until the last command. A script goes on once something was heard after each one."""
    for command in commands:
        if scripted and command.strip():
            handset.say(f"> {command.strip()}")
        if not handset.do(command):
            return
        if scripted and command.split()[:1] != ["wait"]:
            handset.heard_something.wait(3)


def _typed() -> Iterable[str]:
    while True:
        try:
            yield input()
        except (EOFError, KeyboardInterrupt):
            return


def main() -> int:
    """1 where the carrier does not answer."""
    parser = argparse.ArgumentParser(prog="python -m simulator.phone", description=__doc__)
    parser.add_argument("--from", dest="number", default="+254711000001", help="this phone's number")
    parser.add_argument("--carrier", default=f"http://127.0.0.1:{os.environ.get('SIMULATOR_PORT') or 8010}")
    wishes = parser.parse_args()
    scripted = not sys.stdin.isatty()
    handset = Handset(wishes.carrier, wishes.number, lambda line: print(line, flush=True), sys.stdout.isatty())
    try:
        lines = handset.connect()
    except OSError:
        print(f"Nobody answers at {wishes.carrier}: start the service first, with `make demo`.", file=sys.stderr)
        return 1
    print(f"This is {wishes.number}; the service is {', '.join(lines)}.\n{HELP}\n", flush=True)
    for closed in (signal.SIGTERM, signal.SIGHUP):  # a closed window puts the phone down too
        signal.signal(closed, lambda *_: sys.exit())
    try:
        with suppress(KeyboardInterrupt):
            run(handset, (line.rstrip("\n") for line in sys.stdin) if scripted else _typed(), scripted)
    finally:
        handset.leave()
    return 0


if __name__ == "__main__":
    sys.exit(main())
