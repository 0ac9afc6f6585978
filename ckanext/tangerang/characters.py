"""Characters that no document of XML, and so no workbook and no feed, can hold.

They come out of PDF files and old programs, stand for nothing that anybody sees, and make readers
refuse the whole document. A library without CKAN.
"""

from __future__ import annotations

import re

#: All that is no character of XML 1.0 (section 2.2); halves of pairs of UTF-16 among them.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def fit(text: str) -> str:
    """Return a text without such characters; tabs and ends of lines stay."""
    return UNFIT.sub("", text)
