"""The API's calls for voices: which there are, how fast they are, which of them reads what where."""

from dataclasses import asdict, dataclass

from flask import Response, g, jsonify
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field, RootModel

from service.actions.voices import choose_voice, tomorrow_with
from service.newsroom import Newsroom
from service.newsroom.values import KeyScope, Role
from service.newsroom.values.voices import ChosenVoice, VoiceUse
from service.web.api.calls import add_calls, call
from service.web.api.paths import StationPath, allowed
from service.web.auth.access import check
from service.web.inputs import Strict
from service.web.site import Site


class VoiceChoiceOut(BaseModel):
    """A voice that may be chosen: `spec` is its name here, `label` in Vietnamese."""

    spec: str
    label: str
    owner: str = Field(description="whose servers get the text; empty: this machine")
    times_real_time: float | None = Field(
        description="seconds of sound in a second on this machine; null: not measured"
    )


class VoicesOut(BaseModel):
    """The voices there are, and the order in which they are preferred."""

    voices: list[VoiceChoiceOut]
    preferred: list[str]


class VoiceChosenIn(Strict):
    """A voice for a place and a use; an empty `voice` takes that choice back."""

    place: str = Field(description="all, group:<slug>, or a station's slug")
    use: VoiceUse = Field(
        VoiceUse.ANY, description="empty: everything; bulletin: its own words; warning"
    )
    voice: str = Field(description="engine:name@rate, the rate between 0.5 and 2")
    even_if_slow: bool = Field(
        False, description="also when it is too slow for tomorrow's bulletins"
    )


class VoiceChosenOut(BaseModel):
    """The voice that holds for a `use`, and the `place` where that was chosen.

    Without a place the installation's settings hold.
    """

    use: str
    place: str
    voice: str


class VoicesChosenOut(RootModel[list[VoiceChosenOut]]):
    """What reads at a station, use by use."""


def add(api: APIBlueprint, newsroom: Newsroom, site: Site) -> None:
    """Adds the calls."""
    add_calls(
        api,
        Tag(name="voices", description="who reads"),
        _VoiceCalls(newsroom, site),
        KeyScope.STATIONS,
    )


@dataclass(frozen=True)
class _VoiceCalls:
    """Which voices there are, and which of them reads what."""

    newsroom: Newsroom
    site: Site

    @call(
        "GET",
        "/voices",
        responses={200: VoicesOut},
        summary="The voices of this installation",
    )
    @allowed(Role.OPERATOR, sifted=True)
    def get_voices(self) -> Response:
        speeds = self._speeds()
        voices = [
            VoiceChoiceOut(
                spec=each.spec,
                label=each.label,
                owner=each.owner,
                times_real_time=speeds.get(each.spec),
            )
            for each in self.site.voices
        ]
        preferred = list(self.site.preferred)
        return jsonify(VoicesOut(voices=voices, preferred=preferred).model_dump())

    @call(
        "PUT",
        "/voices/choice",
        responses={200: VoiceChosenOut},
        summary="Choose who reads at a place",
    )
    @allowed(Role.ADMIN, sifted=True)
    def put_voice_choice(self, body: VoiceChosenIn) -> Response:
        check(Role.ADMIN, self.newsroom.voices.map().within(body.place), "place")
        self.site.check_voice(body.voice)
        if body.use is VoiceUse.WARNING:
            self.site.check_warning_voice(body.voice)
        preferred = next(iter(self.site.preferred), "")
        tomorrow = tomorrow_with(
            self.newsroom, body.place, body.use, preferred, self._speeds()
        )
        choice = ChosenVoice(body.place, body.use, body.voice)
        choose_voice(
            self.newsroom, choice, tomorrow, g.who, even_if_slow=body.even_if_slow
        )
        holds = self.newsroom.voices.map().at_place(body.place, body.use)
        return jsonify(asdict(holds) | {"use": body.use})

    @call(
        "GET",
        "/stations/<slug>/voices",
        responses={200: VoicesChosenOut},
        summary="Who reads what at a station",
    )
    @allowed(Role.OPERATOR)
    def get_station_voices(self, path: StationPath) -> Response:
        self.newsroom.stations.get(path.slug)
        chosen = self.newsroom.voices.map()
        return jsonify(
            [asdict(chosen.at(path.slug, use)) | {"use": use} for use in VoiceUse]
        )

    def _speeds(self) -> dict[str, float]:
        return self.site.known_speeds(self.newsroom.voices.speeds())
