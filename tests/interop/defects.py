"""What the simulator does not do as a router does: known, named, and expected to fail until mended.

A test that is named here must fail; mended, it fails the run until its line is taken out. Nothing
else is ever expected to fail, and nothing is skipped.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

DEFECTS: dict[str, str] = {
    "test_netmiko.py::test_one_interface_of_the_configuration": (
        "show running-config interface NAME does not exist"
    ),
    "test_ansible.py::test_gathers_the_hardware": (
        "show memory statistics and show processes cpu do not exist"
    ),
    "test_ansible.py::test_gathers_the_interfaces": (
        "show interfaces, show ip interface and the like do not exist"
    ),
    "test_genie.py::test_redundancy*": (
        "show redundancy lacks Image Version, BOOT, CONFIG_FILE and Configuration register"
    ),
    "test_genie.py::test_users_and_logging": (
        "show logging lacks the counters and switches of its lines (flushes, overruns, xml, "
        "filtering) and the monitor, exception and trap lines"
    ),
    "test_genie.py::test_summary[[]slp*": (
        "a router that starts under policy shows no licence names: the feature is the name there"
    ),
    "test_genie.py::test_usage[[]slp*": "no licence names, as above",
    "test_genie.py::test_all[[]slp*": "no licence names, as above",
    "test_genie.py::test_tech_support*": (
        "from 17.9 the conversion section has the last push and the last export only; here Status "
        "stands beside them"
    ),
}


def defect_of(test: str) -> str | None:
    """Returns why a test (``file::name``) is known to fail; None where it is not."""
    return next((why for known, why in DEFECTS.items() if fnmatchcase(test, known)), None)
