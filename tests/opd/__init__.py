"""Tests of the plugin tangerang_opd."""
