"""Tests of tangerang_security."""
