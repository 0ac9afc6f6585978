"""Closes known holes of the supported CKAN releases."""
