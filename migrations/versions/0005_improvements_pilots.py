"""improvements and pilots"""

import sqlalchemy as sa
from alembic import op

import surveys.database

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('improvements',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('theme', sa.String(length=100), nullable=True),
    sa.Column('store_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('owner', sa.String(length=100), nullable=False),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('effort', sa.Integer(), nullable=True),
    sa.Column('made_at', surveys.database.UTCDateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=100), nullable=False),
    sa.ForeignKeyConstraint(['store_id'], ['stores.id'], name=op.f('fk_improvements_store_id_stores')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_improvements'))
    )
    op.create_index(op.f('ix_improvements_theme'), 'improvements', ['theme'], unique=False)

    op.create_table('improvement_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('improvement_id', sa.Integer(), nullable=False),
    sa.Column('at', surveys.database.UTCDateTime(timezone=True), nullable=False),
    sa.Column('who', sa.String(length=100), nullable=False),
    sa.Column('field', sa.String(length=20), nullable=False),
    sa.Column('before', sa.String(), nullable=False),
    sa.Column('after', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['improvement_id'], ['improvements.id'], name=op.f('fk_improvement_changes_improvement_id_improvements'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_improvement_changes'))
    )
    op.create_index(op.f('ix_improvement_changes_improvement_id'), 'improvement_changes', ['improvement_id'], unique=False)

    op.create_table('pilots',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('improvement_id', sa.Integer(), nullable=False),
    sa.Column('metric', sa.String(length=10), nullable=False),
    sa.Column('expected', sa.Double(), nullable=False),
    sa.Column('start_week', sa.String(length=8), nullable=False),
    sa.Column('end_week', sa.String(length=8), nullable=False),
    sa.Column('chosen', sa.String(length=10), nullable=False),
    sa.Column('seed', sa.Integer(), nullable=True),
    sa.Column('weeks_needed', sa.Integer(), nullable=True),
    sa.Column('looks', sa.Integer(), nullable=False),
    sa.Column('made_at', surveys.database.UTCDateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=100), nullable=False),
    sa.Column('stopped_at', surveys.database.UTCDateTime(timezone=True), nullable=True),
    sa.Column('stopped_by', sa.String(length=100), nullable=True),
    sa.ForeignKeyConstraint(['improvement_id'], ['improvements.id'], name=op.f('fk_pilots_improvement_id_improvements'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pilots'))
    )
    op.create_index(op.f('ix_pilots_improvement_id'), 'pilots', ['improvement_id'], unique=False)

    op.create_table('pilot_stores',
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('group', sa.Integer(), nullable=False),
    sa.Column('tries', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilots.id'], name=op.f('fk_pilot_stores_pilot_id_pilots'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['store_id'], ['stores.id'], name=op.f('fk_pilot_stores_store_id_stores')),
    sa.PrimaryKeyConstraint('pilot_id', 'store_id', name=op.f('pk_pilot_stores'))
    )


def downgrade() -> None:
    op.drop_table('pilot_stores')
    op.drop_index(op.f('ix_pilots_improvement_id'), table_name='pilots')
    op.drop_table('pilots')
    op.drop_index(op.f('ix_improvement_changes_improvement_id'), table_name='improvement_changes')
    op.drop_table('improvement_changes')
    op.drop_index(op.f('ix_improvements_theme'), table_name='improvements')
    op.drop_table('improvements')
