"""Holding a router against its plan: the vocabulary of expectations, and the comparison.

``observe`` turns a ``RouterState`` into dotted paths with values and evidence; plans predict in
the same words, so that verification is a comparison and nothing else.
"""

from __future__ import annotations

from slp_core.verify.compare import Moment, verify, verify_captured
from slp_core.verify.judge import expected
from slp_core.verify.observe import Observed, config_of_interest, observe, observe_part
from slp_core.verify.proof import differences, is_proven, shortcoming, unshown

__all__ = [
    "Moment",
    "Observed",
    "config_of_interest",
    "differences",
    "expected",
    "is_proven",
    "observe",
    "observe_part",
    "shortcoming",
    "unshown",
    "verify",
    "verify_captured",
]
