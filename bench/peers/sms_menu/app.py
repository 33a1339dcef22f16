# mypy: disable-error-code="import-not-found"
"""The menu as a RapidSMS app. It keeps no state at all, which is in its favour."""

from typing import Any

from rapidsms.apps.base import AppBase

MENU = "What would help now? 1 How are you today. 2 An exercise that calms. 3 Ask for a call. 4 Settings and languages"
EXERCISES = "Which one? 1 Slow breathing. 2 Five things around you. 3 The long sigh. 4 More"


class App(AppBase):  # type: ignore[misc]
    """Answers each text with one of two menus."""

    def handle(self, text: Any) -> bool:
        """RapidSMS hands every text here, and logs it and the answer."""
        text.respond(EXERCISES if text.text.strip() == "2" else MENU)
        return True
