"""Articles gain the canonical address of the page that they stood on, by which others ask for their
player.
"""

from urllib.parse import parse_qsl, urlencode, urlsplit

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TRACKING = ("utm_", "mc_", "pk_", "_ga")
TRACKERS = {"fbclid", "gclid", "dclid", "msclkid", "zarsrc", "igshid", "ref_src"}
AT_ONCE = 1000


def upgrade() -> None:
    op.add_column(
        "article", sa.Column("address", sa.String(), server_default="", nullable=False)
    )
    article = sa.table(
        "article",
        sa.column("id", sa.Integer),
        sa.column("url", sa.String),
        sa.column("address", sa.String),
    )
    connection = op.get_bind()
    last = 0
    while rows := connection.execute(
        sa.select(article.c.id, article.c.url)
        .where(article.c.id > last, article.c.url != "")
        .order_by(article.c.id)
        .limit(AT_ONCE)
    ).all():
        for number, url in rows:
            connection.execute(
                article.update().where(article.c.id == number).values(address=address_of(url))
            )
        last = rows[-1].id
    op.create_index("ix_article_address", "article", ["address"])


def address_of(url: str) -> str:
    """As the code of this release has it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in TRACKERS and not name.startswith(TRACKING)
    ]
    place = f"{parts.netloc.lower()}{parts.path.rstrip('/')}"
    return f"{place}?{urlencode(query)}" if query else place
