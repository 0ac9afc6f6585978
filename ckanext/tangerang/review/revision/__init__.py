"""The next version of a published record, and how it takes the place of the one before."""
