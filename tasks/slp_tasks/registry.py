"""Which task carries out which kind of step."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from slp_core.plan import StepKind
from slp_tasks.step import Step
from slp_tasks.steps.backup import Backup
from slp_tasks.steps.boot_variable import BootVariable
from slp_tasks.steps.call_home import SetCallHome
from slp_tasks.steps.deregister import Deregister
from slp_tasks.steps.dlc_done import DlcDone
from slp_tasks.steps.dlc_wait import DlcWait
from slp_tasks.steps.factory_reset import FactoryReset
from slp_tasks.steps.install_activate import InstallActivate
from slp_tasks.steps.install_add import InstallAdd
from slp_tasks.steps.install_commit import InstallCommit
from slp_tasks.steps.issu_activate import IssuActivate
from slp_tasks.steps.mode_switch import ModeSwitch
from slp_tasks.steps.person import Person
from slp_tasks.steps.preflight import Preflight
from slp_tasks.steps.register import Register
from slp_tasks.steps.reload import Reload
from slp_tasks.steps.renew import Renew
from slp_tasks.steps.reservation_install import ReservationInstall
from slp_tasks.steps.reservation_request import ReservationRequest
from slp_tasks.steps.reservation_return import ReservationReturn
from slp_tasks.steps.rollback import Rollback
from slp_tasks.steps.save_config import SaveConfig
from slp_tasks.steps.slac import Slac
from slp_tasks.steps.slac_import import SlacImport
from slp_tasks.steps.slac_request import SlacRequest
from slp_tasks.steps.slac_return import SlacReturn
from slp_tasks.steps.stage_image import StageImage
from slp_tasks.steps.throughput import SetThroughput
from slp_tasks.steps.topology import SetTopology
from slp_tasks.steps.trust import Trust
from slp_tasks.steps.usage_import import UsageImport
from slp_tasks.steps.usage_save import UsageSave
from slp_tasks.steps.usage_sync import UsageSync
from slp_tasks.steps.verify import Verify

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
