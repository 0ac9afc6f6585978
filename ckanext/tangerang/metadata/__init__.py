"""The SDI description of datasets: schema, code lists, topics, completeness."""
