"""Which task carries out which kind of step."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from slp_core.plan import StepKind
from slp_tasks.backup import Backup
from slp_tasks.boot_variable import BootVariable
from slp_tasks.call_home import SetCallHome
from slp_tasks.deregister import Deregister
from slp_tasks.dlc_done import DlcDone
from slp_tasks.dlc_wait import DlcWait
from slp_tasks.factory_reset import FactoryReset
from slp_tasks.install_activate import InstallActivate
from slp_tasks.install_add import InstallAdd
from slp_tasks.install_commit import InstallCommit
from slp_tasks.issu_activate import IssuActivate
from slp_tasks.mode_switch import ModeSwitch
from slp_tasks.person import Person
from slp_tasks.preflight import Preflight
from slp_tasks.register import Register
from slp_tasks.reload import Reload
from slp_tasks.renew import Renew
from slp_tasks.reservation_install import ReservationInstall
from slp_tasks.reservation_request import ReservationRequest
from slp_tasks.reservation_return import ReservationReturn
from slp_tasks.rollback import Rollback
from slp_tasks.save_config import SaveConfig
from slp_tasks.slac import Slac
from slp_tasks.slac_import import SlacImport
from slp_tasks.slac_request import SlacRequest
from slp_tasks.slac_return import SlacReturn
from slp_tasks.stage_image import StageImage
from slp_tasks.step import Step
from slp_tasks.throughput import SetThroughput
from slp_tasks.topology import SetTopology
from slp_tasks.trust import Trust
from slp_tasks.usage_import import UsageImport
from slp_tasks.usage_save import UsageSave
from slp_tasks.usage_sync import UsageSync
from slp_tasks.verify import Verify

STEPS: Mapping[StepKind, Step] = MappingProxyType(
    {
        StepKind.PREFLIGHT: Preflight(),
        StepKind.BACKUP: Backup(),
        StepKind.SAVE_CONFIG: SaveConfig(),
        StepKind.PERSON: Person(),
        StepKind.RESERVATION_INSTALL: ReservationInstall(),
        StepKind.RESERVATION_REQUEST: ReservationRequest(),
        StepKind.RESERVATION_RETURN: ReservationReturn(),
        StepKind.STAGE_IMAGE: StageImage(),
        StepKind.INSTALL_ADD: InstallAdd(),
        StepKind.INSTALL_ACTIVATE: InstallActivate(),
        StepKind.ISSU_ACTIVATE: IssuActivate(),
        StepKind.INSTALL_COMMIT: InstallCommit(),
        StepKind.BOOT_VARIABLE: BootVariable(),
        StepKind.RELOAD: Reload(),
        StepKind.TOPOLOGY: SetTopology(),
        StepKind.TRUST: Trust(),
        StepKind.SLAC: Slac(),
        StepKind.SLAC_IMPORT: SlacImport(),
        StepKind.SLAC_REQUEST: SlacRequest(),
        StepKind.SLAC_RETURN: SlacReturn(),
        StepKind.USAGE_SYNC: UsageSync(),
        StepKind.USAGE_SAVE: UsageSave(),
        StepKind.USAGE_IMPORT: UsageImport(),
        StepKind.DLC_WAIT: DlcWait(),
        StepKind.DLC_DONE: DlcDone(),
        StepKind.THROUGHPUT: SetThroughput(),
        StepKind.VERIFY: Verify(),
        StepKind.REGISTER: Register(),
        StepKind.RENEW: Renew(),
        StepKind.DEREGISTER: Deregister(),
        StepKind.CALL_HOME: SetCallHome(),
        StepKind.MODE_SWITCH: ModeSwitch(),
        StepKind.ROLLBACK: Rollback(),
        StepKind.FACTORY_RESET: FactoryReset(),
    }
)
"""Stateless: one object serves every router at once."""
