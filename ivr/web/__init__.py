"""The carrier's webhooks."""
