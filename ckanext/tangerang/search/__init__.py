"""Search: synonyms, stems, filters in terms of Satu Data Indonesia, suggestions."""
