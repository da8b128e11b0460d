"""`loa bench`: figures, what is asked of them, and README's table."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from loa.assembly import BED, MIGRATIONS, SAMPLES, TEMPLATES
from loa.terminal import console, fail, show, table, warn

if TYPE_CHECKING:
    from bench.figures import Run


def bench(
    parts: Annotated[
        list[str] | None,
        typer.Argument(help="as `loa bench ?` lists them; all when none is named"),
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option(help="a page as people hand it in, measured besides the samples"),
    ] = None,
    database: Annotated[
        str, typer.Option(help="an empty database of PostgreSQL, for `many`")
    ] = "",
    broker: Annotated[str, typer.Option(help="a Redis, for `many`")] = "",
    json_out: Annotated[
        Path | None, typer.Option("--json", help="also write every round here")
    ] = None,
    write: Annotated[
        Path | None, typer.Option(help="put the table between the marks of this file")
    ] = None,
) -> None:
    """What the work costs beside what no program could do without; medians, spread, what is asked.

    No verdict is given while the machine is busy with other work.
    """
    from bench import Places
    from bench import bench as run

    wanted = _wanted(parts)

    def announce(part: str, work: str) -> None:
        position = f"[{wanted.index(part) + 1}/{len(wanted)}]"
        line = f"{position} {part}: {work} …"
        console().print(line, markup=False, highlight=False, soft_wrap=True)

    places = Places(SAMPLES, MIGRATIONS, TEMPLATES, BED, page, database, broker)
    measured = run(places, wanted, announce)
    _show(measured)
    if json_out:
        measured.write_json(json_out)
    if write:
        _write(measured, write)


def _wanted(parts: list[str] | None) -> list[str]:
    """The parts that were named, or all; ends with one line when one of them is none."""
    from bench import PARTS

    if unknown := set(parts or ()) - set(PARTS):
        listed = "; ".join(f"{name}: {part.work}" for name, part in PARTS.items())
        fail(f"there is no part {', '.join(sorted(unknown))}; there are {listed}")
    return parts or list(PARTS)


def _show(measured: "Run") -> None:
    """The table, and what the machine did besides."""
    from bench.figures import MOST_BUSY

    if measured.busy:
        warn(
            f"other work took more than {MOST_BUSY:.0f} % of a processor: figures, no verdict"
        )
    shown = table("figure", "median", "least – most", "asked", "verdict")
    for figure in measured.figures:
        cells = figure.row(measured.busy).strip("| ").split("|")
        shown.add_row(*(cell.strip() for cell in cells))
    show(shown)
    console().print(measured.about, highlight=False)


def _write(measured: "Run", path: Path) -> None:
    from bench.figures import NoPlace

    try:
        measured.write_table(path)
    except NoPlace as error:
        fail(str(error))
