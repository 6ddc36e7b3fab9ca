"""Files to and from a router, with what may go wrong on their way."""

from __future__ import annotations

from slp_sim.router.device import Device
from slp_sim.router.flash import File, FlashFull, plain, read_header


def read(device: Device, path: str) -> bytes | None:
    """Returns a file's bytes; None where there is none."""
    file = device.flash.get(path)
    if file is None:
        return None
    report = file.data.startswith(b"<smartLicense>")
    if report and device.faults.on("F24") and device.faults.strikes_first("F24", 1):
        return file.data.replace(b"payload", b"paYload", 1)
    return file.data


def write(device: Device, path: str, data: bytes) -> File:
    """Writes a file.

    Raises:
        FlashFull: it did not fit; what fitted stays.
    """
    device.record(f"file written {plain(path)}")
    try:
        file = device.flash.write(path, data, device.now(), limit=_limit(device, data))
    except FlashFull:
        device.log("FLASH_CHECK-3-DISK_QUOTA", "Flash disk quota exceeded: no space left")
        raise
    faults = device.faults
    if file.image() is not None and faults.on("F22", "corrupt") and faults.strikes_first("F22", 1):
        file.data = file.data[:-1] + bytes([file.data[-1] ^ 0xFF])
    return file


def _limit(device: Device, data: bytes) -> int | None:
    """Returns after how many bytes a transfer is cut; None where it is not."""
    header = read_header(data)
    faults, flash = device.faults, device.flash
    if header is None:
        return None
    if faults.on("F05"):
        keep = int(faults.param("F05", "free", header.size // 2))
        faults.filled = max(flash.free - keep, 0)
        flash.hidden += faults.filled
        faults.clear("F05")
    if not faults.on("F22") or faults.on("F22", "corrupt") or not faults.strikes_first("F22", 1):
        return None
    return int(faults.param("F22", "bytes", header.size // 2))
