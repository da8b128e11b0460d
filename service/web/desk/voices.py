"""Every voice that is here or could be: what it is, where its text goes, how fast it is and how it
sounds; and which of them reads what where.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.actions.voices import Tomorrow, choose_voice, tomorrow_with
from service.newsroom import Newsroom
from service.newsroom.errors import Invalid, NewsroomError, NotFound
from service.newsroom.stations.voices import VoiceMap
from service.newsroom.values import ALL, GROUP, Group, Reach, Role
from service.newsroom.values.voices import (
    MEASURED_SENTENCE,
    ChosenVoice,
    VoiceUse,
)
from service.web.auth import DeskPage, desk_pages, limiter, who
from service.web.auth.access import check, reach
from service.web.site import Site

A_SENTENCE = "Xin chào bà con. Sáng nay trời nắng nhẹ, các thôn ra đồng từ bảy giờ."
MEASURED_AGAIN = "10 per minute"
RATES = ("0.8", "0.85", "0.9", "0.95", "1", "1.05", "1.1", "1.15", "1.2")


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /desk/voices."""
    pages = VoicePages(newsroom, site)
    measure = limiter.limit(MEASURED_AGAIN)(pages.measure)
    addresses = [
        DeskPage("GET", "", Role.EDITOR, pages.voices, sifted=True),
        DeskPage("POST", "", Role.ADMIN, pages.choose, sifted=True),
        DeskPage("POST", "/measure", Role.EDITOR, measure, sifted=True),
    ]
    app.register_blueprint(desk_pages("voices", "/desk/voices", addresses))


@dataclass(frozen=True, slots=True)
class Branch:
    """A group with the voice that holds for its news, and the groups below it."""

    group: Group
    chosen: ChosenVoice
    below: "tuple[Branch, ...]"


@dataclass(frozen=True)
class VoicePages:
    """What /desk/voices answers."""

    newsroom: Newsroom
    site: Site

    def voices(self) -> ResponseReturnValue:
        """A sentence of one's own, heard in each voice; what could be added; who reads what."""
        return self._page(request.args.get("place", ALL))

    def measure(self) -> ResponseReturnValue:
        """Has the voices of this machine measured whose speed nobody knows yet."""
        speeds = self._speeds()
        for voice in self.site.voices:
            if voice.spec not in speeds and not voice.over_network:
                self.newsroom.auditions.ask(MEASURED_SENTENCE, voice.spec, who())
        flash("Máy đang đo tốc độ các giọng; vài giây nữa tải lại trang là thấy.")
        return redirect(url_for("voices.voices"), 303)

    def choose(self) -> ResponseReturnValue:
        """Chooses a voice at a place for a use, or takes that choice back."""
        form = request.form
        place = form.get("place", "")
        try:
            choice = ChosenVoice(place, _use(form.get("use", "")), self._typed_voice())
            check(Role.ADMIN, self.newsroom.voices.map().within(place), "place")
            if choice.use is VoiceUse.WARNING:
                self.site.check_warning_voice(choice.voice)
            choose_voice(
                self.newsroom,
                choice,
                self._tomorrow(place, choice.use),
                who(),
                even_if_slow="even_if_slow" in form,
            )
        except NewsroomError as error:
            if error.field == "place":
                raise
            return self._page(place, error), 422
        flash("Đã chọn giọng. Những gì đã đọc giữ nguyên; bài mới đọc bằng giọng này.")
        return redirect(url_for("voices.voices", place=place), 303)

    def _typed_voice(self) -> str:
        """The voice of the form at its rate; "" to take the choice back."""
        voice, rate = request.form.get("voice", ""), request.form.get("rate", "1")
        if rate not in RATES:
            raise Invalid(
                f"no rate {rate!r}", "Hãy chọn một tốc độ trong danh sách.", "rate"
            )
        self.site.check_voice(voice)
        return f"{voice}@{rate}" if voice and rate != "1" else voice

    def _tomorrow(self, place: str, use: VoiceUse) -> Tomorrow:
        preferred = next(iter(self.site.preferred), "")
        return tomorrow_with(self.newsroom, place, use, preferred, self._speeds())

    def _speeds(self) -> dict[str, float]:
        return self.site.known_speeds(self.newsroom.voices.speeds())

    def _page(self, place: str, error: NewsroomError | None = None) -> str:
        own = reach(Role.EDITOR)
        chosen = self.newsroom.voices.map()
        groups = self.newsroom.groups.all()
        members = chosen.within(place)
        if not own.touches(members) or not _is_there(place, chosen, groups):
            raise NotFound(f"no place {place!r}", "Không có nơi này.", "place")
        return render_template(
            "desk/voices.html",
            sentence=A_SENTENCE,
            voices=self.site.voices,
            preferred=self.site.preferred,
            urgent=self.site.urgent_voice,
            offers=self.site.voice_offers,
            speeds=self._speeds(),
            rates=RATES,
            typed=request.form,
            error=error,
            place=place,
            may_choose=reach(Role.ADMIN).covers(members),
            uses=[(use, chosen.at_place(place, use)) for use in VoiceUse],
            slow={use: self._slow(place, use) for use in VoiceUse},
            chosen=chosen,
            tree=_tree(groups, chosen, own),
            name_of=lambda other: self._name_of(other, groups),
            **self._stations(own),
        )

    def _stations(self, own: Reach) -> dict[str, object]:
        """The stations to go on to, by the words that were searched for."""
        words = request.args.get("q", "")
        return {
            "stations": self.newsroom.stations.directory(words, own),
            "words": words,
        }

    def _slow(self, place: str, use: VoiceUse) -> dict[str, str]:
        """The voices that are too slow there, and why."""
        tomorrow = self._tomorrow(place, use)
        troubles = {each.spec: tomorrow.trouble(each.spec) for each in self.site.voices}
        return {spec: trouble for spec, trouble in troubles.items() if trouble}

    def _name_of(self, place: str, groups: Iterable[Group]) -> str:
        """A place as people call it."""
        if place == ALL:
            return "mọi đài"
        if place.startswith(GROUP):
            slug = place.removeprefix(GROUP)
            return next((each.name for each in groups if each.slug == slug), place)
        station = self.newsroom.stations.named(place)
        return station.name if station is not None else place


def _use(text: str) -> VoiceUse:
    if text not in set(VoiceUse):
        raise Invalid(f"no use {text!r}", "Hãy chọn việc cần đọc.", "use")
    return VoiceUse(text)


def _is_there(place: str, chosen: VoiceMap, groups: Iterable[Group]) -> bool:
    if place == ALL:
        return True
    if place.startswith(GROUP):
        return any(f"{GROUP}{group.slug}" == place for group in groups)
    return place in chosen.stations


def _tree(
    groups: Sequence[Group], chosen: VoiceMap, own: Reach, above: str = ""
) -> tuple[Branch, ...]:
    """The groups right below one, as far as somebody's reach touches them."""
    return tuple(
        Branch(
            group,
            chosen.at_place(f"{GROUP}{group.slug}", VoiceUse.ANY),
            _tree(groups, chosen, own, group.slug),
        )
        for group in groups
        if group.parent == above and own.touches(chosen.within(f"{GROUP}{group.slug}"))
    )
