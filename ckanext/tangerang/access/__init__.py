"""Feature ``access``: access levels, files for some only, and requests for them."""
