"""Checks of the files that an upgrade needs on flash, against what ``dir`` showed: UP-3."""

from __future__ import annotations

from collections.abc import Iterator

from slp_core.planner.firmware_stop import firmware_stop
from slp_core.planner.situation import Situation
from slp_core.planner.snapshot import stop_of
from slp_core.rules.concern import Concern
from slp_core.rules.flash import listing, storage_of
from slp_core.state import FlashFile
from slp_core.targets import Image


def check_flash(s: Situation) -> Iterator[Concern]:
    """Yields the images that must be on flash and are not, or were not seen there, and lack of
    room for those that are copied."""
    stops = (stop_of(s), firmware_stop(s))
    images = [stop[1] for stop in stops if stop is not None]
    if s.image is not None and not (s.added and not s.one_shot):
        images.append(s.image)
    for image in images:
        if image.source is None:
            yield from _on_own_flash(s, image)
        if s.boots_after == "bundle" and s.pair:
            yield from _on_standby(s, image)
    if s.image is None and not (s.added and not s.one_shot):
        return
    yield from _room(s, images)
    yield from _way_back(s)


def _on_own_flash(s: Situation, image: Image) -> Iterator[Concern]:
    where = s.filesystem
    files = listing(s.state, where)
    if files is None:
        yield Concern(
            "UP-3",
            "warning",
            f"nothing is copied: {where}{image.name} is expected on the router already",
            "give image.source in the target to have it copied",
        )
        return
    fault = _fault(files, image, where)
    if fault is not None:
        yield Concern(
            "UP-3",
            "blocker",
            f"nothing is copied, and {fault}",
            "give image.source (or --image PATH) to have it copied, or bring it there first",
        )


def _on_standby(s: Situation, image: Image) -> Iterator[Concern]:
    where = f"stby-{s.filesystem}"
    files = listing(s.state, where)
    if files is None:
        yield Concern(
            "UP-3",
            "warning",
            f"in bundle mode the standby needs {image.name} too: {where} was not seen",
            f"look with dir {where}, and copy the image there first",
        )
        return
    fault = _fault(files, image, where)
    if fault is not None:
        yield Concern(
            "UP-3",
            "blocker",
            f"in bundle mode the standby needs the image too, and {fault}",
            f"copy it to {where} first",
        )


def _fault(files: tuple[FlashFile, ...], image: Image, where: str) -> str | None:
    """Returns what is wrong with the image in a listing; ``None`` where it is there."""
    entry = next((f for f in files if f.name == image.name), None)
    if entry is None:
        return f"{image.name} is not on {where}"
    if entry.directory:
        return f"{image.name} is a folder on {where}"
    if image.size and entry.size is not None and entry.size != image.size:
        return f"{image.name} on {where} has {entry.size:,} bytes, the image has {image.size:,}"
    return f"{image.name} on {where} is empty" if entry.size == 0 else None


def _room(s: Situation, images: list[Image]) -> Iterator[Concern]:
    """What is copied, and what is unpacked of it; nothing is removed in between."""
    storage = storage_of(s.state, s.filesystem)
    if storage is None or storage.free is None:
        return
    unpacks = s.boots_after == "install" and not s.added
    need = 0
    for image in images:
        size = image.size or 0
        copied = not any(f.name == image.name and f.size == size for f in storage.files or ())
        need += size * (int(copied) + int(unpacks))
    if storage.free < need:
        yield Concern(
            "UP-3",
            "blocker",
            f"{s.filesystem} has {storage.free:,} bytes free, the upgrade needs {need:,}",
            "remove what is not needed (install remove inactive)",
        )


def _way_back(s: Situation) -> Iterator[Concern]:
    """In bundle mode the way back is the image that booted: it may be gone meanwhile."""
    boot = s.state.boot
    if s.boot != "bundle" or boot is None or not boot.image:
        return
    place, _, name = boot.image.rpartition(":")
    files = listing(s.state, f"{place}:") if place else None
    if files is not None and not any(f.name == name.lstrip("/") for f in files):
        yield Concern(
            "UP-3",
            "warning",
            f"the image that the router runs, {boot.image}, is no longer there: no way leads back",
            "copy it to the router again first",
        )
