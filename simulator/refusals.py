"""What the carrier's API refuses, with Twilio's codes."""


class Refusal(Exception):
    """`status` is HTTP's, `code` Twilio's."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
