"""Figures of use: what is looked at and downloaded, by record and day, without personal data."""
