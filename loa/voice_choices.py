"""`loa voices choose` and `loa voices chosen`: which voice reads what where."""

from typing import TYPE_CHECKING, Annotated

import typer

from loa.assembly import first_voice, open_newsroom, open_voices, settings, voice_in
from loa.terminal import fail, show, table

if TYPE_CHECKING:
    from service.newsroom import Newsroom
    from service.newsroom.values.voices import VoiceUse
    from workers.voices import Voices

TAKEN_BACK = "-"
FOR_ALL = "all"


def voices_choose(
    voice: Annotated[
        str,
        typer.Argument(help="engine:name@rate, as in espeak:vi@0.9; - takes it back"),
    ],
    at: Annotated[
        str, typer.Option(help="all, group:NAME or a station; the nearest wins")
    ] = "all",
    use: Annotated[
        str, typer.Option("--for", help="all, bulletin (its own words) or warning")
    ] = FOR_ALL,
    *,
    anyway: Annotated[
        bool, typer.Option(help="also when it is too slow for tomorrow's bulletins")
    ] = False,
) -> None:
    """Chooses who reads at a place. What was read stays as it is."""
    from service.actions.voices import choose_voice, tomorrow_with
    from service.newsroom.errors import NewsroomError
    from service.newsroom.values.voices import ChosenVoice

    installation = settings()
    newsroom = open_newsroom(installation)
    offered = open_voices(installation)
    wanted = _use(use)
    name = "" if voice == TAKEN_BACK else _offered(voice, offered, wanted)
    speeds = known_speeds(newsroom, offered)
    tomorrow = tomorrow_with(newsroom, at, wanted, first_voice(installation), speeds)
    try:
        choose_voice(
            newsroom,
            ChosenVoice(at, wanted, name),
            tomorrow,
            "loa voices choose",
            even_if_slow=anyway,
        )
    except NewsroomError as error:
        fail(f"{error} ({error.message_vi})")
    finally:
        offered.close()
    holds = newsroom.voices.map().at_place(at, wanted)
    typer.echo(f"{at}, {wanted.name_vi}: {holds.voice or 'theo thiết lập của máy chủ'}")


def voices_chosen() -> None:
    """What was chosen where, and how fast voices are on this machine as far as that was measured."""
    newsroom = open_newsroom(settings())
    choices = newsroom.voices.map().choices
    shown = table("nơi", "việc", "giọng")
    for (place, use), voice in sorted(choices.items()):
        shown.add_row(place, use.name_vi, voice)
    show(shown)
    speeds = table("giọng", "× thời gian thực", "đo trên")
    for (voice, build), speed in sorted(newsroom.voices.speeds().items()):
        speeds.add_row(voice, f"{speed.times:.1f}", build)
    show(speeds)


def known_speeds(newsroom: "Newsroom", offered: "Voices") -> dict[str, float]:
    """The speeds that hold for the builds of the engines that are here, by voice."""
    measured = newsroom.voices.speeds()
    builds = {
        str(voice): offered.engine(voice.engine).build()
        for voice, _, trouble in offered.all()
        if not trouble
    }
    return {
        voice: measured[voice, build].times
        for voice, build in builds.items()
        if (voice, build) in measured
    }


def _offered(text: str, offered: "Voices", use: "VoiceUse") -> str:
    """The voice by its name; the command ends when it cannot be chosen."""
    from service.newsroom.values.voices import VoiceUse

    voice = voice_in("the voice", text)
    names = {str(each) for each, _, trouble in offered.all() if not trouble}
    if text.partition("@")[0] not in names:
        fail(f"there is no voice {text!r} here; there are: {', '.join(sorted(names))}")
    over_network = offered.engine(voice.engine).limits is not None
    if use is VoiceUse.WARNING and over_network:
        fail("warnings are read by a voice of this machine: they must need no network")
    return str(voice)


def _use(text: str) -> "VoiceUse":
    from service.newsroom.values.voices import VoiceUse

    known = [FOR_ALL, *filter(None, VoiceUse)]
    if text not in known:
        fail(f"--for {text}: it is one of {', '.join(known)}")
    return VoiceUse("" if text == FOR_ALL else text)
