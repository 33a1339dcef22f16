"""A menu by text on RapidSMS 2.2.0, which lives in an environment of its own."""
