"""Tests of the files under ``docker/``; they need no services and no Docker."""
