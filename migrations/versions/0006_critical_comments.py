"""critical comments"""

import sqlalchemy as sa
from alembic import op

import surveys.database

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('critical_findings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=50), nullable=False),
    sa.Column('found_at', surveys.database.UTCDateTime(timezone=True), nullable=False),
    sa.Column('seen_at', surveys.database.UTCDateTime(timezone=True), nullable=True),
    sa.Column('seen_by', sa.String(length=100), nullable=True),
    sa.ForeignKeyConstraint(['comment_id'], ['comments.id'], name=op.f('fk_critical_findings_comment_id_comments'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_critical_findings')),
    sa.UniqueConstraint('comment_id', 'kind', name=op.f('uq_critical_findings_comment_id_kind'))
    )
    op.create_index('ix_critical_findings_seen_at', 'critical_findings', ['seen_at'])
    op.create_table('critical_reading',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('last_comment_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(length=16), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_critical_reading'))
    )


def downgrade() -> None:
    op.drop_table('critical_reading')
    op.drop_index('ix_critical_findings_seen_at', table_name='critical_findings')
    op.drop_table('critical_findings')
