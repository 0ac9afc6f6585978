"""Template helpers of the plugin ``tangerang_content``."""

from __future__ import annotations

from typing import Any, Final

import ckan.plugins.toolkit as tk
from flask import g, has_request_context
from markupsafe import Markup, escape

from ..metadata.language import current_language, localized
from ..metadata.roles import acts_as_walidata
from . import config, glossary, store, texts

#: Where on flask.g the number of explanations of this page is.
_COUNT: Final = "tangerang_terms"
#: The page of the glossary.
GLOSSARY: Final = "glosarium"


def tangerang_content_links(place: str) -> list[dict[str, Any]]:
    """Return the pages whose link stands at a place, in their order, for menus.

    :param place: ``menu`` or ``footer``
    :returns: ``[{"name", "title", "url"}]`` in the language of the page
    """
    language = current_language()
    return [
        {
            "name": page.name,
            "title": texts.localized(page.content, "title", language),
            "url": tk.h.url_for("tangerang_halaman.read", name=page.name),
        }
        for page in store.public()
        if page.content.place == place
    ]


def tangerang_content_url(name: str) -> str:
    """Return the address of a page, for links in texts; empty where it is not public.

    :param name: such as ``kontak``
    """
    if not any(page.name == name for page in store.public()):
        return ""
    return str(tk.h.url_for("tangerang_halaman.read", name=name))


def tangerang_content_may_edit() -> bool:
    """Tell whether the user of the request may write pages."""
    user = tk.current_user
    if user.is_anonymous:
        return False
    return acts_as_walidata({"user": user.name, "auth_user_obj": user})


def tangerang_glossary() -> list[dict[str, str]]:
    """Return all terms of the glossary in alphabetical order, in the language of the page.

    :returns: ``[{"key", "label", "text"}]``; ``key`` is also the anchor on the page of the glossary
    """
    found = [
        {"key": term.key, "label": localized(term.labels), "text": localized(term.texts)}
        for term in glossary.load(config.glossary_location())
    ]
    return sorted(found, key=lambda term: term["label"].casefold())


def _number() -> int:
    """Return the next number of an explanation on this page: ids are one of a kind."""
    if not has_request_context():
        return 0
    number = vars(g).get(_COUNT, 0) + 1
    setattr(g, _COUNT, number)
    return number


def tangerang_term(key: str, label: str | None = None) -> Markup:
    """Return a word with its explanation from the glossary, for templates.

    A button beside the word opens the explanation: by mouse, finger or keyboard, without
    JavaScript (``popover``), and Esc closes it. A browser that does not know that shows the
    explanation beside the word. What it returns is phrasing content: it may stand in ``p``, ``dt``,
    ``th`` or a heading, but not in a link, button or ``label``.

    :param key: of the term, or the name of a field that means it
    :param label: the word on the page; None for the label of the term, empty for the button alone
    :returns: the word alone where the glossary does not have the term
    """
    term = glossary.by_key(config.glossary_location()).get(key)
    if term is None:
        return escape(key if label is None else label)
    name = localized(term.labels)
    shown = name if label is None else label
    anchor = f"istilah-{term.key}-{_number()}"
    page = tangerang_content_url(GLOSSARY)
    link = Markup(' <a href="{}#{}">{}</a>').format(page, term.key, tk._("Glossary"))
    return Markup(
        '<span class="tangerang-term">{shown}<button type="button" class="tangerang-term-button" '
        'popovertarget="{anchor}" aria-label="{question}">?</button>'
        '<span class="tangerang-term-text" id="{anchor}" popover><strong>{name}</strong> '
        "{text}{more}</span></span>"
    ).format(
        shown=Markup("{} ").format(shown) if shown else "",
        anchor=anchor,
        question=tk._("What is {term}?").format(term=name),
        name=name,
        text=localized(term.texts),
        more=link if page else "",
    )
