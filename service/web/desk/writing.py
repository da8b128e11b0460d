"""Articles at the desk: the form in which they are written, sent as files,
looked at before they are handed in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from service.actions.aloud import engine_in
from service.actions.pictures import take_sent, with_enclosed
from service.actions.stations import groups_within, stations_named
from service.intake import Rejected, Story
from service.intake.source import parse_bytes
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, NewsroomError
from service.newsroom.values import Article, NewArticle, Priority, Receipt, Role
from service.newsroom.values.names import name_vi
from service.web.auth import who
from service.web.auth.access import check, home_station, reach
from service.web.desk.article_form import ArticleForm, aloud, faults
from service.web.desk.choosing import choice, looks_for_stations
from service.web.desk.moves import to_sheet
from service.web.site import Site

ARTICLE = "/articles/<int:article_id>/edit"
# With any of these the form comes back, with what was understood of it.
LOOKS_FIRST = ("preview", "take_back")
OLDER = "older"  # the mark of no article


@dataclass(frozen=True)
class Writing:
    """What the addresses of the form answer."""

    newsroom: Newsroom
    site: Site

    def new(self) -> ResponseReturnValue:
        """An empty form."""
        home = home_station(self.newsroom, Role.EDITOR)
        return self._page(ArticleForm(stations=(home.slug,) if home else ()))

    def take_new(self) -> ResponseReturnValue:
        """Shows what was understood, or hands the article in."""
        return self._take(
            lambda article: self.newsroom.articles.receive(article, who())
        )

    def edit(self, article_id: int) -> ResponseReturnValue:
        """The newest revision in the form."""
        article = self.newsroom.articles.get(article_id)
        # Who could not save it is told before they type.
        check(Role.EDITOR, article.stations)
        return self._page(ArticleForm.of(article), article)

    def take_edit(self, article_id: int) -> ResponseReturnValue:
        """A new revision; Conflict when somebody else made one meanwhile."""
        newest = self.newsroom.articles.get(article_id)

        def save(article: NewArticle) -> Receipt:
            seen = _seen(newest)
            return self.newsroom.articles.edit(article_id, article, who(), seen)

        return self._take(save, newest)

    def _take(
        self, save: Callable[[NewArticle], Receipt], article: Article | None = None
    ) -> ResponseReturnValue:
        """What was typed or sent: shown, saved, or refused; `article` is the one that is edited."""
        form = ArticleForm.typed(request.form)
        if looks_for_stations(request.form):
            return self._page(form, article)
        try:
            form = replace(form, stations=stations_named(self.newsroom, form.stations))
        except NewsroomError as error:
            return self._page(form, article, faults=faults(error)), 422
        check(Role.EDITOR, form.stations)
        try:
            form = self._with_photo(form)
        except (Rejected, Conflict) as error:
            return self._page(form, article, faults={"photo": error.message_vi}), 422
        files = [file for file in request.files.getlist("file") if file.filename]
        if len(files) > 1:
            return self._take_files(form, files)
        return self._take_one(form, files, save, article)

    def _take_one(
        self,
        form: ArticleForm,
        files: Sequence[FileStorage],
        save: Callable[[NewArticle], Receipt],
        article: Article | None,
    ) -> ResponseReturnValue:
        """An article, typed or in one file."""
        try:
            if files:
                form = form.with_story(self._story_of(files[0]))
            story = form.story()
            new_article = form.article(story)
            # What a machine read out of a file is never handed in unseen.
            if files or any(button in request.form for button in LOOKS_FIRST):
                return self._preview(form, article, story, new_article)
            receipt = save(new_article)
        except (Rejected, NewsroomError) as error:
            return self._page(form, article, faults=faults(error)), 422
        flash(news_of(receipt))
        return to_sheet(receipt.episode_id)

    def _with_photo(self, form: ArticleForm) -> ArticleForm:
        """The form with the address of the picture that was sent with it.

        Rejected when that is none, Conflict when they sent too many.
        """
        photo = request.files.get("photo")
        if photo is None or not photo.filename:
            return form
        public_url = self.site.public_url
        address = take_sent(self.newsroom, photo.read(), public_url, str(who()))
        return replace(form, picture=address)

    def _take_files(
        self, form: ArticleForm, files: Sequence[FileStorage]
    ) -> ResponseReturnValue:
        """Several files are handed in as they are, each an article.

        One that is refused is told by its name.
        """
        for file in files:
            try:
                article = form.article(self._story_of(file))
                receipt = self.newsroom.articles.receive(article, who())
            except Rejected as error:
                flash(f"{file.filename}: {error.message_vi}", "error")
            except NewsroomError as error:  # of the form, and so of all files alike
                return self._page(form, faults=faults(error)), 422
            else:
                flash(f"{file.filename}: {news_of(receipt)}")
        return redirect(url_for("desk.episodes"), 303)

    def _story_of(self, file: FileStorage) -> Story:
        """What a file that was sent says, its picture kept; Rejected names `file`."""
        story = parse_bytes(file.read(), Path(file.filename or "").suffix)
        return with_enclosed(self.newsroom, story, self.site.public_url)

    def _preview(
        self,
        form: ArticleForm,
        article: Article | None,
        story: Story,
        new_article: NewArticle,
    ) -> str:
        """The form with what was understood of it,
        and how the first of its stations would read that.
        """
        station = self.newsroom.stations.get(form.stations[0])
        chosen = self.newsroom.voices.at(station.slug).voice
        engine = engine_in(chosen or next(iter(self.site.preferred), ""))
        terms = self.newsroom.terms.of(station.slug, engine)
        sentences = aloud(story, station, terms)
        return self._page(
            form,
            article,
            story=story,
            doubts=new_article.doubts,
            sentences=sentences,
        )

    def _page(
        self, form: ArticleForm, article: Article | None = None, **more: object
    ) -> str:
        return render_template(
            "desk/article.html",
            form=form,
            article=article,
            choice=choice(self.newsroom, Role.EDITOR, form.stations),
            groups=groups_within(self.newsroom, reach(Role.EDITOR)),
            topics=self.newsroom.stations.topics(),
            priorities=list(Priority),
            **more,
        )


def _seen(newest: Article) -> str:
    """The mark of the article that the form was made of."""
    form = request.form
    is_newest = form.get("revision") == str(newest.revision)
    return form.get("was", newest.mark) if is_newest else OLDER


def news_of(receipt: Receipt) -> str:
    """What became of an article, in words."""
    news = name_vi(receipt.news)
    if receipt.approved_before is None:
        return news
    # Whoever approves need not read it all again.
    return f"{news} Nội dung giống bản đã duyệt v{receipt.approved_before}."
