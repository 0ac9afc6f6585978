"""Satu Data Indonesia for CKAN: the plugins of Tangerang Satu Data.

Each feature is a folder with a CKAN plugin of its own (``metadata``, ``opd``, ``interop``,
``theme``, ``security``, ``demo``); ``wilayah`` is a plain library. What several of them need
is here: :mod:`.base` (the plugin base class), :mod:`.config` (typed options), :mod:`.cli`.
"""
