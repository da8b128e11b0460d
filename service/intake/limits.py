"""How much of anything intake takes.

What is larger is refused before any pattern or parser sees it.
"""

from service.intake.story import Rejected

LARGEST_BYTES = 4 * 1024 * 1024  # of a body, a file or a fetched page
# Of a Word or OpenDocument file: telephones' photos lie in it.
LARGEST_DOCUMENT_BYTES = 16 * 1024 * 1024
ZIP = b"PK\x03\x04"
LARGEST_PICTURE_BYTES = 8 * 1024 * 1024  # what a telephone takes
# Without scripts, styles and pictures that stand in it as text
LARGEST_HTML_CHARS = 1024 * 1024
MOST_TAGS = 30_000  # ten times what a portal's page has
LONGEST_TAG_CHARS = 10_000
MOST_ATTRIBUTES = 100  # of one tag: parsers take quadratic time for them
DEEPEST = 200  # tags within tags; lxml itself stops at 256
LONGEST_STORY_CHARS = 60_000  # an hour and a half of speech
LONGEST_TITLE_CHARS = 250
LONGEST_FIELD_CHARS = 2_000
LONGEST_LINE_CHARS = (
    300  # that a pattern of a table looks at; what is longer is a paragraph
)
MOST_LINES = 20_000


def largest_of(data: bytes) -> int:
    """How many bytes a file may have that begins like this one."""
    return LARGEST_DOCUMENT_BYTES if data.startswith(ZIP) else LARGEST_BYTES


def too_large(field: str, limit: int = LARGEST_BYTES) -> Rejected:
    """More bytes than any article has."""
    megabytes = limit // 1024 // 1024
    return Rejected(
        field,
        "too_large",
        f"more than {megabytes} MB is no article",
        f"Nội dung quá lớn (trên {megabytes} MB), không phải một bài viết.",
    )


def too_long() -> Rejected:
    """More characters than anybody hears in one piece."""
    return Rejected(
        "body",
        "too_long",
        f"an article has at most {LONGEST_STORY_CHARS} characters; this one has more",
        f"Bài dài quá {LONGEST_STORY_CHARS} ký tự; hãy chia thành nhiều bài.",
    )
