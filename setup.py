"""Packaging of ckanext-tangerang: everything is in ``pyproject.toml``."""

from setuptools import setup

setup()
