"""Packaging of ckanext-tangerang.

The metadata is in ``pyproject.toml``; what only setup.py can say is here: the
message extractors that CKAN's ``pybabel`` workflow reads from it.
"""

from setuptools import setup

setup(
    message_extractors={
        "ckanext/tangerang": [
            ("**.py", "python", None),
            ("**.js", "javascript", None),
            ("**/templates/**.html", "ckan", None),
        ],
    },
)
