"""bulletins"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('airing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('station_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.String(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('air_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('max_seconds', sa.Integer(), nullable=False),
    sa.Column('missed', sa.Boolean(), nullable=False),
    sa.Column('played_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('played_by', sa.String(), nullable=False),
    sa.Column('played_episode_id', sa.Integer(), nullable=True),
    sa.Column('played_version', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['played_episode_id'], ['episode.id'], name=op.f('fk_airing_played_episode_id')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_airing_station_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_airing')),
    sa.UniqueConstraint('station_id', 'day', 'at', name=op.f('uq_airing_station_id_day_at'))
    )
    op.create_index('ix_airing_air_at', 'airing', ['air_at'], unique=False)

    op.create_table('urgent',
    sa.Column('episode_id', sa.Integer(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('approved_by', sa.String(), nullable=False),
    sa.Column('cap_id', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['episode_id'], ['episode.id'], name=op.f('fk_urgent_episode_id')),
    sa.PrimaryKeyConstraint('episode_id', name=op.f('pk_urgent'))
    )
    op.create_index(op.f('ix_urgent_expires_at'), 'urgent', ['expires_at'], unique=False)

    op.create_table('bulletin',
    sa.Column('episode_id', sa.Integer(), nullable=False),
    sa.Column('airing_id', sa.Integer(), nullable=False),
    sa.Column('rung', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['airing_id'], ['airing.id'], name=op.f('fk_bulletin_airing_id')),
    sa.ForeignKeyConstraint(['episode_id'], ['episode.id'], name=op.f('fk_bulletin_episode_id')),
    sa.PrimaryKeyConstraint('episode_id', name=op.f('pk_bulletin')),
    sa.UniqueConstraint('airing_id', 'rung', name=op.f('uq_bulletin_airing_id_rung'))
    )
    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('airing_id', sa.Integer(), nullable=False),
    sa.Column('rung', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('untold', sa.JSON(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('try_after', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_by', sa.String(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['airing_id'], ['airing.id'], name=op.f('fk_notice_airing_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('airing_id', name=op.f('uq_notice_airing_id'))
    )
    op.create_table('plan',
    sa.Column('episode_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('greeting', sa.String(), nullable=False),
    sa.Column('closing', sa.String(), nullable=False),
    sa.Column('headlines', sa.Boolean(), nullable=False),
    sa.Column('chimes', sa.Boolean(), nullable=False),
    sa.Column('seconds', sa.Double(), nullable=False),
    sa.Column('left_out', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['episode_id'], ['bulletin.episode_id'], name=op.f('fk_plan_episode_id')),
    sa.PrimaryKeyConstraint('episode_id', 'revision', name=op.f('pk_plan'))
    )
    op.create_table('plan_item',
    sa.Column('episode_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('story_id', sa.Integer(), nullable=False),
    sa.Column('story_version', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Double(), nullable=False),
    sa.Column('repeat', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['episode_id', 'revision'], ['plan.episode_id', 'plan.revision'], name=op.f('fk_plan_item_episode_id_revision')),
    sa.ForeignKeyConstraint(['story_id'], ['episode.id'], name=op.f('fk_plan_item_story_id')),
    sa.PrimaryKeyConstraint('episode_id', 'revision', 'position', name=op.f('pk_plan_item'))
    )
    op.create_index(op.f('ix_plan_item_story_id'), 'plan_item', ['story_id'], unique=False)

    op.add_column('article', sa.Column('evergreen', sa.Boolean(), server_default=sa.false(), nullable=False))

    op.add_column('sentence', sa.Column('chime', sa.String(), server_default='', nullable=False))
    op.add_column('sentence', sa.Column('story_id', sa.Integer(), nullable=True))

    op.add_column('slot', sa.Column('rules', sa.JSON(), server_default='{}', nullable=False))

    op.add_column('station', sa.Column('duty', sa.JSON(), server_default='[]', nullable=False))
