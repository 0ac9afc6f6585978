"""Access levels, and requests for access (plugin ``tangerang_access``)."""
