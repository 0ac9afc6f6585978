"""Charts of tables and indicators: which a table allows, as SVG, PNG and CSV; series of figures.

* :mod:`.numbers` – figures and years as the tables of the offices write them;
* :mod:`.series` – one figure a year from the rows of a table;
* :mod:`.tables` – rows of a DataStore table, with the rights of who asks;
* :mod:`.keeping` – what was made of a table, kept in Redis until the table changes.
"""
