"""The revisi of a published record: its next version, prepared apart and approved as a whole.

The public goes on seeing the published version, with its files, tables and views, until the
walidata approves the difference. The next version is a private package of the same type, the
working copy (:mod:`...working_copy`); it is edited with the ordinary forms and goes through the
ordinary review.

``model``     the table that ties a working copy to its record
``shadow``    opens, finds, gives up and removes working copies
``content``   what of a record a revisi may change
``merge``     what becomes of a record: base, working copy and present version in one
``planning``  what an approval will do, and what stands in its way
``diff``      the difference, as the walidata reads it
``approval``  puts an approved revisi into the place of the published version
``snapshots`` what it said when it was handed in
``switch``    record, files and tables change at one moment; killed, it is finished or undone
``staging``, ``tables``, ``journal``
              the parts of a switch
"""
