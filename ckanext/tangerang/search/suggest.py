"""What is suggested to somebody who is still typing: only what is public, whoever asks."""

from __future__ import annotations

from typing import Final

import ckan.plugins.toolkit as tk
from ckan import plugins as p
from ckan.lib.search import SearchError

from ..metadata.fields import DATASET_TYPE, INDICATOR_TYPE
from . import config, query, stemming, words

#: Shorter texts find nearly everything.
_SHORTEST: Final = 2
#: How many of each kind are suggested.
_DATASETS, _OTHERS = 5, 3
#: From this score on (0 to 100) an OPD that is only similar is suggested.
_LIKELY: Final = 85
#: The fields that are searched, and what they weigh: titles first.
_QUERY_FIELDS = "title^6 name^2 tags^2 text"
_FIELDS = ["name", "title"]

Suggestion = dict[str, str]


def _records(q: str, record_type: str, rows: int) -> list[Suggestion]:
    """Return the public records of one type that a query finds, the best first.

    One request of Solr, which returns the few fields that are shown, and one of the database.
    """
    found = tk.get_action("package_search")(
        {"user": ""},
        {
            "q": q,
            "defType": "edismax",
            "qf": _QUERY_FIELDS,
            "fq": f"+dataset_type:{record_type}",
            "rows": rows,
            "fl": _FIELDS,
            "facet": "false",
        },
    )
    return [
        {"name": row["name"], "title": row.get("title") or row["name"]} for row in found["results"]
    ]


def _has(part: query.Part, has: list[str], known: words.Words, *, begun: bool) -> bool:
    """Tell whether a text has the words of a part, their stems, or those of a related phrase.

    :param has: the words of the text
    :param begun: the last word may be the beginning of one
    """
    stems = {known.stem(word) for word in has}
    if any(stems.issuperset(map(known.stem, phrase)) for phrase in (part.phrase, *part.related)):
        return True
    *whole, last = part.phrase
    return (
        begun
        and stems.issuperset(map(known.stem, whole))
        and any(word.startswith(last) for word in has)
    )


def _fits(reading: query.Reading, text: str, known: words.Words) -> bool:
    """Tell whether a text has all parts of what somebody is typing."""
    has = stemming.words(text)
    *first, last = reading.parts
    return _has(last, has, known, begun=True) and all(
        _has(part, has, known, begun=False) for part in first
    )


def _organizations(text: str, known: words.Words) -> list[Suggestion]:
    """Return the OPD that a text names; where none has its words, those of related words.

    By three queries at most: of the registry by the text, of the whole, and of the resolver.
    """
    reading = query.read(text, known)
    if reading is None or not p.plugin_loaded("tangerang_opd"):
        return []
    units = tk.get_action("tangerang_opd_list")({"user": ""}, {"q": text})
    if not units and reading.related:
        every = tk.get_action("tangerang_opd_list")({"user": ""}, {})
        units = [unit for unit in every if _fits(reading, unit["title"], known)]
    units.sort(key=lambda unit: unit["closed"])
    if not units:
        answer = tk.get_action("tangerang_opd_resolve")({"user": ""}, {"q": text})
        likely = [entry for entry in answer["candidates"] if entry["score"] >= _LIKELY]
        units = [answer["match"]] if answer["match"] else likely
    return [{"name": unit["name"], "title": unit["title"]} for unit in units[:_OTHERS]]


def _topics(text: str, known: words.Words) -> list[Suggestion]:
    """Return the topics whose labels, in any language, or description have all that a text says."""
    reading = query.read(text, known)
    labels = {choice["value"]: choice["label"] for choice in tk.h.tangerang_topic_choices({})}
    found = []
    for topic in tk.h.tangerang_topics():
        texts = " ".join([*labels[topic["key"]].values(), topic["description"]])
        if reading and _fits(reading, texts, known):
            found.append({"name": topic["key"], "title": topic["label"]})
    return found[:_OTHERS]


def places(text: str, known: words.Words) -> dict[str, list[Suggestion]]:
    """Return the organizations and topics that a text names, by three queries at most."""
    return {"organizations": _organizations(text, known), "topics": _topics(text, known)}


def suggest(text: str) -> dict[str, list[Suggestion]]:
    """Return what a text may mean: datasets, indicators, organizations and topics.

    At most two requests of Solr and a fixed number of the database, however much the portal holds.

    :param text: what was typed so far
    """
    known = words.load(config.word_files())
    q = query.complete(text, known) if len(text) >= _SHORTEST else None
    if q is None:
        return {"datasets": [], "indicators": [], "organizations": [], "topics": []}
    try:
        datasets = _records(q, DATASET_TYPE, _DATASETS)
        indicators = _records(q, INDICATOR_TYPE, _OTHERS)
    except SearchError:
        datasets = indicators = []
    return {
        "datasets": datasets,
        "indicators": indicators,
        **places(text, known),
    }
