"""Conversations as data, and the pure function that takes a turn."""
