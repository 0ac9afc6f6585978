"""Checks codebooks against the schema of DDI Codebook 2.5.

By default against the part of it that is written in this folder; against the schema of the DDI
Alliance where ``DDI_CODEBOOK_XSD`` names its file ``codebook.xsd``.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from lxml import etree

SUBSET = Path(__file__).with_name("ddi-codebook-subset.xsd")


@cache
def _schema() -> etree.XMLSchema:
    """Return the schema."""
    return etree.XMLSchema(etree.parse(os.environ.get("DDI_CODEBOOK_XSD") or str(SUBSET)))


def errors(text: str) -> list[str]:
    """Return what the schema says against a codebook."""
    schema = _schema()
    schema.validate(etree.fromstring(text.encode()))
    return [f"{entry.line}: {entry.message}" for entry in schema.error_log]
