"""The whole catalogue at once: DCAT in three serialisations, and Project Open Data 1.1.

Each public dataset is rendered once into a *fragment* of each form, kept in a table, and rendered
again only when it, an agency or record that it names, or the profile changes. A document is a head,
the fragments of what is public at this moment, and a foot; the finished document is kept as a file
that is named after what it was made of, and is used for exactly as long as that is still so.
"""
