"""Images: of which family and variant the running one is, and what a file name says (C03, C04)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from slp_core.rules.next_boot import file_name
from slp_core.state import RouterState

_NAME = re.compile(
    r"^(?P<stem>[a-z][a-z0-9]+)-(?:(?:rpbase|mono|rpboot|rpcontrol|rpios)-?)?"
    r"(?P<variant>universalk9(?:_[a-z]+)*|ucmk9|advipservicesk9\w*|adventerprisek9\w*)?[.-]",
    re.IGNORECASE,
)
_IN_ID = re.compile(r"IOSD-(?P<variant>[A-Z0-9_]+)-M$", re.IGNORECASE)
PLAIN = "universalk9"
MEANINGS = {
    "universalk9_npe": "no payload encryption: no IPsec, no HSECK9",
    "universalk9_noli": "no lawful intercept",
    "universalk9_npe_noli": "no payload encryption, no lawful intercept",
    "universalk9_ias": "with intelligent application services",
    "universalk9_ias_npe": "no payload encryption: no IPsec, no HSECK9",
    "ucmk9": "SD-WAN controller mode alone",
    PLAIN: "payload encryption, with HSECK9 above 250 Mbps",
}
"""What a variant has or lacks, by the words of its own name."""


@dataclass(frozen=True)
class ImageWords:
    """What a file name says of an image; unset where it says nothing of the kind."""

    stem: str | None = None
    variant: str | None = None


def words_of(name: str) -> ImageWords:
    """Returns what the name of an image or of a package says."""
    match = _NAME.match(name)
    if match is None:
        return ImageWords()
    variant = match["variant"]
    return ImageWords(match["stem"].lower(), variant.lower() if variant else None)


def running_stem(state: RouterState) -> str | None:
    """Returns what the names of this router's images begin with; ``None`` where none is seen.

    The system image is the best witness, then the boot variable, then the packages of the release
    that runs (C03).
    """
    return next((w.stem for w in _witnesses(state) if w.stem is not None), None)


def running_variant(state: RouterState) -> str | None:
    """Returns the variant that runs, by the image's own name, else by its file (C04)."""
    match = _IN_ID.search(state.image_id or "")
    if match is not None:
        return match["variant"].lower()
    found = next((w.variant for w in _witnesses(state) if w.variant is not None), None)
    return found or ("universalk9_npe" if _licensed_npe(state) else None)


def lacks_payload_encryption(variant: str | None) -> bool:
    """Tells whether an image encrypts no payload; on such HSECK9 has nothing to do."""
    return variant is not None and "npe" in variant.split("_")


def _witnesses(state: RouterState) -> list[ImageWords]:
    boot = state.boot
    names = [boot.image] if boot and boot.image else []
    names += list(boot.variables or ()) if boot else []
    if state.release is not None:
        r = state.release
        padded = f"{r.major:02d}.{r.minor:02d}.{r.number:02d}{r.letter}."
        names += [
            file.name
            for storage in state.storage or ()
            for file in storage.files or ()
            if file.name.endswith(".pkg") and padded in file.name
        ]
    return [words_of(file_name(name)) for name in names]


def _licensed_npe(state: RouterState) -> bool:
    """Tells whether licences in use are named after an image without payload encryption."""
    licensing = state.licensing
    if licensing is None:
        return False
    names = [x.name or "" for x in licensing.licenses or ()]
    names += [x.feature for x in licensing.csl_features or () if x.enabled]
    return any(name.lower().endswith("_npe") for name in names)
