"""Statistical metadata for other systems: INDAH of BPS, DDI Codebook, tables of variables."""
