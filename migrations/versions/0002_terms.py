"""terms"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table('audition',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('spoken', sa.String(), nullable=False),
    sa.Column('voice', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('clip', sa.String(), nullable=False),
    sa.Column('error', sa.String(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audition'))
    )
    op.create_table('term',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('written', sa.String(), nullable=False),
    sa.Column('spoken', sa.String(), nullable=False),
    sa.Column('station', sa.String(), nullable=False),
    sa.Column('match_case', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('changed_by', sa.String(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_term')),
    sa.UniqueConstraint('written', 'station', name=op.f('uq_term_written_station'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.add_column(sa.Column('audition_id', sa.Integer(), nullable=True))
        batch_op.alter_column('episode_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.create_foreign_key(batch_op.f('fk_job_audition_id'), 'audition', ['audition_id'], ['id'])


