"""The desk on a basic phone: what a counselor does by a short text, and what they are told."""
