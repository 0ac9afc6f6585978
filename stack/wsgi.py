"""The WSGI application that gunicorn serves; ``CKAN_INI`` names the configuration file.

It compresses what a reverse proxy compresses in production (``docs/produksi.md``), so that pages
weigh here what they weigh there.
"""

from __future__ import annotations

import gzip
import os
from typing import TYPE_CHECKING, Any

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: What text is; smaller answers gain nothing, larger ones (dumps, catalogues) are streamed.
_TYPES = ("application/javascript", "application/json", "image/svg+xml", "text/")
_SMALLEST = 512
_LARGEST = 2 * 1024 * 1024
_LEVEL = 6


class Compressed:
    """An application whose texts of a middle size are sent by gzip to readers that ask for it."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        request = Request(environ)
        response: Any = Response.from_app(self.application, environ)
        size = response.content_length or 0
        if (
            request.method == "GET"
            and response.status_code == 200  # noqa: PLR2004
            and "gzip" in request.accept_encodings
            and "Content-Encoding" not in response.headers
            and response.mimetype.startswith(_TYPES)
            and _SMALLEST <= size <= _LARGEST
        ):
            response.direct_passthrough = False
            response.set_data(gzip.compress(response.get_data(), _LEVEL, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
            response.vary.add("Accept-Encoding")
            if response.get_etag()[0]:
                # Another form of the same: a strong tag would claim that the bytes are the same.
                response.set_etag(response.get_etag()[0], weak=True)
        return response(environ, start_response)


application = Compressed(make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config()))
