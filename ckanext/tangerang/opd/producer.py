"""The OPD of a new dataset, named by a text or code as another system writes it (``produsen``).

A file of the portal (``ckanext.tangerang.opd.harvest_map``) may say which OPD the organizations
and authors of other portals are; what it does not know, the resolver is asked. Nothing is guessed:
a text that matches no OPD is an error that names the candidates.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import yaml

from ..locations import locate, read_yaml
from ..metadata.values import is_empty, shown
from . import config, lookup
from .resolver import REASONS
from .spelling import fold

if TYPE_CHECKING:
    from ckan.types import DataDict

    from .resolver import Answer

#: What names the OPD in place of ``owner_org``.
PRODUCER = "produsen"


class HarvestMapError(ValueError):
    """The file of other portals' organizations can not be used; the message says why."""


@lru_cache(maxsize=4)
def _read(location: str, changed: float) -> dict[str, str]:  # noqa: ARG001 - read again when changed
    """Return what the file at ``location`` says, by folded text; "" for what is not ours.

    :raises HarvestMapError: when it can not be read or is of another form
    """
    try:
        data = read_yaml(locate(location)) or {}
    except (LookupError, OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise HarvestMapError(f"{location} can not be read: {error}") from error
    if not isinstance(data, dict) or any(isinstance(v, (dict, list)) for v in data.values()):
        raise HarvestMapError(f"{location} must have lines of the form: other name: our OPD")
    return {fold(str(text)): "" if ours is None else str(ours) for text, ours in data.items()}


def _mapped(text: str) -> str | None:
    """Return what the file of the portal says an organization is; None where it says nothing.

    :raises HarvestMapError: when the file can not be used
    """
    location = config.harvest_map()
    if not location:
        return None
    try:
        changed = locate(location).stat().st_mtime
    except (LookupError, OSError) as error:
        raise HarvestMapError(f"{location} can not be read: {error}") from error
    return _read(location, changed).get(fold(text))


def _refusal(text: str, answer: Answer) -> str:
    """Return why a text names no OPD, with what it may mean."""
    said = tk._('"{text}" names no OPD: {reason}').format(
        text=shown(text), reason=tk._(REASONS[answer.reason])
    )
    if not answer.candidates:
        return said
    names = "; ".join(f"{c.unit.title} ({c.unit.name})" for c in answer.candidates)
    return " ".join((said, tk._("Perhaps you mean: {names}.").format(names=names)))


def owner_of(text: str) -> str:
    """Return the id of the organization that a text or code means.

    :param text: as another system names the producer of a dataset
    :raises ValidationError: when it is none, or may be several; the message names the candidates
    """
    ours = _mapped(text)
    if ours == "":
        reason = tk._("the portal's list of other organizations says that it is not one of ours.")
        said = tk._('"{text}" names no OPD: {reason}').format(text=shown(text), reason=reason)
        raise tk.ValidationError({PRODUCER: [said]})
    answer = lookup.current().resolve(ours or text)
    if answer.match is None:
        raise tk.ValidationError({PRODUCER: [_refusal(ours or text, answer)]})
    return answer.match.unit.id


def set_owner(data_dict: DataDict) -> None:
    """Put the organization that ``produsen`` means into ``owner_org``, where that is not given.

    ``produsen`` is taken away: it is a way to name the OPD, not a field of datasets.

    :raises ValidationError: as :func:`owner_of`
    """
    text: Any = data_dict.pop(PRODUCER, None)
    if is_empty(text) or not is_empty(data_dict.get("owner_org")):
        return
    if isinstance(text, bool) or not isinstance(text, (str, int, float)):
        raise tk.ValidationError({PRODUCER: [tk._("Write plain text here.")]})
    data_dict["owner_org"] = owner_of(str(text))
