"""The runtime that the commands of this process work with."""

from flask import current_app

from ivr.runtime import Runtime


def runtime() -> Runtime:
    """That of the app whose command runs."""
    found: Runtime = current_app.extensions["runtime"]
    return found
