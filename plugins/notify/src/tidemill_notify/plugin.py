"""The notify domain as the app finds it."""

from __future__ import annotations

from scheduler_core import Domain, DomainPlugin, PluginServices
from tidemill_notify.settings import NotifySettings
from tidemill_notify.tasks import Notify, Summary, SummaryExecutor
from tidemill_notify.told import ToldJobs


class NotifyPlugin(DomainPlugin[NotifySettings]):
    """Tells once a job how it went."""

    key = Notify
    settings_model = NotifySettings

    def build(self, settings: NotifySettings, services: PluginServices) -> Domain[Notify]:
        """The domain; forgets which jobs were told more than 90 days ago."""
        told = ToldJobs(services.data_dir / "told")
        told.forget_old()
        domain = Domain(Notify, max_concurrency=2)
        domain.register(
            Summary, SummaryExecutor(services.tell, services.job_summary, told, settings.tell_about)
        )
        return domain
