"""HTML, a page or a fragment: which of it is the article."""

from service.intake.markup.reader import read_html

__all__ = ["read_html"]
