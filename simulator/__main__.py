"""`python -m simulator`: the pretend carrier as a program of its own, on this machine only."""

import logging
import os
import sys
import time

from werkzeug.serving import BaseWSGIServer, make_server

from simulator.app import create_app
from simulator.feed import Feed
from simulator.live import LiveNetwork
from simulator.settings import Missing, Settings
from simulator.wires import over_http

HOST = "127.0.0.1"


def main() -> int:
    """Serves until it is stopped; 1 where a setting is missing or the port is taken."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    try:
        settings = Settings.from_env(os.environ)
        server = serve(settings)
    except (Missing, OSError) as error:
        print(f"The simulator does not start: {error}", file=sys.stderr)
        return 1
    print(f"The pretend carrier is at http://{HOST}:{settings.port}/ and rings {settings.voice_url}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return 0
    return 0


def serve(settings: Settings) -> BaseWSGIServer:
    """A server with a thread for each request, so that a waiting phone holds nobody up."""
    app = create_app(LiveNetwork(settings, over_http(), Feed(first=int(time.time() * 1000))))
    server = make_server(HOST, settings.port, app, threaded=True)
    server.daemon_threads = True  # type: ignore[attr-defined]
    return server


if __name__ == "__main__":
    sys.exit(main())
