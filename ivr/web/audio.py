"""Recordings, which the carrier fetches to play them. They say what anybody who rings may hear."""

from urllib.parse import quote

from flask import Flask, Response, abort, send_file

from ivr.i18n import Language
from ivr.runtime import Runtime

DAY = 86_400


def register(app: Flask, runtime: Runtime) -> None:
    """Adds /audio/<language>/<file>. Only files of the language's index are there to be fetched."""
    texts = {code: _texts(language) for code, language in runtime.content.languages.items()}

    @app.get("/audio/<language>/<file>")
    def recording(language: str, file: str) -> Response:
        text = texts.get(language, {}).get(file)
        if text is None:
            abort(404)
        path = runtime.content.languages[language].folder / "audio" / file
        response = send_file(path, mimetype="audio/mpeg", max_age=DAY, conditional=True)
        response.headers["X-Transcript"] = quote(text)
        return response


def _texts(language: Language) -> dict[str, str]:
    return {each.file: text for text, each in language.sound.recordings.items()}
