"""Telling people what happened to their records, and what they should not forget."""
