"""What helps somebody whose search found nothing: other spellings, fewer words, fewer filters.

Each offer is an address with the number of records behind it; one that finds nothing is not made.
The numbers are those that the user would see. At most :data:`MOST_REQUESTS` requests of Solr, only
on such a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from flask import g, request
from rapidfuzz import process
from rapidfuzz.distance import OSA

from . import address, config, query, stemming, suggest, words

if TYPE_CHECKING:
    from collections.abc import Iterable

#: How many filters, and how many words, are tried without the others.
_FILTERS: Final = 5
_WORDS: Final = 4
#: The most requests of Solr: filters, all of them at once, words, spelling with its number.
MOST_REQUESTS: Final = _FILTERS + 1 + _WORDS + 2

#: How many records are read for other spellings, and how much may differ in a word of a length.
_READ: Final = 25
_SHORT: Final = 5
_FIELDS = ["title", "notes", "tags", "res_name"]

Offer = dict[str, Any]


def _scope() -> list[str]:
    """Return the filters that the page itself sets."""
    endpoint = str(request.endpoint)
    if endpoint in ("organization.read", "group.read"):
        field = "owner_org" if endpoint.startswith("organization") else "groups"
        value = g.group_dict["id" if field == "owner_org" else "name"]
        return [f'+{field}:"{value}"']
    if endpoint == "tangerang_kategori.read":
        return ["+dataset_type:dataset", f'+vocab_kategori:"{(request.view_args or {})["key"]}"']
    return [f"+dataset_type:{endpoint.split('.', maxsplit=1)[0]}"]


def filters_of(pairs: Iterable[tuple[str, str]]) -> tuple[list[str], dict[str, str]]:
    """Return the filters of some parameters as CKAN's pages make them, and the ``ext_`` ones."""
    fq, extras = [], {}
    for name, value in pairs:
        if name.startswith("ext_"):
            extras[name] = value
        elif name not in ("q", "sort") and value and not name.startswith("_"):
            fq.append('{}:"{}"'.format(name, value.replace("\\", "\\\\").replace('"', '\\"')))
    return fq, extras


def _count(q: str, pairs: Iterable[tuple[str, str]]) -> int:
    """Return how many records the user would see; 0 for what can not be searched for."""
    fq, extras = filters_of(pairs)
    try:
        found = tk.get_action("package_search")(
            {"user": tk.current_user.name, "auth_user_obj": tk.current_user},
            {
                "q": q,
                "fq_list": [*_scope(), *fq],
                "rows": 0,
                "facet": "false",
                "extras": extras,
                "include_private": tk.config["ckan.search.default_include_private"],
            },
        )
    except (SearchError, tk.ValidationError):
        return 0
    return int(found["count"])


def _without_filters(q: str, chips: list[dict[str, Any]]) -> tuple[list[Offer], address.Params]:
    """Return what is found without one of the filters, or without all, where there are several.

    :returns: the offers, and the parameters to try other words with: those of the page, or, where
        its text finds nothing without filters either, those without filters
    """
    offers, given = [], address.params()
    every = {pair for chip in chips for pair in chip["pairs"]}
    bare = [pair for pair in given if pair not in every]
    all_gone = _count(q, bare) if chips else 0
    if not all_gone:
        return [], bare
    for chip in chips[:_FILTERS] if len(chips) > 1 else []:
        count = _count(q, [pair for pair in given if pair not in chip["pairs"]])
        if count:
            offers.append({**chip, "count": count})
    if len(chips) == 1:
        offers.append({**chips[0], "count": all_gone})
    else:
        url = address.changed(without=every)
        label = tk._("Without any filter")
        offers.append({"title": "", "label": label, "url": url, "count": all_gone})
    return offers, given


def _with(q: str, given: address.Params) -> str:
    """Return the address of the page at hand with another text, and the filters of ``given``."""
    gone = [pair for pair in address.params() if pair not in given]
    return address.changed(without=["q", *gone], and_with=[("q", q)])


def _single_words(reading: query.Reading, given: address.Params) -> tuple[list[Offer], list[str]]:
    """Return the parts of a text that find something alone, and those that find nothing."""
    offers, unknown = [], []
    for part in reading.parts[:_WORDS]:
        text = " ".join(part.phrase)
        count = _count(text, given)
        if count:
            offers.append({"text": text, "url": _with(text, given), "count": count})
        else:
            unknown.append(text)
    return offers, unknown


def _vocabulary(unknown: list[str], known: words.Words) -> set[str]:
    """Return words that may be meant: those of public records with similar ones, and of the files.

    Only public records are read, so that no offer tells of others.
    """
    similar = " OR ".join(f"title:{word}~ OR text:{word}~" for word in unknown)
    try:
        found = tk.get_action("package_search")(
            {"user": ""}, {"q": similar, "rows": _READ, "fl": _FIELDS, "facet": "false"}
        )["results"]
    except SearchError:
        found = []
    vocabulary = {word for phrase in known.related for word in phrase}
    vocabulary.update(known.roots.values())
    for topic in tk.h.tangerang_topics():
        vocabulary.update(stemming.words(topic["label"]))
    for record in found:
        for value in record.values():
            for text in value if isinstance(value, list) else [value]:
                vocabulary.update(stemming.words(str(text)))
    return vocabulary


def _spelling(
    text: str, unknown: list[str], given: address.Params, known: words.Words
) -> Offer | None:
    """Return a text with its unknown words as they are probably spelled; None without any."""
    wrong = [word for entry in unknown for word in entry.split() if len(word) > _SHORT - 2]
    if not wrong:
        return None
    vocabulary = sorted(_vocabulary(wrong, known))
    meant = {}
    for word in wrong:
        most = 1 if len(word) <= _SHORT else 2
        best = process.extractOne(word, vocabulary, scorer=OSA.distance, score_cutoff=most)
        if best and best[0] != word:
            meant[word] = best[0]
    if not meant:
        return None
    right = " ".join(meant.get(word, word) for word in stemming.words(text))
    count = _count(right, given)
    if not count:
        return None
    fewer = given != address.params()
    return {"text": right, "url": _with(right, given), "count": count, "fewer": fewer}


def advice(text: str, chips: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what may be tried instead of a search that found nothing.

    :param text: what was looked for
    :param chips: the filters in force, as :func:`.facets.chips` returns them
    :returns: ``spelling`` (text, url, count, and ``fewer`` where the filters
        are gone; None without one), ``words`` (the same for single
        words), ``filters`` (chips with the count without them), ``organizations`` and ``topics``
        that the text names (name, title)
    """
    known = words.load(config.word_files())
    reading = query.read(text, known)
    filters, given = _without_filters(text, chips)
    out: dict[str, Any] = {
        "filters": filters,
        "spelling": None,
        "words": [],
        "organizations": [],
        "topics": [],
    }
    if reading is None:
        return out
    offers, unknown = _single_words(reading, given)
    out["words"] = offers if len(reading.parts) > 1 else []
    out["spelling"] = _spelling(text, unknown, given, known) if unknown else None
    return out | suggest.places(text, known)
