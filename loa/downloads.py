"""How many listened where a CDN sends the sound (LOA_MEDIA_URL)."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from loa.assembly import open_newsroom, settings
from loa.terminal import fail, warn

if TYPE_CHECKING:
    from service.web.media.cdn_counts import CdnCounts


def downloads_read(
    logs: Annotated[
        list[Path],
        typer.Argument(
            metavar="LOG…",
            help="logs of a CDN or bucket, .gz too: nginx's and Apache's combined format,"
            " CloudFront's, S3's",
        ),
    ],
) -> None:
    """Counts listeners from the logs of a CDN. Each line counts once, however often it is read."""
    from service.web.media.cdn_counts import CdnCounts

    counts = CdnCounts(open_newsroom(settings()))
    try:
        for log in logs:
            _read(counts, log)
    finally:
        counts.forget()


def _read(counts: "CdnCounts", log: Path) -> None:
    try:
        counted = counts.read(log)
    except (OSError, EOFError) as error:
        fail(f"{log} cannot be read: {error}")
    typer.echo(
        f"{log}: {counted.lines:,} new lines, {counted.listened:,} of them sound sent to"
        f" listeners, {counted.downloads:,} downloads"
    )
    if counted.strange:
        warn(
            f"{log}: {counted.strange:,} lines are in no format that is known, the first:"
            f" {counted.first_strange[:200]}"
        )
