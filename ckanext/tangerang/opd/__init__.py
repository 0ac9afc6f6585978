"""Perangkat daerah (OPD) as CKAN organizations."""
