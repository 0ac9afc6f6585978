"""Tests of the plugin ``tangerang_usage``."""
