"""SDI datasets as DCAT-AP 3, both ways; written without a request and without a query."""
