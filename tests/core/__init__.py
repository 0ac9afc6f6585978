"""CKAN's own tests, run with our plugins on."""
