"""Failures that the person at the terminal can do something about."""

from __future__ import annotations

import errno


class StackError(Exception):
    """A failure with a remedy.

    :param message: what went wrong, in one sentence
    :param remedy: what to do about it
    :param detail: the end of a log or of a program's output, printed indented
    """

    def __init__(self, message: str, remedy: str, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.detail = detail

    def __str__(self) -> str:
        text = f"{self.message}\n  What to do: {self.remedy}"
        if self.detail:
            text += "\n" + "\n".join(f"  | {line}" for line in self.detail.splitlines())
        return text


DISK_REMEDY = (
    "free some space (the first start needs about 2 GB under .local/), then run the command "
    "again; what was half-made has been removed."
)
NETWORK_REMEDY = (
    "check the connection to the package registries (Python packages and Maven Central), and "
    "proxy settings such as HTTPS_PROXY or PIP_INDEX_URL, then run the command again; what was "
    "fetched so far is kept."
)

_DISK_SIGNS = ("no space left on device", "disk quota exceeded", "os error 28")
_NETWORK_SIGNS = (
    "dns error",
    "failed to fetch",
    "connection refused",
    "connection reset",
    "network is unreachable",
    "name or service not known",
    "temporary failure in name resolution",
    "failed to resolve",
    "could not connect",
    "error sending request",
    "max retries exceeded",
    "newconnectionerror",
    "timed out",
    "no matching distribution found for uv",
)


_CERTIFICATE_SIGNS = ("certificate verify failed", "certificate_verify_failed", "unknownissuer")


def explain(message: str, output: str, remedy: str) -> StackError:
    """Make the error for a program that failed, recognising a full disk and a dead network.

    :param message: what was being done, as a sentence
    :param output: what the program printed
    :param remedy: what to do when it is neither
    """
    tail = "\n".join(output.strip().splitlines()[-15:])
    lowered = output.lower()
    if any(sign in lowered for sign in _DISK_SIGNS):
        return StackError(f"{message} The disk is full.", DISK_REMEDY, tail)
    if any(sign in lowered for sign in _CERTIFICATE_SIGNS):
        return StackError(
            f"{message} The certificate of a package registry is not trusted.",
            "name the file with your network's certificate authority: SSL_CERT_FILE=/path.",
            tail,
        )
    if any(sign in lowered for sign in _NETWORK_SIGNS):
        return StackError(f"{message} A package registry did not answer.", NETWORK_REMEDY, tail)
    return StackError(message, remedy, tail)


def explain_os_error(error: OSError) -> StackError:
    """Make the error for an operating system failure of the stack itself."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StackError("The disk is full.", DISK_REMEDY, str(error))
    return StackError(
        "The operating system refused a file operation.",
        "check that this folder belongs to you and can be written (ls -ld . .local).",
        str(error),
    )
