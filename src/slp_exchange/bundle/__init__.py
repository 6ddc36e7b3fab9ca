"""One archive for an air-gapped fleet: usage reports out, acknowledgements back.

``manifest`` says what stands in it, ``writing`` makes it, ``archive`` reads it and trusts nothing
in it, ``matching`` finds the router that each answer is for.
"""

from slp_exchange.bundle.archive import Archive, open_archive
from slp_exchange.bundle.manifest import MANIFEST, Manifest, ManifestEntry
from slp_exchange.bundle.matching import Answer, Expected, match_answers, match_folder
from slp_exchange.bundle.writing import Item, write_bundle

__all__ = [
    "MANIFEST",
    "Answer",
    "Archive",
    "Expected",
    "Item",
    "Manifest",
    "ManifestEntry",
    "match_answers",
    "match_folder",
    "open_archive",
    "write_bundle",
]  # fmt: skip
