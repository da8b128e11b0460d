"""`loa voices`: which voices there are and could be.

Natural ones are added, tried and removed here.
"""

import time
import wave
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from loa.assembly import (
    open_voices,
    settings,
    voice_in,
    voice_names,
    voice_offers,
    voice_shelf,
    voices_to_add,
)
from loa.terminal import bytes_bar, console, fail, show, table

if TYPE_CHECKING:
    from audio.catalogue import NaturalVoice
    from service.settings import Settings

MB = 1_000_000


def voices(context: typer.Context) -> None:
    """Voices: every one that can be chosen, and those that can be added."""
    if context.invoked_subcommand is None:
        voices_list()


def voices_list() -> None:
    """Every voice that can be chosen, and those that can be added."""
    installation = settings()
    offered = open_voices(installation)
    chosen = table("giọng", "tên", "")
    for voice, info, trouble in offered.all():
        note = trouble
        if not note and voice in offered.preferred:
            note = f"ưu tiên {offered.preferred.index(voice) + 1}"
        chosen.add_row(str(voice), info.label, note)
    offered.close()
    show(chosen)
    if missing := voices_to_add(installation):
        more = table("tải thêm được", "tên", "MB", "giấy phép")
        for offer in missing:
            more.add_row(
                offer.name, offer.label, f"{offer.bytes / MB:.0f}", offer.licence
            )
        show(more)
        console().print(
            "loa voices add TÊN: tải về một lần, từ đó không cần mạng", style="dim"
        )


def voices_add(
    name: Annotated[str, typer.Argument(help="as `loa voices list` names it")],
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", help="folder with its files, as on a USB stick", exists=True
        ),
    ] = None,
) -> None:
    """Brings a natural voice, once: from the web, or from a folder. What was cut off goes on."""
    from audio.catalogue import Download, FetchError, Stick, bring

    installation = settings()
    offer = _offer(installation, name)
    _require_engine(offer)
    shelf = voice_shelf(installation)
    if shelf.has(offer):
        console().print(f"{offer.label}: đã có.")
        return
    console().print(
        f"{offer.label}, {offer.bytes / MB:.0f} MB, {offer.licence}: {offer.licence_url}"
    )
    place = Stick(source) if source else Download(installation.voice_mirror)
    try:
        with bytes_bar() as progress:
            task = progress.add_task(offer.name, total=offer.bytes)
            bring(
                offer, shelf, place, lambda here: progress.update(task, completed=here)
            )
    except FetchError as error:
        fail(str(error))
    console().print(f"Đã có {offer.voice}. {_how_to_choose(installation, offer)}")


def voices_remove(
    name: Annotated[str, typer.Argument(help="as `loa voices list` names it")],
) -> None:
    """Deletes the files of a voice that was added."""
    installation = settings()
    offer = _offer(installation, name)
    shelf = voice_shelf(installation)
    there = shelf.folder(offer).exists() or shelf.coming(offer).exists()
    if not there:
        fail(f"{name} was not added")
    if installation.voices and str(offer.voice) in voice_names(installation):
        fail(
            f"LOA_VOICES names {offer.voice}: take it out there first, or nothing starts any more"
        )
    shelf.remove(offer)
    console().print(f"Đã xóa {offer.label}.")


def voices_test(
    voice: Annotated[
        str, typer.Argument(help="as `loa voices list` names it: espeak:vi")
    ],
    text: Annotated[list[str] | None, typer.Argument(help="what it says")] = None,
    out: Annotated[Path, typer.Option("-o", "--out", help="the WAV to write")] = Path(
        "nghe-thu.wav"
    ),
) -> None:
    """Lets a voice say a sentence into a WAV, and tells how fast it is on this machine."""
    from audio.gate import admit
    from audio.voice import RATE, SAMPLE_BYTES, EngineTrouble
    from service.newsroom.values.voices import MEASURED_SENTENCE
    from service.vietnamese import say

    offered = open_voices(settings())
    wanted = voice_in("the voice", voice)
    spoken = say(" ".join(text)) if text else MEASURED_SENTENCE
    try:
        engine = offered.engine(wanted.engine)
        # Once to load its model: only the second call tells how fast it speaks.
        engine.speak(spoken, wanted, engine.deadline)
        began = time.monotonic()
        pcm = admit(engine.speak(spoken, wanted, engine.deadline), spoken)
        took_s = time.monotonic() - began
    except EngineTrouble as error:
        fail(str(error))
    finally:
        offered.close()
    _write_wav(out, pcm)
    seconds = len(pcm) / SAMPLE_BYTES / RATE
    typer.echo(
        f"{out}: {seconds:.1f} s, {took_s:.2f} s to speak, {seconds / took_s:.1f} × real time"
    )


def _write_wav(path: Path, pcm: bytes) -> None:
    from audio.voice import RATE, SAMPLE_BYTES

    with wave.open(str(path), "wb") as file:
        file.setparams((1, SAMPLE_BYTES, RATE, 0, "NONE", ""))
        file.writeframes(pcm)


def _offer(installation: "Settings", name: str) -> "NaturalVoice":
    offers = voice_offers(installation)
    if name not in offers:
        fail(
            f"the catalogue has no voice {name!r}; there are: {', '.join(offers) or 'none'}"
        )
    return offers[name]


def _require_engine(offer: "NaturalVoice") -> None:
    """A voice whose engine is not installed would take the room and say nothing."""
    from audio.engines import open_engine
    from audio.voice import EngineTrouble

    try:
        open_engine(offer.engine).close()
    except EngineTrouble as error:
        fail(str(error))


def _how_to_choose(installation: "Settings", offer: "NaturalVoice") -> str:
    if not installation.voices:
        return "Lần khởi động sau, bài mới sẽ đọc bằng giọng này."
    return (
        f"Muốn dùng: LOA_VOICES={offer.voice},{installation.voices}, rồi khởi động lại."
    )
