"""members and what they bought"""

import sqlalchemy as sa
from alembic import op

import surveys.database

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('members',
    sa.Column('response_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('given_at', surveys.database.UTCDateTime(timezone=True), nullable=False),
    sa.Column('erase_at', surveys.database.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['response_id'], ['responses.id'], name=op.f('fk_members_response_id_responses'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('response_id', name=op.f('pk_members'))
    )
    op.create_index(op.f('ix_members_digest'), 'members', ['digest'], unique=False)
    op.create_index(op.f('ix_members_erase_at'), 'members', ['erase_at'], unique=False)
    op.create_table('purchases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('identity', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('bought_on', sa.Date(), nullable=False),
    sa.Column('hundredths', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['store_id'], ['stores.id'], name=op.f('fk_purchases_store_id_stores')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_purchases')),
    sa.UniqueConstraint('identity', name=op.f('uq_purchases_identity'))
    )
    op.create_index(op.f('ix_purchases_digest'), 'purchases', ['digest'], unique=False)
    op.create_index(op.f('ix_purchases_bought_on'), 'purchases', ['bought_on'], unique=False)


def downgrade() -> None:
    op.drop_table('purchases')
    op.drop_table('members')
