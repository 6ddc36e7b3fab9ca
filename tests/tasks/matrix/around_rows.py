"""Before and around, device-led conversion, throughput, and what forgets everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slp_tasks.steps.backup import backup
from slp_tasks.steps.dlc_done import dlc_done
from slp_tasks.steps.dlc_wait import dlc_wait
from slp_tasks.steps.factory_reset import factory_reset
from slp_tasks.steps.install_activate import install_activate
from slp_tasks.steps.preflight import preflight
from slp_tasks.steps.save_config import save_config
from slp_tasks.steps.slac import slac
from slp_tasks.steps.stage_image import stage_image
from slp_tasks.steps.throughput import throughput
from slp_tasks.steps.topology import topology
from slp_tasks.steps.trust import trust
from slp_tasks.steps.usage_sync import usage_report, usage_sync
from slp_tasks.steps.verify import verify
from tasks.matrix.image_rows import image
from tasks.matrix.routers import TOKEN, before, old, slp
from tasks.matrix.row import Row, World

INTERVAL = "license smart usage interval 20"
WRITE = ("write memory",)
SAVE_ROWS = [
    Row("save_config", "unsaved", save_config, slp(unsaved=[INTERVAL]), sends=WRITE,
        events=("configuration saved",), shows={"show startup-config": INTERVAL}),
    Row("save_config", "saved already", save_config, slp(),
        shows={"show startup-config": "hostname edge"}),
    Row("save_config", "saved by another release", save_config,
        slp(unsaved=[INTERVAL], faults=["F14"]), sends=WRITE, events=("configuration saved",),
        shows={"show startup-config": INTERVAL}),
]  # fmt: skip

DIRECT = {"kind": "direct", "url": "default", "token": TOKEN}


def planned(world: World, **target: Any) -> Mapping[str, Any]:
    """A plan for the router as it is."""
    return {"plan": world.made.plan(**target)}


def moved_on(world: World) -> Mapping[str, Any]:
    """A plan that was made before the release was activated."""
    plan = world.made.plan().model_copy(update={"release": "15.1.1"})
    return {"plan": plan.model_copy(update={"target": plan.target.model_copy(
        update={"release": "15.2.1"})})}  # fmt: skip


def another(world: World) -> Mapping[str, Any]:
    """A plan of a router with another serial number."""
    plan = world.made.plan()
    assert plan.udi is not None
    return {"plan": plan.model_copy(update={"udi": plan.udi.model_copy(update={"sn": "FDO9"})})}


PREFLIGHT_ROWS = [
    Row("preflight", "ready", preflight, old(), planned),
    Row("preflight", "ready", preflight, slp(), case="no-upgrade",
        args=lambda w: planned(w, topology=DIRECT)),
    Row("preflight", "lines unsaved, saved by the plan", preflight,
        old(unsaved=["ip domain lookup"]), planned),
    Row("preflight", "not ready", preflight, old(config_register="0x2142"), planned,
        case="register", refused="startup configuration is ignored"),
    Row("preflight", "not ready", preflight, old(flash={"free": 1000}), planned,
        case="room", refused="the upgrade needs"),
    Row("preflight", "not ready", preflight, slp(clock_offset_s=7200.0),
        lambda w: planned(w, topology=DIRECT), case="clock", refused="off by 120 minutes"),
    Row("preflight", "another router", preflight, old(), another, refused="FDO9"),
    Row("preflight", "another release", preflight, old(), moved_on, refused="plan again"),
]  # fmt: skip

BACKUP_ROWS = [
    Row("backup", "SLP", backup, slp("smart", trust=True)),
    Row("backup", "before SLP", backup, before("registered")),
    Row("backup", "before SLP", backup, before("csl", "16.9.6"), case="csl"),
]


def reaches(world: World) -> None:
    """What the plan predicts has come true."""
    world.did(topology, topology={"kind": "direct", "url": "default"})
    world.did(trust, token=TOKEN)
    world.did(usage_sync)
    world.did(save_config)


VERIFY_ROWS = [
    Row("verify", "as predicted", verify, slp(), prepare=reaches,
        args=lambda w: planned(w, topology=DIRECT)),
    Row("verify", "not as predicted", verify, slp(), speed=3600.0,
        args=lambda w: planned(w, topology=DIRECT), refused="not as predicted"),
]  # fmt: skip

LEVEL = "platform hardware throughput level"
CRYPTO = "platform hardware throughput crypto"
SHOW_LEVEL = "show platform hardware throughput level"
C8300 = {"pid": "C8300-1N1S-4T2X", "release": "17.6.5"}
CSR = {"pid": "C8000V", "release": "17.6.5"}
BOOT = "network-advantage addon dna-advantage"
ORDER = (f"license boot level {BOOT}", "license feature hseck9", f"{CRYPTO} T2")
THROUGHPUT_ROWS = [
    Row("throughput", "none", throughput, slp(), {"level": 200000},
        sends=(f"(config)#{LEVEL} 200000",), adds=(f"{LEVEL} 200000",)),
    Row("throughput", "other level", throughput, slp(throughput_kbps=400000),
        {"level": 200000}, sends=(f"(config)#{LEVEL} 200000",), adds=(f"{LEVEL} 200000",),
        drops=(f"{LEVEL} 400000",)),
    Row("throughput", "other level", throughput, slp(throughput_kbps=1_000_000, **CSR),
        {"level": "MB 250"}, case="virtual", sends=(f"(config)#{LEVEL} MB 250",),
        adds=(f"{LEVEL} MB 250",), drops=(f"{LEVEL} MB 1000",), shows={SHOW_LEVEL: r"250000"}),
    Row("throughput", "set already", throughput, slp(throughput_kbps=200000),
        {"level": 200000}),
    Row("throughput", "set already", throughput,
        slp(throughput_kbps=250_000, **CSR), {"level": 250_000}, case="virtual"),
    Row("throughput", "crypto", throughput, slp(**C8300), {"crypto": "T1"},
        sends=(f"(config)#{CRYPTO} T1",), adds=(f"{CRYPTO} T1",)),
    Row("throughput", "boot level", throughput, slp(**C8300), {"boot_level": BOOT},
        sends=(f"(config)#license boot level {BOOT}",), adds=(f"license boot level {BOOT}",)),
    Row("throughput", "authorized", throughput, slp("smart", trust=True, **C8300),
        {"boot_level": BOOT, "hseck9": True, "crypto": "T2"}, prepare=lambda w: w.did(slac),
        sends=tuple(f"(config)#{x}" for x in ORDER), adds=ORDER),
    Row("throughput", "not authorized", throughput, slp(**C8300), {"level": 1_000_000},
        sends=(f"(config)#{LEVEL} 1000000",), refused="above 250M requires hseck9",
        again=((f"(config)#{LEVEL} 1000000",), "authorized meanwhile, the router takes it")),
]  # fmt: skip


def answered(world: World) -> None:
    """Usage was reported and acknowledged."""
    world.did(usage_sync)


RESET_ROWS = [
    Row("factory_reset", "holds trust", factory_reset, slp("smart", trust=True),
        sends=("license smart factory reset",), events=("licensing factory reset",),
        shows={"show license status": r"Trust Code Installed: <none>"}),
    Row("factory_reset", "holds trust", factory_reset,
        slp("smart", trust=True, slac=True), case="and-code", prepare=answered,
        sends=("license smart factory reset",), events=("licensing factory reset",),
        shows={"show license status": (r"Trust Code Installed: <none>", "Last ACK.*<none>"),
               "show license authorization": r"Status: NOT INSTALLED"}),
    Row("factory_reset", "bare", factory_reset, slp()),
    Row("factory_reset", "bare, always", factory_reset, slp(), {"always": True},
        sends=("license smart factory reset",), events=("licensing factory reset",),
        again=(("license smart factory reset",), "always means whatever is shown")),
    Row("factory_reset", "before SLP", factory_reset, before(),
        refused="does not run Smart Licensing Using Policy"),
]  # fmt: skip

PAK = {"name": "r1", "family": "s5_pak"}
PAK_IMAGE = "c1100-universalk9.17.03.02.SPA.bin"


def converted(world: World) -> None:
    """A router with PAK licences came up under SLP."""
    given = image(world, PAK_IMAGE)
    world.did(stage_image, image=given)
    file = f"bootflash:{PAK_IMAGE}"
    world.did(install_activate, release="17.3.2", file=file)


def collected(world: World) -> None:
    """Its conversion data is collected."""
    converted(world)
    world.did(dlc_wait)


def conversion_sent(world: World) -> None:
    """The collected data went out with a usage report."""
    collected(world)
    world.did(topology, topology={"kind": "direct", "url": "default"})
    world.did(trust, token=TOKEN)
    world.did(usage_report)


def booked(world: World) -> None:
    """CSSM has booked the conversion."""
    conversion_sent(world)
    world.did(dlc_done)


DLC = "show platform software license dlc"
DONE = {"show license all": r"(?s)Conversion Status|Status: Successful"}
DLC_ROWS = [
    Row("dlc_wait", "not begun", dlc_wait, PAK, prepare=converted, speed=3600.0,
        shows={DLC: r"DLC Process Status\s*: Completed"}),
    Row("dlc_wait", "collected", dlc_wait, PAK, prepare=collected, speed=3600.0,
        shows={DLC: r"DLC Conversion Status\s*: SUCCESS"}),
    Row("dlc_wait", "never collected", dlc_wait, {**PAK, "router": {"faults": ["F39"]}},
        prepare=converted, speed=3600.0, floor=5.0, refused="not collected"),
    Row("dlc_done", "sent", dlc_done, PAK, prepare=conversion_sent, speed=3600.0,
        shows={"show license all": r"Successful on \w{3} \d\d"}),
    Row("dlc_done", "acknowledged", dlc_done, PAK, prepare=booked, speed=3600.0,
        shows={"show license all": r"Successful on \w{3} \d\d"}),
    Row("dlc_done", "not sent", dlc_done, PAK, prepare=collected, speed=3600.0,
        floor=5.0, refused="the conversion is outstanding"),
]  # fmt: skip

ROWS = [
    *SAVE_ROWS,
    *PREFLIGHT_ROWS,
    *BACKUP_ROWS,
    *VERIFY_ROWS,
    *THROUGHPUT_ROWS,
    *RESET_ROWS,
    *DLC_ROWS,
]
