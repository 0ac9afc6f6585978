"""Completeness and the automatic SDI score (plugin ``tangerang_score``)."""
