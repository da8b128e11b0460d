"""The pronunciation dictionary at the desk: entries, what each would change, TSV in and out."""

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from flask import Flask, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.actions.aloud import Announcer, announcer_for, engine_of
from service.intake import LARGEST_BYTES, Rejected, decode
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, Forbidden, Invalid, NewsroomError
from service.newsroom.stations import MOST_LISTED
from service.newsroom.values import Episode, Mention, Role, Sentence, Term
from service.newsroom.values.grants import Thing
from service.vietnamese import say
from service.web.auth import DeskPage, desk_pages, who
from service.web.auth.access import check, check_thing, own_stations, reach
from service.web.desk.choosing import station_meant
from service.web.desk.moves import to_sheet
from service.web.inputs.numbers import whole_number
from service.web.site import Site
from service.web.words.spreadsheets import guarded, rows_in, unguarded

COLUMNS = ("written", "spoken", "station", "match_case", "note", "engine")
NO = ("no", "0", "không")  # in the column `match_case`
LONGEST_WRITTEN = 100  # characters of a written form


@dataclass(frozen=True, slots=True)
class Affected:
    """An episode in which an entry changes what is said: the sentences before and after."""

    mention: Mention
    changed: tuple[tuple[Sentence, Sentence], ...]


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /desk/terms."""
    lexicon = Lexicon(newsroom, site)
    addresses = [
        DeskPage("GET", "/terms", Role.OPERATOR, lexicon.terms, sifted=True),
        DeskPage("POST", "/terms", Role.EDITOR, lexicon.save, sifted=True),
        DeskPage("GET", "/terms/<int:term_id>", Role.OPERATOR, lexicon.term),
        DeskPage("POST", "/terms/<int:term_id>/remove", Role.EDITOR, lexicon.remove),
        DeskPage("POST", "/terms/<int:term_id>/apply", Role.EDITOR, lexicon.apply),
        DeskPage("GET", "/terms.tsv", Role.OPERATOR, lexicon.export, sifted=True),
        DeskPage("POST", "/terms/import", Role.EDITOR, lexicon.take_file, sifted=True),
    ]
    app.register_blueprint(desk_pages("lexicon", "/desk", addresses))


@dataclass(frozen=True)
class Lexicon:
    """What the dictionary's addresses answer."""

    newsroom: Newsroom
    site: Site

    def terms(self) -> ResponseReturnValue:
        """The entries, and the form for another.

        `?written=` begins one from a word of the proof sheet.
        """
        # From a marked word of a proof sheet; what somebody put into an address has no end.
        written = request.args.get("written", "")[:LONGEST_WRITTEN]
        station = request.args.get("station", "")
        spoken = say(written) if written else ""
        return self._list(Term(written, spoken, station))

    def save(self) -> ResponseReturnValue:
        """Adds or replaces an entry, and shows what it changes.

        Or reads the article again from which somebody came, and goes back there.
        """
        form = request.form
        article = whole_number(form.get("episode", "")) if "read" in form else None
        typed = Term(
            form.get("written", ""),
            form.get("spoken", ""),
            form.get("station", "").strip(),
            "match_case" in form,
            form.get("note", ""),
            engine=form.get("engine", ""),
        )
        try:
            station = station_meant(
                self.newsroom, typed.station, reach(Role.EDITOR), "station"
            )
            typed = replace(typed, station=station)
            self._check_engine(typed.engine, "engine")
            check(Role.EDITOR, _places(typed), "station")
            if article:
                check_thing(Role.EDITOR, Thing.EPISODE, article)
            kept = self.newsroom.terms.put(typed, who())
        except NewsroomError as error:
            return self._list(typed, {error.field: error.message_vi}), 422
        flash(f"Đã lưu: “{kept.written}” đọc là “{kept.spoken}”.")
        if article:
            self._read_again(kept, {article})
            return to_sheet(article)
        return redirect(url_for("lexicon.term", term_id=kept.id), 303)

    def term(self, term_id: int) -> ResponseReturnValue:
        """One entry, and the episodes whose reading it changes."""
        term = self.newsroom.terms.get(term_id)
        return render_template(
            "desk/term.html", term=term, affected=self._affected(term)
        )

    def apply(self, term_id: int) -> ResponseReturnValue:
        """Reads the affected sentences of the chosen episodes again, and only those.

        Not of one that is also heard where who asks does not work.
        """
        term = self.newsroom.terms.get(term_id)
        chosen = {whole_number(typed) for typed in request.form.getlist("episodes")}
        self._read_again(term, chosen)
        return redirect(url_for("lexicon.term", term_id=term_id), 303)

    def _read_again(self, term: Term, chosen: Collection[int | None]) -> None:
        """Reads the affected sentences of these episodes again, and tells how many are."""
        done = busy = beyond = 0
        for affected in self._affected(term):
            episode_id = affected.mention.episode_id
            if episode_id not in chosen:
                continue
            readings = [after for _, after in affected.changed]
            try:
                check_thing(Role.EDITOR, Thing.EPISODE, episode_id)
                self.newsroom.episodes.read_anew(
                    episode_id, readings, who(), term.written
                )
            except Forbidden:
                beyond += 1
            except Conflict:
                busy += 1
            else:
                done += 1
        flash(
            f"Máy đang đọc lại các câu có “{term.written}” trong {done} bài."
            if done
            else "Không có bài nào được chọn."
        )
        if beyond:
            flash(
                f"{beyond} bài còn phát ở đài khác, cần người có quyền ở các đài đó.",
                "error",
            )
        if busy:
            flash(
                f"{busy} bài đang được đọc nên chưa làm được, hãy thử lại sau.", "error"
            )

    def remove(self, term_id: int) -> ResponseReturnValue:
        """Forgets an entry. What was read by it stays until it is read again."""
        gone = self.newsroom.terms.remove(term_id, who())
        flash(
            f"Đã bỏ “{gone.written}” khỏi từ điển. Các bài đã đọc giữ nguyên cho đến khi đọc lại."
        )
        return redirect(url_for("lexicon.terms"), 303)

    def export(self) -> ResponseReturnValue:
        """All entries as TSV, to be edited in a spreadsheet and taken back."""
        headers = {
            "Content-Disposition": "attachment; filename=tu-dien-phat-am.tsv",
            "Cache-Control": "private",
        }
        return Response(
            _to_tsv(self.newsroom.terms.all(among=reach(Role.OPERATOR))),
            content_type="text/tab-separated-values; charset=utf-8",
            headers=headers,
        )

    def take_file(self) -> ResponseReturnValue:
        """Entries from a TSV as `export` writes it: all of them, or none and the lines at fault."""
        file = request.files.get("file")
        try:
            if file is None or not file.filename:
                raise Invalid("choose a file", "Hãy chọn một tệp .tsv.", "file")
            terms = _from_tsv(decode(file.stream.read(LARGEST_BYTES + 1), "file"))
            self._check_stations(terms)
            self.newsroom.terms.put_all(terms, who())
        except (Rejected, NewsroomError) as error:
            return self._list(Term("", ""), {"file": error.message_vi}), 422
        flash(f"Đã nhận {len(terms)} mục từ.")
        return redirect(url_for("lexicon.terms"), 303)

    def _list(self, typed: Term, faults: dict[str, str] | None = None) -> str:
        words = request.args.get("q", "")
        stations = own_stations(self.newsroom, Role.OPERATOR)
        return render_template(
            "desk/terms.html",
            terms=self.newsroom.terms.all(words, reach(Role.OPERATOR)),
            words=words,
            listed=stations if len(stations) <= MOST_LISTED else None,
            names={station.slug: station.name for station in stations},
            engines=self.site.engines,
            episode=whole_number(request.values.get("episode", "")),
            typed=typed,
            faults=faults or {},
        )

    def _affected(self, term: Term) -> list[Affected]:
        """The episodes that would be read otherwise, each by its own station,
        and in which sentences.
        """
        announcers: dict[tuple[str, str], Announcer] = {}
        episodes: list[Affected] = []
        for mention in self.newsroom.terms.mentions(
            term.written, term.station, reach(Role.OPERATOR)
        ):
            episode = self.newsroom.episodes.get(mention.episode_id)
            engine = engine_of(episode)
            if term.engine not in ("", engine):
                continue
            reader = mention.station, engine
            if reader not in announcers:
                announcers[reader] = self._announcer_at(*reader)
            changed = _changed(episode, mention, announcers[reader])
            if changed:
                episodes.append(Affected(mention, tuple(changed)))
        return episodes

    def _announcer_at(self, slug: str, engine: str) -> Announcer:
        return announcer_for(
            self.newsroom.stations.get(slug), self.newsroom.terms.of(slug, engine)
        )

    def _check_stations(self, terms: Sequence[Term]) -> None:
        slugs = {station.slug for station in self.newsroom.stations.all()}
        for term in terms:
            check(Role.EDITOR, _places(term), "file")
            self._check_engine(term.engine, "file")
            if term.station and term.station not in slugs:
                raise Invalid(
                    f"no station {term.station!r}",
                    f"Không có đài “{term.station}”.",
                    "file",
                )

    def _check_engine(self, engine: str, field: str) -> None:
        if engine and engine not in self.site.engines:
            raise Invalid(
                f"no engine {engine!r} here; there are: {', '.join(self.site.engines)}",
                f"Ở đây không có máy đọc “{engine}”.",
                field,
            )


def _changed(
    episode: Episode, mention: Mention, announcer: Announcer
) -> list[tuple[Sentence, Sentence]]:
    """The sentences of an episode that are read otherwise by now:
    as they are, and as they would be.
    """
    changed: list[tuple[Sentence, Sentence]] = []
    for before in episode.sentences:
        if before.n not in mention.sentences:
            continue
        reading = announcer.reread(before.n, before.written, episode.sentences)
        if reading.spoken != before.spoken:
            after = replace(before, spoken=reading.spoken, changes=reading.changes)
            changed.append((before, after))
    return changed


def _in_words(text: str, status: int) -> Response:
    return Response(text, status, content_type="text/plain; charset=utf-8")


def _places(term: Term) -> list[str] | None:
    """Where an entry holds; None for everywhere."""
    return [term.station] if term.station else None


def _to_tsv(terms: Sequence[Term]) -> str:
    out = io.StringIO()
    table = csv.writer(
        out,
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
        quotechar=None,
        lineterminator="\n",
    )
    table.writerow(COLUMNS)
    for term in terms:
        case = "yes" if term.match_case else "no"
        cells = (
            term.written,
            term.spoken,
            term.station,
            case,
            term.note,
            term.engine,
        )
        # A spreadsheet must take none of them for a formula.
        table.writerow(map(guarded, cells))
    return out.getvalue()


def _from_tsv(text: str) -> list[Term]:
    """The entries of a table; Invalid tells which line is at fault."""
    rows = rows_in(text, "\t", quoted=False)
    if not rows or tuple(cell.strip() for cell in rows[0][:2]) != COLUMNS[:2]:
        raise Invalid(
            "the first line names the columns",
            f"Dòng đầu phải là: {' '.join(COLUMNS)}.",
            "file",
        )
    terms: list[Term] = []
    for number, row in enumerate(rows[1:], start=2):
        cells = [unguarded(cell.strip()) for cell in row]
        if any(cells):
            terms.append(_term_of(number, cells))
    return terms


def _term_of(number: int, cells: Sequence[str]) -> Term:
    """The entry of a line, whose last cells may be missing."""
    written, spoken, station, case, note, engine = [*cells, *[""] * len(COLUMNS)][
        : len(COLUMNS)
    ]
    if not written or not spoken:
        raise Invalid(
            f"line {number} lacks a form",
            f"Dòng {number} thiếu chữ viết hoặc cách đọc.",
            "file",
        )
    matches = case.lower() not in NO
    return Term(written, spoken, station, matches, note, engine=engine)
