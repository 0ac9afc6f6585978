"""Tests of the plugin tangerang_metadata."""
