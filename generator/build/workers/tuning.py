"""Defines the numbers that tune the work in other processes, with their reasons or measurements.

None of them changes a byte of a site.  They were measured on two cores with archives of 2,500 and
100,000 entries.
"""

from __future__ import annotations

READ_BATCH = 200
"""Files that a task reads; for fewer, a pool costs more than it saves."""
LOOK_WEIGHT, LOOK_BATCH = 50_000, 20
"""Bytes of an attachment that count as one unit, and the units that a task looks at."""
CHECK_BATCH = 300
"""Records that a task checks."""
MAKE_BATCH = 60
"""Records that a task makes; it returns some megabytes."""
JOIN_ALONE = 2048
"""Documents whose search lists one process joins in the time that others take to start."""
STAT_ALONE = 1_000
"""Bundles whose file states one process reads in the time that others take to start.

A bundle takes 0.11 ms, loading and starting a pool 35 ms.
"""

AHEAD = 2
"""Tasks submitted for each worker, including the current one; bounds the memory for results."""
TURNS = 32
"""Tasks that a forked process does before a new one replaces it.

Each page of memory that it touches is copied, if only to count references: with a hundred thousand
records each process would copy half of them by the end.
"""
SEARCH_AHEAD = SEARCH_TURNS = 8
"""The same for parts of the search index.

They begin before their results are needed, so more of them wait; a part has a thousand records.
"""
FORKED = 20_000
"""Records above which a second forked process takes more memory than it is worth."""

ITEMS_AT_HAND = 512
"""Folders whose feed items or table rows are in memory at the same time."""
GARBAGE_WORTH = 20_000
"""New objects after which a garbage collection is worth its time: some megabytes."""
