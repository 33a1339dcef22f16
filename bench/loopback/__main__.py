"""`python -m bench.loopback --port N`: serves until it is stopped, on this machine only."""

import argparse
import asyncio
import os
import signal
import sys
from functools import partial
from pathlib import Path

from bench.loopback import controls
from bench.loopback.callbacks import Callbacks
from bench.loopback.carrier import Carrier, Pace
from bench.loopback.ledger import Ledger
from bench.loopback.trouble import Trouble, Wrong
from bench.loopback.wire import Wire

HOST = "127.0.0.1"
HELP = """\
faults, by chance or by number (POST /faults {"faults": "…", "to": {"+254711000001": "hang"}, "lag": 30, …}):
  nothing accepted    429 500 503 reset-before hang, or a code as 21610 or 20003
  accepted            500-accepted 503-accepted reset-after hang-after slow:P:SECONDS drip:P:SECONDS wrong-json close
  what becomes of it  undelivered-30003 failed-21610 (any code), of calls busy no-answer
  its callbacks       callback-early (before the answer) callback-duplicate callback-shuffle callback-lost
  lists               list-429 list-500 list-503 list-reset list-hang list-slow:P:SECONDS
read GET /ledger?after=N, GET /stats, GET /faults; DELETE /ledger forgets all."""


def main(arguments: list[str] | None = None) -> int:
    """1 where an order makes no sense or the port is taken."""
    wishes = _parser().parse_args(arguments)
    try:
        carrier = _carrier(wishes)
        asyncio.run(_serve(carrier, wishes.port))
    except (Wrong, OSError) as error:
        print(f"The loopback carrier does not start: {error}", file=sys.stderr)
        return 1
    finally:
        sys.stdout.flush()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m bench.loopback", epilog=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=0, help="0: any; it is printed")
    parser.add_argument("--ledger", type=Path, help="one JSON line for each accepted text or call")
    parser.add_argument("--rtt-ms", type=float, default=0.0, help="before every answer of the API")
    parser.add_argument("--rate", type=float, default=0.0, help="segments and calls a second and sender; above: 429")
    parser.add_argument("--lag", type=float, default=0.0, help="seconds until something is in the lists")
    parser.add_argument("--faults", default="", help="kind:probability[:seconds], commas between")
    parser.add_argument("--seed", type=int, help="of the faults' dice")
    posts = "post signed status callbacks; to BASE whatever host they name"
    parser.add_argument("--callbacks", nargs="?", const="", metavar="BASE", help=posts)
    parser.add_argument("--callback-after-ms", type=float, default=50.0, help="from the answer to its callbacks")
    return parser


def _carrier(wishes: argparse.Namespace) -> Carrier:
    trouble, callbacks = Trouble(wishes.faults, wishes.seed), None
    if wishes.callbacks is not None:
        token, _, _ = os.environ.get("TWILIO_AUTH_TOKEN", "").partition(",")
        if not token:
            raise Wrong("TWILIO_AUTH_TOKEN is not set, and it signs the callbacks")
        callbacks = Callbacks(token.strip(), os.environ.get("TWILIO_ACCOUNT_SID", ""), trouble, wishes.callbacks)
    times = {"lag": wishes.lag, "rtt": wishes.rtt_ms / 1000, "after": wishes.callback_after_ms / 1000}
    return Carrier(Ledger(wishes.ledger), trouble, callbacks, Pace(wishes.rate), **times)


async def _serve(carrier: Carrier, port: int) -> None:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    server = await loop.create_server(lambda: Wire(partial(controls.answer, carrier)), HOST, port, backlog=1024)
    print(f"http://{HOST}:{server.sockets[0].getsockname()[1]} seed {carrier.trouble.seeded}", flush=True)
    await stopped.wait()
    server.close()
    if carrier.callbacks:
        carrier.callbacks.stop()


if __name__ == "__main__":
    sys.exit(main())
