"""Images: of which family and variant the running one is, and what a file name says (C03, C04)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from slp_core.release import Release
from slp_core.rules.next_boot import file_name
from slp_core.rules.schema import PlatformRow
from slp_core.state import RouterState

_NAME = re.compile(
    r"^(?P<stem>[a-z][a-z0-9_]+)-(?:mono-)?"
    r"(?:(?P<variant>universalk9[a-z0-9_]*|ucmk9\w*|(?:adv|ip|sip)[a-z]+(?:k9)?(?:_[a-z0-9]+)*)"
    r"|(?:rp|esp|sip|firmware_|srdriver|webui|cc|nim)[a-z0-9_]*)[.-]",
    re.IGNORECASE,
)
_IN_ID = re.compile(r"IOSD-(?P<variant>[A-Z0-9_]+)-M$", re.IGNORECASE)
_PACKAGED = re.compile(r"(?:adv|ip|sip)[a-z]+k9(?P<without>_noli)?$")
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
ENCRYPTION = "payload encryption, and HSECK9 with it"


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


def next_stem(row: PlatformRow, stem: str, release: Release) -> str | None:
    """Returns what the images of ``release`` begin with, where those that run begin with ``stem``.

    ``None`` where the rule data says that this family ends before, and names none after it.
    """
    ends = next((x for x in row.stems if x.stem == stem), None)
    if ends is None or release.train <= ends.until_train:
        return stem
    return ends.then


def next_variant(variant: str | None) -> str | None:
    """Returns the variant that keeps what ``variant`` has; ``None`` where that is not known.

    Images of 3.x were cut by feature set; those with encryption became the universal one, and the
    set a configured level.
    """
    packaged = _PACKAGED.match(variant or "")
    if packaged is not None:
        return PLAIN + (packaged["without"] or "")
    return variant if variant is None or variant.startswith(("universalk9", "ucmk9")) else None


def changed(now: str, given: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns what the way from one variant to another loses, and what it gains."""
    before, after = _has(now), _has(given)
    return tuple(sorted(before - after)), tuple(sorted(after - before))


def _has(variant: str) -> set[str]:
    words = variant.split("_")
    features = {"SD-WAN controller mode"} if words[0] == "ucmk9" else {"autonomous mode"}
    features |= set() if "npe" in words else {ENCRYPTION}
    features |= set() if "noli" in words else {"lawful intercept"}
    return features | ({"intelligent application services"} if "ias" in words else set())


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
