"""The sync domain as the app finds it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scheduler_core import Domain, DomainPlugin, HealthReport, PluginAction, PluginServices, RetryPolicy
from tidemill_sync.checking import check_action
from tidemill_sync.settings import SyncSettings
from tidemill_sync.tasks import Check, CheckExecutor, Mirror, MirrorExecutor, Mirroring, Sync

_LONGEST_WAIT_S: Final = 300.0


class SyncPlugin(DomainPlugin[SyncSettings]):
    """Mirrors the library to a second place, and checks what it wrote."""

    key = Sync
    settings_model = SyncSettings

    def build(self, settings: SyncSettings, services: PluginServices) -> Domain[Sync]:
        """The domain, mirroring to the folder that is set, or to `mirror` beside the library."""
        target = settings.target or services.library_dir.parent / "mirror"
        domain = Domain(
            Sync,
            max_concurrency=settings.concurrency,
            default_retry=RetryPolicy.exponential(settings.retries, settings.retry_delay_s, _LONGEST_WAIT_S),
        )
        mirroring = Mirroring(services.library_dir, target)
        domain.register(Mirror, MirrorExecutor(mirroring))
        domain.register(Check, CheckExecutor(mirroring, services.tell))
        return domain

    def actions(self) -> Sequence[PluginAction]:
        """The whole mirror can be checked at any time."""
        return (check_action(),)

    def health(self, settings: SyncSettings) -> HealthReport:
        """Whether the disk of the folder that is set is there."""
        if settings.target is not None and not settings.target.parent.is_dir():
            return HealthReport(
                ok=False,
                message=f"{settings.target}: the folder it should lie in is not there. "
                "Connect its disk, or choose another folder",
            )
        return HealthReport(ok=True, message="")
