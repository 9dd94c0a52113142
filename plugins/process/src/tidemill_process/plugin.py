"""The process domain as the app finds it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from scheduler_core import (
    Domain,
    DomainPlugin,
    PermanentError,
    PluginServices,
    ProcessRunner,
    RetryableError,
    TaskContext,
)
from tidemill_process.settings import ProcessSettings
from tidemill_process.shape import ThumbnailShape
from tidemill_process.tasks import Process, Thumbnail

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ThumbnailExecutor:
    """Makes thumbnails of one library's pictures. Plain values: it travels to worker processes."""

    library: Path
    shape: ThumbnailShape

    def execute(self, task: Thumbnail, ctx: TaskContext) -> None:
        """Makes the thumbnail if it is not there yet."""
        # Pillow is for the worker processes: the program that starts them does not wait for it.
        from tidemill_process.thumbnail import PictureError, make_thumbnail

        source = self.library / task.content
        target = self.library / "thumbnails" / task.sha256[:2] / f"{task.sha256}.webp"
        if target.is_file():
            log.info("there is one already")
            return
        try:
            make_thumbnail(source, target, task.name, self.shape)
            log.info("%d bytes became a thumbnail of %d", source.stat().st_size, target.stat().st_size)
        except PictureError as error:
            raise PermanentError(str(error)) from error
        except FileNotFoundError as error:
            raise PermanentError(
                f"{task.name}: its content is no longer in the library ({source}). Take it in again"
            ) from error
        except OSError as error:
            raise RetryableError(
                f"{task.name}: its thumbnail cannot be written to {target.parent}: "
                f"{error.strerror or error}. Check that disk, then retry"
            ) from error


class ProcessPlugin(DomainPlugin[ProcessSettings]):
    """Makes thumbnails: upright, in sRGB, in worker processes."""

    key = Process
    settings_model = ProcessSettings

    def build(self, settings: ProcessSettings, services: PluginServices) -> Domain[Process]:
        """The domain; its work runs in processes, as many as `concurrency`."""
        shape = ThumbnailShape(settings.edge, settings.quality, settings.largest_megapixels)
        domain = Domain(Process, max_concurrency=settings.concurrency)
        domain.register(Thumbnail, ThumbnailExecutor(services.library_dir, shape), runner=ProcessRunner())
        return domain
