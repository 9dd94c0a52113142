"""The ingest domain as the app finds it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scheduler_core import Domain, DomainPlugin, DropHandler, PluginServices, RetryPolicy
from tidemill_ingest.content_store import ContentStore
from tidemill_ingest.drop import TakeInHandler
from tidemill_ingest.executors import ScanExecutor, TakeExecutor
from tidemill_ingest.fetching import FetchExecutor
from tidemill_ingest.settings import IngestSettings
from tidemill_ingest.tasks import Fetch, Ingest, Scan, Take

_LONGEST_WAIT_S: Final = 300.0


class IngestPlugin(DomainPlugin[IngestSettings]):
    """Takes files in: each stored once by its content, refused when it is not what it claims."""

    key = Ingest
    settings_model = IngestSettings

    def __init__(self) -> None:
        self._take_in: Final = TakeInHandler()
        self._store: ContentStore | None = None

    def build(self, settings: IngestSettings, services: PluginServices) -> Domain[Ingest]:
        """The domain; the first time it sweeps what a killed run left in the library a day ago or earlier."""
        is_first = self._store is None
        # One for all: its locks are between tasks that began before the settings changed, and those after.
        store = self._store = self._store or ContentStore(services.library_dir)
        if is_first:
            store.sweep_stale()
        own = (services.library_dir, services.data_dir)
        # The app keeps both in one folder: then its database and logs are not for taking in either.
        both = services.data_dir.parent.parent
        passed_by = (both,) if both == services.library_dir.parent else ()
        domain = Domain(
            Ingest,
            max_concurrency=settings.concurrency,
            default_retry=RetryPolicy.exponential(settings.retries, settings.retry_delay_s, _LONGEST_WAIT_S),
        )
        domain.register(Scan, ScanExecutor(own, passed_by))
        largest = settings.largest_file_mb * 1_000_000
        take = TakeExecutor(services.library_dir, store, largest)
        fetch = FetchExecutor(services.data_dir / "fetched", take, largest)
        if is_first:  # later, fetches may be under way
            fetch.sweep()
        domain.register(Take, take)
        domain.register(Fetch, fetch)
        return domain

    def drop_handlers(self) -> Sequence[DropHandler]:
        """One: files and folders of every kind, and web links."""
        return (self._take_in,)
