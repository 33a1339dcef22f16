"""The one style sheet and the one script, under addresses that change with them: fetched once, kept for a year."""

import hashlib
import re
from pathlib import Path

from flask import Blueprint, Response

_FOLDER = Path(__file__).parent / "static"
_KINDS = {"desk.css": "text/css; charset=utf-8", "desk.js": "text/javascript; charset=utf-8"}
_COMMENTS = re.compile(rb"^\s*//.*\n", re.MULTILINE)  # bytes that only we read
_FILES = {name: _COMMENTS.sub(b"", (_FOLDER / name).read_bytes()) for name in _KINDS}
_VERSION = hashlib.sha256(b"".join(_FILES.values())).hexdigest()[:8]
ADDRESS = f"/console/static/{_VERSION}"


def register(pages: Blueprint) -> None:
    """Adds them to the pages. They tell nothing about anybody."""

    @pages.get("/static/<version>/<name>")
    def asset(version: str, name: str) -> Response:
        if version != _VERSION or name not in _FILES:
            return Response(status=404)
        response = Response(_FILES[name], content_type=_KINDS[name])
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
