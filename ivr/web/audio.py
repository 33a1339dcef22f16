"""Recordings, which the carrier fetches to play them. They say what anybody who rings may hear."""

from urllib.parse import quote

from flask import Flask, Response, abort, send_file

from ivr.runtime import Runtime

DAY = 86_400


def register(app: Flask, runtime: Runtime) -> None:
    """Adds /audio/<language>/<file>."""

    @app.get("/audio/<language>/<file>")
    def recording(language: str, file: str) -> Response:
        speech = runtime.content.languages.get(language)
        path = speech.recording(file) if speech else None
        if speech is None or path is None:
            abort(404)
        response = send_file(path, mimetype="audio/mpeg", max_age=DAY, conditional=True)
        response.headers["X-Transcript"] = quote(speech.transcript(file))
        return response
