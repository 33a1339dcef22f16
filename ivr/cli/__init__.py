"""Commands for those who run the line: `flask db upgrade`, `flask flows check`, `flask callbacks`, `flask keys` …"""

from flask import Flask

from ivr.cli import content, desk, people, restoring, upkeep


def register(app: Flask) -> None:
    """Adds the commands to the app."""
    for room in (content, desk, people, restoring, upkeep):
        for command in room.COMMANDS:
            app.cli.add_command(command)
