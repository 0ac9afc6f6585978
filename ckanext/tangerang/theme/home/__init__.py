"""The home page: what it shows (:mod:`.content`), its headline figures, and how it is kept."""
