"""Where a sidecar is wrong: the text of the output decides.

Each entry names the file, the fact (dotted, list items by number), what the sidecar says, what the
text says, and why.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Correction(NamedTuple):
    """One wrong fact of a sidecar."""

    file: str
    fact: str
    sidecar: Any
    text: Any
    why: str


CORRECTIONS = (
    Correction(
        "s2_isr1k_slr_export/post/dir-bootflash",
        "files.7.name",
        "+00:00",
        "c1100-universalk9.16.12.04.SPA.bin",
        "the name of the last file was wrapped onto the next line; the sidecar took the zone",
    ),
    Correction(
        "s2_isr1k_slr_export/post/show-license-all__after_sync",
        "authorizations.0.name",
        None,
        "Cisco 1100 Series with 8 LAN Ports, Cisco One Foundation Suite",
        "the name stands on the line above its tag, where it was wrapped",
    ),
    Correction(
        "s2_isr1k_slr_export/post/show-license-all__after_sync",
        "authorizations.1.description",
        "Cisco 1100 Series with 8 LAN Ports, U.S. Export Restriction Compliance",
        "Cisco 1100 Series with 8 LAN Ports, U.S. Export Restriction Compliance license",
        "the last word of the description was wrapped onto the next line",
    ),
    Correction(
        "s2_isr1k_slr_export/post/show-license-authorization",
        "authorizations.0.description",
        "Cisco 1100 Series with 8 LAN Ports,",
        "Cisco 1100 Series with 8 LAN Ports, Cisco One Foundation Suite",
        "the description was wrapped after the comma",
    ),
    Correction(
        "s2_isr1k_slr_export/post/show-license-authorization",
        "authorizations.1.description",
        "Cisco 1100 Series with 8 LAN Ports,",
        "Cisco 1100 Series with 8 LAN Ports, U.S. Export Restriction Compliance license",
        "the description was wrapped after the comma",
    ),
)
