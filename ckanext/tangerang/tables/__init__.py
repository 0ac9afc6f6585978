"""Tables of the DataStore as files for people (plugin ``tangerang_tables``)."""
