"""Pictures of articles: JPEG by the digest of what they were made of.

An address never shows another one.
"""

from dataclasses import dataclass

from flask import Blueprint, Flask, Response, abort
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.newsroom.values import PictureSize
from service.web.auth import at_the_desk
from service.web.media import for_any_origin, shelved
from service.web.media.conditional import A_DAY, with_etag
from service.web.site import Site

DIGEST_CHARS = 64
SIZES = ",".join(PictureSize)


def register(app: Flask, newsroom: Newsroom, _site: Site) -> None:
    """Adds /pictures/…"""
    pages = Blueprint("pictures", __name__)
    address = (
        f"/pictures/<string(length={DIGEST_CHARS}):digest>/<any({SIZES}):size>.jpg"
    )
    pages.add_url_rule(address, "picture", Illustrations(newsroom).picture)
    pages.after_request(for_any_origin)
    app.register_blueprint(pages)


@dataclass(frozen=True)
class Illustrations:
    """What the addresses answer."""

    newsroom: Newsroom

    def picture(self, digest: str, size: str) -> ResponseReturnValue:
        """A picture of something on the air; at the desk also of drafts."""
        is_public = set(digest) <= set(
            "0123456789abcdef"
        ) and self.newsroom.pictures.is_public(digest)
        if not (is_public or at_the_desk()):
            abort(404)
        data = self.newsroom.pictures.bytes_of(digest, PictureSize(size))
        if is_public:
            shelved.keep(None)
        kept = A_DAY if is_public else "private, no-store"
        return with_etag(Response(data, content_type="image/jpeg"), kept)
