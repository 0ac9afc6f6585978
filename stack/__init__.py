"""The development stack: a whole portal from nothing but Python and the package registries.

``python -m stack --help`` lists the commands; the Makefile wraps the usual ones. This package
runs on the standard library alone, because it is what installs everything else. Only
:mod:`stack.solr_server`, :mod:`stack.solr_jars` and :mod:`stack.wsgi` run inside the virtual
environment that it makes.
"""
