"""Sources that are polled: what they are, what they listed, their journals, and the turns of their
hosts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("name", "kind", "url")),
        sa.Column("selector", sa.String(), nullable=False),
        sa.Column("stations", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("trusted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("state", "etag", "last_modified", "hop")
        ),
        sa.Column("hops", sa.Integer(), nullable=False),
        sa.Column("list_at", TIME, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("looked_at", TIME, nullable=True),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.UniqueConstraint("key", name="uq_source_key"),
    )
    op.create_table(
        "source_item",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source_id", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("guid", "address", "url", "document", "title")
        ),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("published_at", TIME, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", TIME, nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("tries", "looks", "hops")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("etag", "last_modified")),
        sa.Column("episode_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name="fk_source_item_source_id_source"
        ),
        sa.UniqueConstraint("source_id", "guid", name="uq_source_item_source_id_guid"),
    )
    op.create_index("ix_source_item_address", "source_item", ["source_id", "address"])
    op.create_index("ix_source_item_due", "source_item", ["source_id", "due_at"])
    op.create_table(
        "source_event",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("event", "title", "url", "detail")
        ),
        sa.Column("episode_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name="fk_source_event_source_id_source"
        ),
    )
    op.create_index("ix_source_event_source", "source_event", ["source_id", "id"])
    op.create_table(
        "host",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("free_at", TIME, nullable=False),
        sa.Column("robots", sa.String(), nullable=False),
        sa.Column("robots_until", TIME, nullable=True),
    )
    with op.batch_alter_table("job") as table:
        table.add_column(sa.Column("source_id", sa.Integer(), nullable=True))
        table.create_unique_constraint("uq_job_source_id", ["source_id"])
    op.create_index("ix_article_external_id", "article", ["external_id"])
    op.create_table(
        "article_shingle",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_article_shingle_article_id_article"
        ),
        sa.PrimaryKeyConstraint("article_id", "hash", name="pk_article_shingle"),
    )
    op.create_index("ix_article_shingle_hash", "article_shingle", ["hash"])
