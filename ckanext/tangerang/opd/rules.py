"""Rules of the registry about one OPD, whether it comes from a form, the API or a file.

A library without CKAN and database. Each function raises :class:`~.metadata.values.Problem`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..metadata.values import N_, Problem
from .registry import MERGED, SPLIT

if TYPE_CHECKING:
    from collections.abc import Collection

#: An empty place for an affair in an OPD code.
_EMPTY = "0.00"
#: The three places for affairs at the beginning of an OPD code.
_AFFAIR = re.compile(r"\d\.\d{2}")
_PLACES = 3


def affairs_of(code: str) -> list[str]:
    """Return the government affairs that an OPD code names (Permendagri 90/2019).

    :param code: in the form that :func:`~..metadata.values.read_opd_code` accepts
    """
    parts = code.split(".")
    places = [".".join(parts[n : n + 2]) for n in range(0, 2 * _PLACES, 2)]
    return [place for place in places if _AFFAIR.fullmatch(place) and place != _EMPTY]


def check_code(code: str, urusan: Collection[str]) -> None:
    """Check that the affairs in an OPD code are affairs of the OPD (Permendagri 90/2019).

    :raises Problem: naming those that are not, or that the code names none
    """
    if not code:
        return
    named = affairs_of(code)
    if not named:
        raise Problem(
            N_('The code "{code}" names no government affair. It begins with one: 2.16…'), code=code
        )
    foreign = [affair for affair in named if affair not in urusan]
    if foreign:
        raise Problem(
            N_(
                'The code "{code}" names the affair {affairs}, which is not among the affairs of '
                "this OPD. Correct the code, or add the affair."
            ),
            code=code,
            affairs=", ".join(foreign),
        )


def check_ending(cara_berakhir: str, pengganti: Collection[str], own: Collection[str]) -> None:
    """Check that a merged or split OPD says what replaces it, and never itself.

    :param own: id and address of the OPD
    :raises Problem: when it does not
    """
    if cara_berakhir in (MERGED, SPLIT) and not pengganti:
        raise Problem(N_("An OPD that was merged or split needs the OPD that replace it."))
    if set(pengganti) & set(own):
        raise Problem(N_("An OPD can not replace itself."))
