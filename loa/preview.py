"""What Loa would understand of a text, a page or a file, told and not kept."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer


def preview(
    sources: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="files; - is stdin")
    ],
    format: Annotated[
        Literal["page", "text", "html", "file"],
        typer.Option(
            help="what they hold: a page as copied, a text as typed, HTML, or find out"
        ),
    ] = "file",
) -> None:
    """One line of JSON for each file: what would be understood of it, or why it is refused.

    Keeps nothing.
    """
    for source in sources:
        sys.stdout.write(json.dumps(_told(source, format), ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _told(source: Path, format: str) -> dict[str, Any]:
    from service.intake import Rejected, codec, decode, parse
    from service.intake.source import parse_bytes, read_file

    try:
        data = sys.stdin.buffer.read() if str(source) == "-" else read_file(source)
        story = (
            parse_bytes(data, source.suffix)
            if format == "file"
            else parse(decode(data, "body"), format)
        )
    except Rejected as error:
        return codec.refusal(error)
    return codec.preview(story)
