"""The page of last resort: what is shown when even the error page can not be made.

The error page has the header of the portal, which asks who is logged in: without a database it
fails in its turn, and the server would answer with a bare line of text. This page needs nothing.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from markupsafe import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

log = logging.getLogger(__name__)

_STATUS: Final = "500 Internal Server Error"
#: It loads nothing, and a policy of its own says so.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
_STYLE: Final = (
    "body{max-width:40rem;margin:3rem auto;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif;"
    "color:#1d2733}h1{line-height:1.25}a{color:#005a99}hr{margin:2rem 0}"
)
#: By language: title, sentences, and the words of the links.
_TEXTS: Final = {
    "id": (
        "Portal sedang terganggu",
        (
            "Halaman ini belum dapat ditampilkan. Bukan kesalahan Anda, dan tidak ada data yang "
            "hilang karenanya. Gangguan dicatat secara otomatis."
        ),
        (
            "Coba lagi beberapa menit lagi. Bila Anda sedang mengisi formulir, tekan tombol "
            "Kembali pada peramban: yang sudah Anda ketik biasanya masih ada di sana."
        ),
        "Muat ulang halaman ini",
        "Beranda",
    ),
    "en": (
        "The portal has a problem",
        (
            "This page can not be shown right now. It is not your fault, and no data are lost by "
            "it. The problem has been written down."
        ),
        (
            "Try again in some minutes. If you were filling in a form, use the Back button of your "
            "browser: what you typed is usually still there."
        ),
        "Load this page again",
        "Home",
    ),
}


def page(path: str, home: str, name: str) -> str:
    """Return the page, in both languages, because nothing can be asked for the right one.

    :param path: that was asked for, with its query
    :param home: address of the home page
    :param name: of the portal
    """
    parts: list[str] = []
    for language, (title, what, todo, again, start) in _TEXTS.items():
        parts.append(
            f'<section lang="{language}"><h1>{escape(title)}</h1><p>{escape(what)}</p>'
            f'<p>{escape(todo)}</p><p><a href="{escape(path)}">{escape(again)}</a> · '
            f'<a href="{escape(home)}">{escape(start)}</a></p></section>'
        )
    return (
        '<!DOCTYPE html>\n<html lang="id"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(_TEXTS['id'][0])} - {escape(name)}</title><style>{_STYLE}</style></head>"
        f"<body><main>{'<hr>'.join(parts)}<p>500</p></main></body></html>\n"
    )


class LastResort:
    """WSGI middleware that answers where the application could not.

    :param application: of Flask
    :param name: of the portal
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], name: str) -> None:
        self.application = application
        self.name = name

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Return the answer of the application, or the page of last resort."""
        try:
            return self.application(environ, start_response)
        except Exception:
            log.exception("Not even the error page could be made: %s", environ.get("PATH_INFO"))
        root = str(environ.get("SCRIPT_NAME") or "")
        query = str(environ.get("QUERY_STRING") or "")
        # Behind a slash of its own: a path may begin with two, which browsers take for a host.
        path = f"{root}/{str(environ.get('PATH_INFO') or '').lstrip('/')}"
        body = page(f"{path}?{query}" if query else path, f"{root}/", self.name).encode()
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", _POLICY),
            ("Cache-Control", "no-store"),
            ("Retry-After", "120"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        start_response(_STATUS, headers)
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]
