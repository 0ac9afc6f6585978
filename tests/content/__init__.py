"""Tests of the plugin ``tangerang_content``."""
