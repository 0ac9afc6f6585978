"""Reads what a link leads to, only to know its hash: bounded, and never inside our own network.

A link is typed by somebody, and what it leads to belongs to somebody else. Each host is resolved
once, all its addresses must be public, and the connection goes to one of those addresses: what the
name says a moment later does not matter. That holds for each redirect again.

Where ``ckan.download_proxy`` is set, everything goes through it, and it decides what is allowed.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Collection

    from typing_extensions import Self

_CHUNK: Final = 1 << 16
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_OK: Final = 200
#: Addresses of IPv4 written as IPv6 by translators (RFC 6052).
_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")
#: Signs that an address may hold as they are.
_KEPT: Final = "!#$%&'()*+,/:;=?@[]~"
#: What web pages say they are: they differ at each visit.
_PAGES: Final = ("text/html", "application/xhtml+xml")


class Unreachable(Exception):  # noqa: N818 - says what it is
    """The link leads to nothing that can be read; says why."""


@dataclass(frozen=True)
class Limits:
    """How far a fetch goes."""

    #: The largest answer, in bytes.
    size: int = 50_000_000
    #: For everything together, in seconds.
    seconds: float = 60
    redirects: int = 5
    #: Hosts that may be read although their addresses are not public.
    hosts: Collection[str] = field(default_factory=frozenset)
    #: ``ckan.download_proxy``; empty for none.
    proxy: str = ""


@dataclass(frozen=True)
class Digest:
    """What a link leads to."""

    sha256: str
    #: In bytes.
    size: int


def _is_public(address: str) -> bool:
    """Tell whether an address is one of the public network."""
    found = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is None and found in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(str(inner))
    return found.is_global and not found.is_multicast


class _Deadline:
    """The time that is left."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left.

        :raises Unreachable: when there are none
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise Unreachable("it takes too long")
        return left


def _connect(host: str, port: int, limits: Limits, deadline: _Deadline) -> socket.socket:
    """Connect to a host whose addresses are all public.

    :raises Unreachable: when one is not, or there is none
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable("the host is not known") from error
    if not limits.proxy and host not in limits.hosts:
        for *_, address in found:
            if not _is_public(str(address[0])):
                raise Unreachable("the host is inside a private network")
    for *_, address in found:
        with contextlib.suppress(OSError):
            return socket.create_connection(
                (str(address[0]), int(address[1])), timeout=deadline.left()
            )
    raise Unreachable("the host does not answer")


def _open(parts: SplitResult, limits: Limits, deadline: _Deadline, watch: _Watch) -> Any:
    """Return a connection for an address, through the proxy where there is one."""
    secure = parts.scheme == "https"
    host, port = str(parts.hostname), parts.port or (443 if secure else 80)
    proxy = urlsplit(limits.proxy)
    first = (str(proxy.hostname), proxy.port or 80) if limits.proxy else (host, port)
    context = ssl.create_default_context()
    connection: Any = (
        http.client.HTTPSConnection(*first, timeout=deadline.left(), context=context)
        if secure
        else http.client.HTTPConnection(*first, timeout=deadline.left())
    )
    if limits.proxy and secure:
        connection.set_tunnel(host, port)

    def connect(address: tuple[str, int], *_: Any) -> socket.socket:
        return watch.follow(_connect(*address, limits, deadline))

    # What http.client itself calls to connect, before it begins TLS.
    connection._create_connection = connect
    return connection


class _Watch:
    """Ends a connection when its time is over, whoever is waiting for its next byte."""

    def __init__(self, seconds: float) -> None:
        self._twin: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)

    def follow(self, connected: socket.socket) -> socket.socket:
        """Keep a second handle: TLS takes the first one away."""
        self._twin = connected.dup()
        return connected

    def _end(self) -> None:
        if self._twin is not None:
            with contextlib.suppress(OSError):
                self._twin.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        if self._twin is not None:
            self._twin.close()


def _parts(url: str) -> SplitResult:
    """Return the parts of an address.

    :raises Unreachable: when it is none that is read
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise Unreachable("this is no address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Unreachable("only http and https are read")
    if not url.isprintable():
        raise Unreachable("this is no address")
    # As browsers do: what an address can not hold is written as %xx, what is so already stays.
    return parts._replace(
        path=quote(parts.path, safe=_KEPT) or "/", query=quote(parts.query, safe=_KEPT), fragment=""
    )


def _hash(answer: Any, limits: Limits, deadline: _Deadline) -> Digest:
    """Return the hash of an answer; all web pages have the same.

    :raises Unreachable: when it is too large, or takes too long
    """
    kind = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    if kind in _PAGES:
        return Digest(hashlib.sha256(b"text/html").hexdigest(), 0)
    sum_, size = hashlib.sha256(), 0
    while chunk := answer.read(_CHUNK):
        size += len(chunk)
        if size > limits.size:
            raise Unreachable("it is too large")
        sum_.update(chunk)
    # A connection that was ended looks like the end of the answer.
    deadline.left()
    declared = answer.getheader("Content-Length")
    if declared and declared.isdigit() and int(declared) != size:
        raise Unreachable("the answer ended early")
    return Digest(sum_.hexdigest(), size)


def _ask(url: str, limits: Limits, deadline: _Deadline) -> Digest | str:
    """Ask for one address; return what it is, or the address that it leads on to."""
    parts = _parts(url)
    whole = bool(limits.proxy) and parts.scheme == "http"
    target = urlunsplit(parts if whole else parts._replace(scheme="", netloc=""))
    with _Watch(deadline.left()) as watch:
        connection = _open(parts, limits, deadline, watch)
        try:
            connection.putrequest("GET", target, skip_accept_encoding=True)
            connection.putheader("Accept-Encoding", "identity")
            connection.putheader("User-Agent", "ckanext-tangerang")
            connection.endheaders()
            answer = connection.getresponse()
            deadline.left()
            place = answer.getheader("Location")
            if answer.status in _REDIRECTS and place:
                return urljoin(url, place)
            if answer.status != _OK:
                raise Unreachable(f"the host answers {answer.status}")
            return _hash(answer, limits, deadline)
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            deadline.left()
            raise Unreachable("the connection failed") from error
        finally:
            connection.close()


def digest(url: str, limits: Limits) -> Digest:
    """Return the hash of what a link leads to.

    :param url: as it was typed
    :raises Unreachable: when there is nothing that may be read
    """
    deadline = _Deadline(limits.seconds)
    for _ in range(limits.redirects + 1):
        found = _ask(url, limits, deadline)
        if isinstance(found, Digest):
            return found
        url = found
    raise Unreachable("it leads on too often")
