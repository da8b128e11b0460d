"""A whole page: which of its lines are the article, by scores over all of them."""

from service.intake.page.reader import Hints, read_lines, read_page

__all__ = ["Hints", "read_lines", "read_page"]
