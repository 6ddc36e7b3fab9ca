"""What lies around captured routers: accounts, images and relays that their targets need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from slp_core.platforms import Platform
from slp_core.release import Release
from slp_core.rules import builtin_rules
from slp_core.rules.upgrade import target_image
from slp_core.targets import Target
from slp_lab.anonymise import Disguise, host_of
from slp_sim.router import catalog

HOME = ("Lab-SA", "Lab-VA")
IMAGE_BYTES = 712_345_678
"""What an image counts for on flash where nobody said its size."""

TOKEN = "env:SLP_TOKEN"  # noqa: S105 - a reference
_CSLU = "http://cslu-local:8182/cslu/v1/pi"
_SPARE = 2
_PATHS: dict[str, dict[str, bool]] = {
    "direct": {},
    "cslu": {"dns": False, "cssm": False},
    "onprem": {"cssm": False},
}
_CUT_OFF = {"dns": False, "cssm": False, "cslu": False}


class World:
    """Collects what the routers of a fleet need, and says it as a scenario does.

    Args:
        usual: Smart Account and virtual account of routers that show none.
    """

    def __init__(self, disguise: Disguise, usual: tuple[str, str] = HOME) -> None:
        self._disguise = disguise
        self._usual = usual
        self._homes: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
        self._policies: dict[tuple[str, str], dict[str, Any]] = {}
        self._tokens: dict[str, tuple[str, str]] = {}
        self._images: dict[str, dict[str, Any]] = {}
        self._relays: dict[str, tuple[str, str]] = {}
        self._onprem: dict[str, dict[str, Any]] = {}
        self._hosts: set[str] = set()

    def home(self, smart: str | None, virtual: str | None) -> tuple[str, str]:
        """Returns the account of a router, the fleet's usual one where none was shown."""
        names = (smart, virtual) if smart and virtual else self._usual
        kinds = (("smart", "SA-{:02}"), ("virtual", "VA-{:02}"))
        one, two = (
            self._disguise.name(kind, name, form).replace("/", "-")
            for (kind, form), name in zip(kinds, names, strict=True)
        )
        self._homes.setdefault((one, two), {})
        return one, two

    def policy(self, home: tuple[str, str], policy: dict[str, Any] | None) -> None:
        """Has an account give out the policy that one of its routers shows."""
        if policy is not None:
            hidden = self._disguise.name("policy", policy["name"], "Policy {}")
            self._policies.setdefault(home, {**policy, "name": hidden})

    def stock(
        self,
        home: tuple[str, str],
        licensing: Mapping[str, Any],
        hseck9: tuple[str | None, str | None],
        target: Target | None,
    ) -> None:
        """Has an account own what a router uses, reserves, or shall get."""
        pools = self._homes[home]
        reserved = (licensing.get("reservation") or {}).get("licences") or []
        for row in [*licensing["licences"], *reserved]:
            if row.get("kind") in ("default", "none") or not row.get("tag"):
                continue
            self._add(pools, row, int(row.get("count", 1)) * _SPARE)
        tag, regid = hseck9
        if tag is None or target is None or target.hseck9 in ("none", "keep"):
            return
        free = 1 if target.hseck9_balance is None else target.hseck9_balance
        row = {"tag": tag, "restricted": True} | ({"regid": regid} if regid else {})
        self._add(pools, row, free)

    @staticmethod
    def _add(pools: dict[str, dict[str, Any]], row: Mapping[str, Any], count: int) -> None:
        entry = pools.setdefault(row["tag"], {"tag": row.get("regid") or row["tag"], "count": 0})
        entry["count"] += count
        for key in ("name", "description"):
            if row.get(key):
                entry.setdefault(key, row[key])
        if row.get("restricted"):
            entry["export_restricted"] = True

    # --- targets --------------------------------------------------------------------------------

    def target(
        self,
        given: Mapping[str, Any],
        target: Target,
        home: tuple[str, str],
        pid: str,
        platform: Platform | None,
    ) -> dict[str, Any]:
        """Returns a router's target for the lab's inventory; notes what it needs.

        Args:
            given: as the operator wrote it.
            target: the same, understood.
        """
        made = {k: v for k, v in given.items() if k != "image"}
        made["topology"] = self._topology(target, home)
        image = self._image(target, pid, platform)
        if image is not None:
            made["image"] = image
        return made

    def _topology(self, target: Target, home: tuple[str, str]) -> dict[str, Any]:
        made: dict[str, Any] = target.topology.to_json()
        if made.get("token"):
            made["token"] = self._token(made["token"], home)
        for key in ("url", "proxy"):
            if made.get(key):
                made[key] = self._disguise.url(made[key])
        if made.get("vrf"):
            made["vrf"] = self._disguise.vrf(made["vrf"])
        if made.get("name_servers"):
            made["name_servers"] = [self._disguise.address(x) for x in made["name_servers"]]
        kind, url = made["kind"], made.get("url")
        if kind in ("cslu", "cslu-pull", "cslu-offline"):
            self._relays.setdefault(url or _CSLU, home)
        elif kind in ("onprem", "onprem-pull") and url:
            self._on_premises(url, made.get("server_version"), home)
        return made

    def _token(self, reference: str, home: tuple[str, str]) -> str:
        """Returns the reference of the lab's own token: a real one is never read for a lab."""
        scheme = reference.partition(":")[0]
        kept = reference if scheme == "env" else TOKEN
        known = self._tokens.setdefault(kept, home)
        if known == home:
            return kept
        other = "env:" + re.sub(r"\W", "_", f"{kept.partition(':')[2]}_{'_'.join(home)}").upper()
        self._tokens.setdefault(other, home)
        return other

    def _on_premises(self, url: str, version: str | None, home: tuple[str, str]) -> None:
        host, tenant = host_of(url), urlsplit(url).path.rstrip("/").rpartition("/")[2]
        entry = self._onprem.setdefault(host, {"host": host, "tenants": {}})
        entry["tenants"].setdefault(tenant, "/".join(home))
        if version:
            entry["version"] = version
        self._hosts.add(host)

    def _image(self, target: Target, pid: str, platform: Platform | None) -> str | None:
        """Returns the name of the image to boot; the lab has one of that name."""
        goal = Release.parse(target.release) if target.release else None
        if goal is None:
            return None
        image, _ = target_image(target, platform, goal)
        family = catalog.platform_of(pid)
        takes = family.becomes or family.image
        name = image.name if image is not None and image.name.endswith(".bin") else None
        if name is None:
            usual = None if platform is None or family.becomes else platform.image_name(goal)
            padded = f"{goal.major}.{goal.minor:02}.{goal.number:02}{goal.letter}"
            name = usual or f"{takes}-universalk9.{padded}.SPA.bin"
        made = {
            "name": name,
            "release": goal.short,
            "platform": _made_for(name, platform) or takes,
            "size": (image.size if image else None) or IMAGE_BYTES,
        }
        self._images.setdefault(name, made)
        return name

    @staticmethod
    def path(target: Target | None) -> dict[str, bool]:
        """Returns what a router reaches, by the topology that it shall have."""
        if target is None:
            return {}
        return dict(_PATHS.get(target.topology.kind.partition("-")[0], _CUT_OFF))

    # --- said as a scenario ---------------------------------------------------------------------

    def sections(self) -> dict[str, Any]:
        """Returns the sections of the scenario beside ``routers``."""
        found: dict[str, Any] = {"accounts": self._accounts()}
        if self._relays:
            found["cslu"] = [{"url": u, "home": "/".join(h)} for u, h in self._relays.items()]
            self._hosts |= {host_of(u) for u in self._relays}
        if self._onprem:
            found["onprem"] = list(self._onprem.values())
        if self._hosts:
            found["dns"] = sorted(self._hosts)
        if self._images:
            found["images"] = list(self._images.values())
        return found

    def _accounts(self) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for (smart, virtual), pools in self._homes.items():
            domain = re.sub(r"[^a-z0-9]+", "-", smart.lower()).strip("-") + ".example.com"
            account = found.setdefault(
                smart, {"name": smart, "domain": domain, "virtual_accounts": []}
            )
            tokens = [
                {"name": t.partition(":")[2].lower(), "value": t, "expires": "epoch+30d"}
                for t, home in self._tokens.items()
                if home == (smart, virtual)
            ]
            made: dict[str, Any] = {
                "name": virtual,
                "tokens": tokens,
                "licences": list(pools.values()),
            }
            if (smart, virtual) in self._policies:
                made["policy"] = self._policies[smart, virtual]
            account["virtual_accounts"].append(made)
        return list(found.values())


def _made_for(name: str, platform: Platform | None) -> str | None:
    """Returns the platform that an image is for where that is another one: it is refused later."""
    own = {platform.id, platform.row.becomes} if platform is not None else set()
    stem = name.partition("-")[0]
    fits = [p.id for p in builtin_rules().platforms if (p.image or "").partition("-")[0] == stem]
    return stem if fits and not own & set(fits) else None
