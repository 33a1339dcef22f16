"""The web application: webhooks, recordings, health. Deny by default; who may come in without proof is listed here."""

import logging

from flask import Flask

from ivr.console import door
from ivr.moments import moment_of
from ivr.runtime import Runtime
from ivr.web import audio, front, health, metrics, routes
from ivr.web.webhooks import LARGEST

log = logging.getLogger(__name__)

# Endpoints that ask for neither a carrier's signature nor a counselor: they tell nothing about anybody.
OPEN = frozenset({"alive", "ready", "recording", "metrics"})


def create_app(runtime: Runtime) -> Flask:
    """The application of this runtime."""
    app = Flask("ivr", static_folder=None)
    app.extensions["runtime"] = runtime
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    for warning in runtime.content.hotlines.warnings(moment_of(runtime.now()).date()):
        log.warning("verify these of flows/hotlines.yaml (see its top, and `flask hotlines check`); %s", warning)
    for room in (routes, audio, health, metrics, door):
        room.register(app, runtime)
    app.wsgi_app = front.shortened(app.wsgi_app, runtime)  # type: ignore[method-assign,assignment]
    return app
