"""The API's calls for news that comes in."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from flask import Response, current_app, g, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_openapi3 import APIBlueprint, FileStorage, Tag
from pydantic import BaseModel, Field, RootModel

from service.actions.articles import article_of
from service.actions.pictures import take_sent, with_enclosed
from service.intake import Given, Why, parse
from service.intake.source import parse_bytes
from service.newsroom import Newsroom
from service.newsroom.values import (
    Article,
    ArticleDoubt,
    KeyScope,
    OmittedLine,
    Priority,
    Receipt,
    Role,
)
from service.web.api.calls import add_calls, call
from service.web.api.paths import ArticlePath, allowed, slugs_of, stations_for
from service.web.auth.access import reach
from service.web.inputs import Strict
from service.web.site import Site


class ArticleIn(Strict):
    """News to be read aloud."""

    body: str = Field(description="the text, HTML, or a whole page pasted")
    format: Literal["text", "html", "page"] = "text"
    external_id: str = Field(
        "",
        max_length=200,
        description="the sender's name for it; the same again is one article",
    )
    title: str = ""
    lead: str = ""
    topic: str = ""
    byline: str = ""
    url: str = ""
    picture: str = Field("", description="address of the picture that is shown with it")
    picture_caption: str = ""
    published_at: str = Field(
        "", description="ISO 8601; Vietnam's time when it names no zone"
    )
    stations: list[str] = Field(
        default_factory=list,
        description="slugs, group:<slug> or all; default: the installation's first station",
    )
    priority: Priority = Priority.NORMAL
    evergreen: bool = Field(
        False,
        description="a notice that is never old: broadcast when an hour has nothing else",
    )


class FileIn(BaseModel):
    """A file of an office as multipart/form-data: .docx, .odt, .rtf, .pdf, .txt or .html."""

    file: FileStorage
    external_id: str = Field("", max_length=200)
    title: str = ""
    lead: str = ""
    topic: str = ""
    byline: str = ""
    url: str = ""
    picture: str = ""
    picture_caption: str = ""
    published_at: str = ""
    stations: str = Field(
        "",
        description="the same between commas",
    )
    priority: Priority = Priority.NORMAL


class PhotoIn(BaseModel):
    """A picture as multipart/form-data: JPEG, PNG, WebP or GIF."""

    file: FileStorage


class PhotoOut(BaseModel):
    """The address by which an article names the picture."""

    picture: str


class LineOut(BaseModel):
    """A line that came with an article and is not read."""

    text: str
    why: Why


class ArticleOut(BaseModel):
    """Where the article and its episode are, what of it is not read,
    and why somebody should look.
    """

    article: str
    episode: str
    left_out: list[LineOut] = Field(default_factory=list)
    doubts: list[ArticleDoubt] = Field(default_factory=list)
    approved_before: int | None = Field(
        None,
        description="the version that was approved with this very text, when it came again",
    )


class ArticleWhole(BaseModel):
    """An article's newest revision."""

    id: int
    revision: int
    title: str
    lead: str
    paragraphs: list[str]
    byline: str
    topic: str
    url: str
    picture: str
    picture_caption: str
    views: int | None = Field(description="as the portal itself counted them")
    external_id: str
    priority: Priority
    published_at: datetime | None = Field(description="as its sender told it")
    received_at: datetime
    stations: list[str]
    evergreen: bool
    episode: str
    left_out: list[LineOut]
    doubts: list[ArticleDoubt]


class ArticlesQuery(Strict):
    """Which articles: by the name that their sender gave them, and perhaps by who sent them."""

    external_id: str = Field(min_length=1, max_length=200)
    source: str = Field(
        "",
        max_length=200,
        description="name of a key or a polled source; empty: whoever sent it",
    )


class ArticlesOut(RootModel[list[ArticleWhole]]):
    """Articles, the newest first; none is no error."""


def add(api: APIBlueprint, newsroom: Newsroom, site: Site) -> None:
    """Adds the calls."""
    calls = _ArticleCalls(newsroom, site)
    add_calls(
        api, Tag(name="articles", description="news in"), calls, KeyScope.ARTICLES
    )

    def files_too() -> ResponseReturnValue | None:
        """POST /articles takes a file as well:
        what is sent as a form goes to the call for files.
        """
        sends_form = request.mimetype == "multipart/form-data"
        if request.endpoint != "api.post_article" or not sends_form:
            return None
        take_file = current_app.view_functions["api.post_article_file"]
        return current_app.ensure_sync(take_file)()  # type: ignore[no-any-return]

    api.before_request(files_too)


@dataclass(frozen=True)
class _ArticleCalls:
    """News in."""

    newsroom: Newsroom
    site: Site

    @call(
        "POST", "/articles", responses={202: ArticleOut}, summary="Hand in an article"
    )
    @allowed(Role.EDITOR, sifted=True)
    def post_article(self, body: ArticleIn) -> tuple[Response, int]:
        story = parse(body.body, body.format, _given(body))
        article = article_of(
            story,
            stations_for(self.newsroom, body.stations),
            external_id=body.external_id,
            priority=body.priority,
            evergreen=body.evergreen,
        )
        receipt = self.newsroom.articles.receive(article, g.who, g.source)
        return received(receipt, article.left_out, article.doubts), 202

    @call(
        "POST", "/articles/file", responses={202: ArticleOut}, summary="Hand in a file"
    )
    @allowed(Role.EDITOR, sifted=True)
    def post_article_file(self, form: FileIn) -> tuple[Response, int]:
        """The same as POST /articles with multipart/form-data."""
        suffix = Path(form.file.filename or "").suffix
        story = parse_bytes(form.file.read(), suffix, _given(form))
        story = with_enclosed(self.newsroom, story, self.site.public_url)
        slugs = slugs_of(form.stations)
        article = article_of(
            story,
            stations_for(self.newsroom, slugs),
            external_id=form.external_id,
            priority=form.priority,
        )
        receipt = self.newsroom.articles.receive(article, g.who, g.source)
        return received(receipt, article.left_out, article.doubts), 202

    @call("POST", "/pictures", responses={201: PhotoOut}, summary="Hand in a picture")
    @allowed(Role.EDITOR, sifted=True)
    def post_picture(self, form: PhotoIn) -> tuple[Response, int]:
        """For pictures that stand at no address of their own."""
        public_url = self.site.public_url
        address = take_sent(self.newsroom, form.file.read(), public_url, str(g.who))
        return jsonify(PhotoOut(picture=address).model_dump()), 201

    @call(
        "GET",
        "/articles/<int:article_id>",
        responses={200: ArticleWhole},
        summary="An article, as last sent",
    )
    @allowed(Role.OPERATOR)
    def get_article(self, path: ArticlePath) -> Response:
        return jsonify(_whole(self.newsroom.articles.get(path.article_id)))

    @call(
        "GET",
        "/articles",
        responses={200: ArticlesOut},
        summary="Articles by their sender's name for them",
    )
    @allowed(Role.OPERATOR, sifted=True)
    def get_articles(self, query: ArticlesQuery) -> Response:
        within = reach(Role.OPERATOR)
        found = self.newsroom.articles.named(query.external_id, query.source, within)
        return jsonify([_whole(article) for article in found])


def _whole(article: Article) -> dict[str, Any]:
    episode = url_for("api.get_episode", episode_id=article.episode_id)
    whole = ArticleWhole.model_validate(asdict(article) | {"episode": episode})
    return whole.model_dump(mode="json")


def _given(sender: ArticleIn | FileIn) -> Given:
    """What the sender says of an article beside its text:
    it counts more than what is read out of that.
    """
    return Given(**{field.name: getattr(sender, field.name) for field in fields(Given)})


def received(
    receipt: Receipt,
    left_out: Sequence[OmittedLine] = (),
    doubts: Sequence[ArticleDoubt] = (),
) -> Response:
    """Where an article that was taken in is, and its episode.

    What of it is not read, and what is doubted.
    """
    return jsonify(
        ArticleOut(
            article=url_for("api.get_article", article_id=receipt.article_id),
            episode=url_for("api.get_episode", episode_id=receipt.episode_id),
            left_out=[LineOut(text=line.text, why=Why(line.why)) for line in left_out],
            doubts=list(doubts),
            approved_before=receipt.approved_before,
        ).model_dump(mode="json")
    )
