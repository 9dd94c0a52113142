"""The notify domain as the app finds it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scheduler_core import Domain, DomainPlugin, PluginAction, PluginServices, Scheduler
from tidemill_notify.settings import NotifySettings
from tidemill_notify.tasks import Notify, Summary, SummaryExecutor
from tidemill_notify.told import ToldJobs


class NotifyPlugin(DomainPlugin[NotifySettings]):
    """Tells once a job how it went."""

    key = Notify
    settings_model = NotifySettings

    def __init__(self) -> None:
        self._tell: Callable[[str, str], None] | None = None

    def build(self, settings: NotifySettings, services: PluginServices) -> Domain[Notify]:
        """The domain; forgets which jobs were told more than 90 days ago."""
        self._tell = services.tell
        told = ToldJobs(services.data_dir / "told")
        told.forget_old()
        domain = Domain(Notify, max_concurrency=2)
        domain.register(
            Summary, SummaryExecutor(services.tell, services.job_summary, told, settings.tell_about)
        )
        return domain

    def actions(self) -> Sequence[PluginAction]:
        """Whoever waits for messages can see whether they come."""
        tell = self._tell
        if tell is None:
            return ()

        async def send_test(_scheduler: Scheduler) -> str:
            tell("Test message", "This is how you are told that a job is done")
            return "Sent. If no message came up, look at Settings, Notifications"

        return (
            PluginAction(
                name="send-test",
                title="Send a test message",
                run=send_test,
                description="Shows a message as it comes when a job is done.",
            ),
        )
