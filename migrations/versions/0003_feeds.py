"""feeds"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('show',
    sa.Column('path', sa.String(), nullable=False),
    sa.Column('guid', sa.String(), nullable=False),
    sa.Column('serial', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pinged', sa.Integer(), nullable=False),
    sa.Column('ping_tries', sa.Integer(), nullable=False),
    sa.Column('ping_after', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('path', name=op.f('pk_show'))
    )
    op.create_table('correction',
    sa.Column('episode_id', sa.Integer(), nullable=False),
    sa.Column('corrected_id', sa.Integer(), nullable=False),
    sa.Column('wrong', sa.String(), nullable=False),
    sa.Column('right', sa.String(), nullable=False),
    sa.Column('made_by', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['corrected_id'], ['episode.id'], name=op.f('fk_correction_corrected_id')),
    sa.ForeignKeyConstraint(['episode_id'], ['episode.id'], name=op.f('fk_correction_episode_id')),
    sa.PrimaryKeyConstraint('episode_id', name=op.f('pk_correction'))
    )
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_correction_corrected_id'), ['corrected_id'], unique=False)

    op.create_table('download',
    sa.Column('episode_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['episode_id'], ['episode.id'], name=op.f('fk_download_episode_id')),
    sa.PrimaryKeyConstraint('episode_id', 'day', 'kind', name=op.f('pk_download'))
    )
    with op.batch_alter_table('download', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_download_day'), ['day'], unique=False)

    op.create_table('taking',
    sa.Column('station_id', sa.Integer(), nullable=False),
    sa.Column('episode_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['episode_id'], ['episode.id'], name=op.f('fk_taking_episode_id')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_taking_station_id')),
    sa.PrimaryKeyConstraint('station_id', 'episode_id', 'version', name=op.f('pk_taking'))
    )
    with op.batch_alter_table('episode', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ordinal', sa.Integer(), nullable=True))

