"""What there is and what is to be done: the pages ``/daftar-data`` and ``/beranda``."""
