"""Cisco Software Licensing: PAK, right-to-use and evaluation licences before Smart Licensing."""

from __future__ import annotations

from slp_sim.router.agent.classic import used_s
from slp_sim.router.agent.state import Licence
from slp_sim.router.render.text import weeks
from slp_sim.router.router import Router

_PERIOD = 60 * 86400.0
_TYPES = {"pak": "Permanent", "rtu": "Permanent", "evaluation": "EvalRightToUse"}


def _state(licence: Licence) -> str:
    if licence.in_use:
        return "Active, In Use"
    return "Active, Not in Use" + ("" if licence.kind == "pak" else ", EULA not accepted")


def _count(licence: Licence) -> str:
    return "0/0 (In-use/Violation)" if licence.counted else "Non-Counted"


def show_license(router: Router) -> str:
    """Returns ``show license``."""
    text = ""
    for index, licence in enumerate(router.agent.licences, 1):
        text += f"Index {index} Feature: {licence.feature:<30}\n"
        if licence.kind in ("default", "none"):
            continue
        if licence.kind in ("pak", "rtu"):
            text += "\tPeriod left: Life time\n"
        elif licence.in_use:
            used = used_s(router, licence)
            text += f"\tPeriod left: {weeks(_PERIOD - used)}\n\tPeriod Used: {weeks(used)}\n"
        else:
            text += "\tPeriod left: Not Activated\n\tPeriod Used: 0  minute  0  second  \n"
        text += (
            f"\tLicense Type: {_TYPES[licence.kind]}\n\tLicense State: {_state(licence)}\n"
            f"\tLicense Count: {_count(licence)}\n\tLicense Priority: {licence.priority}\n"
        )
    return text


def detail(router: Router) -> str:
    """Returns ``show license detail``: each stored licence with the store that holds it."""
    text, index = "", 0
    for store, bought in (("Primary License Storage", True), ("Built-In License Storage", False)):
        for number, licence in enumerate(_stored(router, bought=bought)):
            index += 1
            text += (
                f"Index: {index}\tFeature: {licence.feature:<32}Version: 1.0\n"
                f"\tLicense Type: {'Permanent' if bought else 'EvalRightToUse'}\n"
                f"\tLicense State: {_state(licence) if bought else 'Inactive'}\n"
                f"\tLicense Count: {_count(licence)}\n"
                f"\tLicense Priority: {licence.priority if bought else 'None'}\n"
                f"\tStore Index: {number}\n\tStore Name: {store}\n"
            )
    return text


def _stored(router: Router, *, bought: bool) -> list[Licence]:
    """Returns what a store holds, in its order."""
    licences = router.agent.licences
    if not bought:
        return [x for x in licences if x.has_evaluation]
    primary = [x for x in licences if x.kind in ("pak", "rtu")]
    return sorted(primary, key=lambda x: 99 if x.stored is None else x.stored)


def show_feature(router: Router) -> str:
    """Returns ``show license feature``."""
    head = "Feature name             Enforcement  Evaluation  Subscription   Enabled  RightToUse\n"
    rows = "".join(
        f"{x.feature:<25}{_yes(x.enforced):<13}{_yes(x.has_evaluation):<12}{'no':<15}"
        f"{_yes(x.in_use):<9}{_yes(x.right_to_use)}\n"
        for x in router.agent.licences
    )
    return head + rows


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def show_all(router: Router) -> str:
    """Returns ``show license all``: what each licence store holds."""
    text = "License Store: Primary License Storage\n"
    for index, licence in enumerate(_stored(router, bought=True)):
        text += _entry(router, index, licence, bought=True)
    text += "License Store: Built-In License Storage\n"
    for index, licence in enumerate(_stored(router, bought=False)):
        text += _entry(router, index, licence, bought=False)
    return text


def _entry(router: Router, index: int, licence: Licence, *, bought: bool) -> str:
    text = f"StoreIndex: {index}   Feature: {licence.feature:<40}  Version: 1.0\n"
    if bought:
        udi = f"<UDI><PID>{router.pid}</PID><SN>{router.serial}</SN></UDI>"
        return text + (
            "\tLicense Type: Permanent\n"
            f"\tLicense State: {_state(licence)}\n\tLock type: Node locked\n"
            f"\tVendor info: {udi}\n\tLicense Addition: Exclusive\n"
            f"\tLicense Generation version: 0x8100000\n\tLicense Count: {_count(licence)}\n"
            f"\tLicense Priority: {licence.priority}\n"
        )
    own = licence.kind == "evaluation"
    used = used_s(router, licence) if own else 0.0
    state = _state(licence) if own else "Inactive"
    left = weeks(_PERIOD - used)
    return text + (
        f"\tLicense Type: EvalRightToUse\n\tLicense State: {state}\n"
        f"\t    Evaluation total period: {weeks(_PERIOD)}\n\t    Evaluation period left: {left}\n"
        f"\t    Period used: {weeks(used)}\n\tLock type: Non Node locked\n"
        "\tVendor info: <UDI><PID>NOTLOCKED</PID><SN>NOTLOCKED</SN></UDI><T>RTU</T>\n"
        "\tLicense Addition: Additive\n\tLicense Generation version: 0x8200000\n"
        f"\tLicense Count: {_count(licence)}\n"
        f"\tLicense Priority: {licence.priority if own else 'None'}\n"
    )


def dlc(router: Router) -> str:
    """Returns ``show platform software license dlc``."""
    record = router.agent.dlc
    if record is None:
        return "DLC Process Status: Not Applicable\n"
    text = ""
    for index, (feature, counts) in enumerate(record.features.items(), 1):
        text += (
            f"Index {index} Feature:          {feature:<20}\n"
            f"    Permanent License:      {counts['permanent']}\n"
            f"    EVAL RTU License:       {counts['eval_rtu']}\n"
            f"    RTU License:            {counts['rtu']}\n"
            f"    Paper License:          {counts['paper']}\n"
        )
    if record.collected_at is None:
        return f"{text}\nDLC Process Status: Not Complete\n"
    return f"{text}\nDLC Process Status: Completed\n\nDLC Conversion Status: SUCCESS\n"
