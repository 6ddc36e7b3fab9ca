"""What the simulator does not do as a router does: known, named, and expected to fail until mended.

A test that is named here must fail; mended, it fails the run until its line is taken out. Nothing
else is ever expected to fail, and nothing is skipped.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

DEFECTS: dict[str, str] = {
    "test_genie.py::test_tech_support*": (
        "the part Other Info prints a few of the agent's internals; Genie's schema demands all"
    ),
}


def defect_of(test: str) -> str | None:
    """Returns why a test (``file::name``) is known to fail; None where it is not."""
    return next((why for known, why in DEFECTS.items() if fnmatchcase(test, known)), None)
