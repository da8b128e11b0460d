"""What came with an article and is not read, and what is doubted, stay with it."""

from service.intake.story import Doubt
from service.newsroom.values import ArticleDoubt, NewArticle, OmittedLine

FROM_THE_NEWSROOM = {"source", "shrunk", "unknown_syllables", "correction_lost"}


def test_intake_and_newsroom_call_doubts_the_same():
    assert {doubt.value for doubt in ArticleDoubt} == {
        *(doubt.value for doubt in Doubt),
        *FROM_THE_NEWSROOM,
    }


def test_an_article_keeps_what_was_left_out_and_doubted(newsroom):
    left_out = (
        OmittedLine("Lượt xem: 45", "counter", 1),
        OmittedLine("Tin khác", "related", 2),
    )
    doubts = (ArticleDoubt.NO_DATE, ArticleDoubt.ENCODING)
    article = NewArticle(
        "Họp dân",
        ("Tối nay họp.",),
        "d",
        ("suoi-lanh",),
        left_out=left_out,
        doubts=doubts,
    )
    receipt = newsroom.articles.receive(article, "portal")
    kept = newsroom.articles.get(receipt.article_id)
    assert (kept.left_out, kept.doubts) == (left_out, doubts)
