"""Serves a portal over HTTP on a free port, which it prints: a script for the tests."""

from __future__ import annotations

import os
import sys

from ckan.cli import load_config
from ckan.config.middleware import make_app
from werkzeug.serving import make_server


def main():
    """Serve until the process is ended."""
    server = make_server("127.0.0.1", 0, make_app(load_config(sys.argv[1])), threaded=True)
    print(f"port {server.server_port}", flush=True)
    # Nobody reads the rest: a log would fill the pipe, and the portal would stand still.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    server.serve_forever()


if __name__ == "__main__":
    main()
