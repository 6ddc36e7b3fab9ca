"""Image and upgrade: on flash, added, activated, committed, booted, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slp_core.plan import RouterPlan
from slp_core.targets import Target, Topology
from slp_tasks.sending import digest_of
from slp_tasks.steps.boot_variable import boot_variable
from slp_tasks.steps.install_activate import install_activate
from slp_tasks.steps.install_add import install_add
from slp_tasks.steps.install_commit import install_commit
from slp_tasks.steps.reload import reload
from slp_tasks.steps.rollback import rollback
from slp_tasks.steps.save_config import save_config
from slp_tasks.steps.stage_image import stage_image
from tasks.matrix.routers import bundle, old
from tasks.matrix.row import Row, World

NEW, OTHER, WAS = "17.4.1a", "17.3.2", "16.12.4"
NAME = "isr4300-universalk9.17.04.01a.SPA.bin"
OTHER_NAME = "isr4300-universalk9.17.03.02.SPA.bin"
FLASH, PKG = f"bootflash:{NAME}", "isr4300-rpbase.17.04.01a.SPA.pkg"
OTHER_PKG = "isr4300-rpbase.17.03.02.SPA.pkg"
SUMMARY, VERSION = "show install summary", "show version"
RUNS_NEW, RUNS_OLD = r"Version 17\.4\.1a", r"Version 16\.12\.4"
DIR = "dir bootflash:"


def image(world: World, name: str = NAME) -> dict[str, Any]:
    """Returns an image as a target names it, its file on this machine."""
    entry = next(i for i in world.made.lab.scenario.images if i.name == name)
    source = str(world.made.folder / "images" / name)
    return {"name": name, "source": source, "size": entry.size}


def here(world: World) -> Mapping[str, Any]:
    """The image is copied from this machine."""
    return {"image": image(world)}


def by_url(world: World) -> Mapping[str, Any]:
    """The image is copied by the router itself."""
    given = image(world)
    hashed = digest_of(world.made.folder / "images" / NAME, "sha512")
    return {"image": given | {"source": f"http://images.lab/{NAME}", "sha512": hashed}}


def by_url_from(world: World) -> Mapping[str, Any]:
    """The same from an interface of its own."""
    given = dict(by_url(world)["image"])
    return {"image": given | {"source_interface": "GigabitEthernet0/0/2"}}


def may_remove(world: World) -> Mapping[str, Any]:
    """The operator lets what is not active be removed."""
    target = Target(topology=Topology(kind="controller"), allow={"remove-inactive": "old images"})
    plan = RouterPlan(router="r1", model="unknown", target=target, steps=())
    return {"image": image(world), "plan": plan}


def staged(world: World) -> None:
    """The image is on flash."""
    world.did(stage_image, image=image(world))


def other_added(world: World) -> None:
    """Another release is added."""
    world.did(stage_image, image=image(world, OTHER_NAME))
    world.did(install_add, file=f"bootflash:{OTHER_NAME}", release=OTHER)


def added(world: World) -> None:
    """The release is added."""
    staged(world)
    world.did(install_add, file=FLASH, release=NEW)


def other_then_staged(world: World) -> None:
    """Another release is added, the image of the wanted one is on flash."""
    other_added(world)
    staged(world)


def activated(world: World) -> None:
    """The release runs and is not committed."""
    added(world)
    world.did(install_activate, release=NEW)


def timer_stopped(world: World) -> None:
    """Somebody stopped the timer that would roll back."""
    activated(world)
    with world.made.lab.lock:
        world.made.router().install.stop_timer()


def rolled_back(world: World) -> None:
    """Nobody committed: the router went back by itself."""
    activated(world)
    world.made.clock.sleep(3 * 3600)


def committed(world: World) -> None:
    """The release runs and stays."""
    activated(world)
    world.did(install_commit, release=NEW)


def half(world: World) -> None:
    """A copy that was cut is on flash."""
    world.made.router().write_file(FLASH, b"half of it")


FROM = "ip http client source-interface GigabitEthernet0/0/2"
STAGE = [
    Row("stage_image", "absent", stage_image, old(), here, writes=(NAME,),
        events=(f"file written {NAME}",), shows={DIR: rf"722345678 .*{NAME}"}),
    Row("stage_image", "absent", stage_image, bundle(), here, case="bundle",
        writes=(NAME,), events=(f"file written {NAME}",), shows={DIR: NAME}),
    Row("stage_image", "absent", stage_image, old(), by_url, case="by-the-router",
        sends=(f"copy http://images.lab/{NAME} {FLASH}",), writes=(NAME,), shows={DIR: NAME}),
    Row("stage_image", "absent", stage_image, old(), by_url_from, case="from-an-interface",
        sends=(f"(config)#{FROM}", f"copy http://images.lab/{NAME} {FLASH}"), adds=(FROM,),
        writes=(NAME,), shows={DIR: NAME}),
    Row("stage_image", "there", stage_image, old(), here, prepare=staged,
        shows={DIR: NAME}),
    Row("stage_image", "damaged copy", stage_image, old(), here, prepare=half,
        writes=(NAME,), events=(f"file written {NAME}",), shows={DIR: rf"722345678 .*{NAME}"}),
    Row("stage_image", "no room", stage_image, old(flash={"free": 1000}), here,
        refused="bytes free"),
    Row("stage_image", "no room, removal allowed", stage_image,
        old(flash={"free": 1_900_000_000}), may_remove, prepare=other_added,
        sends=("install remove inactive",), writes=(NAME,), removes=(OTHER_NAME, OTHER_PKG)),
    Row("stage_image", "runs from it", stage_image, bundle(boot_image=FLASH), here,
        refused="runs from another file"),
    Row("stage_image", "no source", stage_image, old(),
        {"image": {"name": NAME, "size": 722345678}}, refused="names no source"),
    Row("stage_image", "no source", stage_image, old(), case="not-on-this-machine",
        args={"image": {"name": NAME, "source": "/nowhere/x.bin", "size": 722345678}},
        refused="is not on this machine"),
]  # fmt: skip

ADD = {"file": FLASH, "release": NEW}
ADDED = (f"install add file {FLASH}",)
INSTALL_ADD = [
    Row("install_add", "not added", install_add, old(), ADD, prepare=staged, sends=ADDED,
        writes=(PKG,), events=(f"install add {NEW}",), shows={SUMMARY: r"IMG +I +17\.04\.01"}),
    Row("install_add", "other release added", install_add, old(), ADD,
        prepare=other_then_staged, sends=ADDED, writes=(PKG,), events=(f"install add {NEW}",),
        shows={SUMMARY: r"IMG +I +17\.04\.01"}),
    Row("install_add", "bundle mode", install_add, bundle(), ADD, prepare=staged,
        sends=ADDED, writes=(PKG, "packages.conf"), events=(f"install add {NEW}",),
        shows={SUMMARY: r"IMG +I +17\.04\.01"}),
    Row("install_add", "added already", install_add, old(), ADD, prepare=added,
        shows={SUMMARY: r"IMG +I +17\.04\.01"}),
    Row("install_add", "runs already", install_add, old(), ADD, prepare=committed,
        shows={SUMMARY: r"IMG +C +17\.04\.01"}),
    Row("install_add", "file missing", install_add, old(), ADD,
        refused=f"{FLASH} is not there"),
]  # fmt: skip

ACTIVATE = ("install activate auto-abort-timer 120",)
BOOTS = (f"install activate {NEW}", "reload: Install", f"boot 1 {NEW}")
ONE_SHOT = {"release": NEW, "file": FLASH}
INSTALL_ACTIVATE = [
    Row("install_activate", "added", install_activate, old(), {"release": NEW},
        prepare=added, sends=ACTIVATE, events=BOOTS,
        shows={VERSION: RUNS_NEW, SUMMARY: (r"IMG +U +17\.04\.01", r"Auto abort timer: active")}),
    Row("install_activate", "added", install_activate, old(), ONE_SHOT, case="one-shot",
        prepare=added, sends=ACTIVATE, events=BOOTS, shows={VERSION: RUNS_NEW}),
    Row("install_activate", "not added", install_activate, old(), {"release": NEW},
        prepare=staged, refused="was not added before", shows={VERSION: RUNS_OLD}),
    Row("install_activate", "not added", install_activate, old(), ONE_SHOT,
        case="one-shot", prepare=staged, writes=(PKG,),
        sends=(f"install add file {FLASH} activate commit",),
        events=(f"install add {NEW}", BOOTS[0], f"install commit {NEW}", *BOOTS[1:]),
        shows={VERSION: RUNS_NEW, SUMMARY: r"IMG +C +17\.04\.01"}),
    Row("install_activate", "other release added", install_activate, old(),
        {"release": NEW}, prepare=other_added, refused="was not added before",
        shows={VERSION: RUNS_OLD}),
    Row("install_activate", "activated", install_activate, old(), {"release": NEW},
        prepare=activated, shows={VERSION: RUNS_NEW, SUMMARY: r"IMG +U +17\.04\.01"}),
    Row("install_activate", "committed", install_activate, old(), {"release": NEW},
        prepare=committed, shows={VERSION: RUNS_NEW}),
]  # fmt: skip

CONF = "bootflash:packages.conf"


def converting(world: World) -> None:
    """In bundle mode the release is added, and packages.conf boots first."""
    added(world)
    world.did(boot_variable, file=CONF, later=True)
    world.did(save_config)


INSTALL_ACTIVATE += [
    Row("install_activate", "bundle mode, added", install_activate, bundle(),
        {"release": NEW}, prepare=converting, sends=ACTIVATE, events=BOOTS,
        shows={VERSION: (RUNS_NEW, r"System image file is \"bootflash:packages.conf\""),
               SUMMARY: r"IMG +U +17\.04\.01"}),
]  # fmt: skip

INSTALL_COMMIT = [
    Row("install_commit", "activated", install_commit, old(), {"release": NEW},
        prepare=activated, sends=("install commit",), events=(f"install commit {NEW}",),
        shows={SUMMARY: (r"IMG +C +17\.04\.01", r"Auto abort timer: inactive")}),
    Row("install_commit", "timer stopped", install_commit, old(), {"release": NEW},
        prepare=timer_stopped, sends=("install commit",), events=(f"install commit {NEW}",),
        shows={SUMMARY: r"IMG +C +17\.04\.01"}),
    Row("install_commit", "committed", install_commit, old(), {"release": NEW},
        prepare=committed, shows={SUMMARY: r"IMG +C +17\.04\.01"}),
    Row("install_commit", "rolled back", install_commit, old(), {"release": NEW},
        prepare=rolled_back, refused="rolled back by itself", shows={VERSION: RUNS_OLD},
        speed=3600.0),
    Row("install_commit", "other release runs", install_commit, old(), {"release": NEW},
        prepare=added, refused=f"the router runs {WAS}", shows={VERSION: RUNS_OLD}),
    Row("install_commit", "bundle mode", install_commit, bundle(), {"release": WAS}),
]  # fmt: skip

OLD_BOOT = "boot system bootflash:isr4300-universalk9.16.12.04.SPA.bin"
NEW_BOOT = f"boot system {FLASH}"
FIRST = tuple(f"(config)#{x}" for x in (f"no {OLD_BOOT}", NEW_BOOT, OLD_BOOT))


def boots_first(world: World) -> None:
    """The new image stands first; nothing is saved."""
    staged(world)
    world.did(boot_variable, file=FLASH)


def boots_next(world: World) -> None:
    """The new image stands first, saved."""
    boots_first(world)
    world.did(save_config)


def booted(world: World) -> None:
    """The router runs from the new image."""
    boots_next(world)
    world.did(reload, release=NEW)


BOOT_VARIABLE = [
    Row("boot_variable", "other image first", boot_variable, bundle(), {"file": FLASH},
        prepare=staged, sends=FIRST, adds=(NEW_BOOT,),
        shows={"show running-config": rf"{NEW_BOOT}\n{OLD_BOOT}"}),
    Row("boot_variable", "image comes by an install", boot_variable, bundle(),
        {"file": CONF, "later": True},
        sends=(FIRST[0], f"(config)#boot system {CONF}", FIRST[2]), adds=(f"boot system {CONF}",)),
    Row("boot_variable", "first already", boot_variable, bundle(), {"file": FLASH},
        prepare=boots_first),
    Row("boot_variable", "none configured", boot_variable, bundle(), {"file": FLASH},
        prepare=lambda w: (staged(w), w.by_hand(f"no {OLD_BOOT}")),
        sends=(FIRST[1],), adds=(NEW_BOOT,)),
    Row("boot_variable", "file missing", boot_variable, bundle(), {"file": FLASH},
        refused="is not there"),
]  # fmt: skip

UNSAVED = "ip domain lookup source-interface GigabitEthernet0/0/0"
RELOAD = [
    Row("reload", "other release boots next", reload, bundle(), {"release": NEW},
        prepare=boots_next, sends=("reload",), events=("reload: Reload Command", f"boot 1 {NEW}"),
        shows={VERSION: RUNS_NEW}),
    Row("reload", "release runs already", reload, bundle(), {"release": WAS},
        shows={VERSION: RUNS_OLD}),
    Row("reload", "no release named", reload, old(), {}, sends=("reload",),
        events=("reload: Reload Command", f"boot 1 {WAS}"),
        again=(("reload",), "the reload itself is what was asked for")),
    Row("reload", "unsaved lines", reload, old(unsaved=[UNSAVED]), {}, sends=("reload",),
        drops=(UNSAVED,), events=("reload: Reload Command", f"boot 1 {WAS}"),
        again=(("reload",), "the reload itself is what was asked for")),
    Row("reload", "unsaved lines, save", reload, old(unsaved=[UNSAVED]), {"save": True},
        sends=("reload",), events=("configuration saved", "reload: Reload Command"),
        shows={"show startup-config": UNSAVED},
        again=(("reload",), "the reload itself is what was asked for")),
]  # fmt: skip

BACK = {"release": WAS}
BOOT_BACK = {"release": WAS, "boot": [OLD_BOOT.removeprefix("boot system ")]}
UNDO = (f"(config)#no {NEW_BOOT}", f"(config)#no {OLD_BOOT}", f"(config)#{OLD_BOOT}")
ROLLBACK = [
    Row("rollback", "activated", rollback, old(), BACK, prepare=activated,
        sends=("install abort",), events=("install roll back: abort", f"boot 2 {WAS}"),
        shows={VERSION: RUNS_OLD, SUMMARY: r"IMG +C +16\.12\.04"}),
    Row("rollback", "timer stopped", rollback, old(), BACK, prepare=timer_stopped,
        sends=("install rollback to committed",), events=(f"boot 2 {WAS}",),
        shows={VERSION: RUNS_OLD}),
    Row("rollback", "rolled back", rollback, old(), BACK, prepare=rolled_back,
        shows={VERSION: RUNS_OLD}, speed=3600.0),
    Row("rollback", "committed", rollback, old(), BACK, prepare=committed,
        refused="takes a plan with that release as its target", shows={VERSION: RUNS_NEW}),
    Row("rollback", "boot variable changed", rollback, bundle(), BOOT_BACK,
        prepare=boots_next, sends=(*UNDO, "write memory"), drops=(NEW_BOOT,),
        events=("configuration saved",), shows={"show startup-config": OLD_BOOT}),
    Row("rollback", "booted from it", rollback, bundle(), BOOT_BACK, prepare=booted,
        sends=(*UNDO, "write memory", "reload"), drops=(NEW_BOOT,),
        events=("configuration saved", f"boot 2 {WAS}"), shows={VERSION: RUNS_OLD}),
    Row("rollback", "nothing to undo", rollback, old(), BACK, shows={VERSION: RUNS_OLD}),
]  # fmt: skip


def unhurried(row: Row) -> Row:
    """Returns a row whose lab is slow enough that no timer of an activation ends meanwhile."""
    timed = row.prepare in (added, activated, committed) and row.speed <= 600
    return replace(row, speed=200.0) if timed else row


_ALL = [
    *STAGE,
    *INSTALL_ADD,
    *INSTALL_ACTIVATE,
    *INSTALL_COMMIT,
    *BOOT_VARIABLE,
    *RELOAD,
    *ROLLBACK,
]
ROWS = [unhurried(row) for row in _ALL]
