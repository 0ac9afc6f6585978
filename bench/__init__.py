"""Benchmarks against a stock CKAN on the same machine in the same run: ``make bench``."""
