"""What editors taught the reading."""

from typing import Annotated

import typer

from loa.assembly import open_newsroom, settings


def suggest(
    stations: Annotated[
        int, typer.Option(min=1, help="how many stations must have corrected it alike")
    ] = 2,
) -> None:
    """Corrections that several stations made alike, as rows ready for service/vietnamese/tables."""
    from service.actions.learning import suggest as suggestions

    for suggestion in suggestions(open_newsroom(settings()), stations):
        typer.echo(f"# {suggestion.table}.tsv, at {', '.join(suggestion.stations)}")
        for context in suggestion.contexts:
            typer.echo(f"# {context}")
        typer.echo("\t".join(suggestion.row))
