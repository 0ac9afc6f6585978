"""Reading of region codes: only those of Kemendagri that exist.

A plain library without CKAN. What looks like the code of BPS, or has lost its dots, is refused
with the code of Kemendagri to write instead: it is never replaced unseen, because the two number
kecamatan in different orders (BPS 3603130 is 36.03.01).
"""

from __future__ import annotations

from typing import Any

from .. import wilayah
from .values import N_, Problem, as_list, read_region_codes, shown, split_list


def _check(word: str) -> None:
    """Refuse what is no code of Kemendagri, naming the one that is meant where it is known.

    :raises Problem: for such a word
    """
    meant = wilayah.kemendagri_code(word)
    if meant:
        raise Problem(
            N_(
                '"{value}" is not a Kemendagri region code. If you mean {name}, write its '
                "Kemendagri code: {code}."
            ),
            value=word,
            name=wilayah.region_name(meant),
            code=meant,
        )
    read_region_codes(word)
    if not wilayah.is_region(word):
        raise Problem(N_('No region has the Kemendagri code "{value}".'), value=shown(word))


def read_known_regions(value: Any) -> str | None:
    """Return the stored list of Kemendagri codes that exist.

    :raises Problem: for any other code
    """
    for word in split_list(value):
        _check(word)
    return read_region_codes(value)


def read_known_region(value: Any) -> str | None:
    """Return one Kemendagri code that exists.

    :raises Problem: for any other code, and for several
    """
    stored = read_known_regions(value)
    codes = as_list(stored) if stored else []
    if len(codes) > 1:
        raise Problem(N_("Write one region code here."))
    return codes[0] if codes else None
