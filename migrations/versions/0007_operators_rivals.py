"""competitors' stores, and what is said of them"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('stores', sa.Column('operator', sa.String(length=100), nullable=True))
    op.create_table('rival_weeks',
    sa.Column('week', sa.String(length=8), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('model_version', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('week', name=op.f('pk_rival_weeks'))
    )
    op.create_table('rival_store_weeks',
    sa.Column('week', sa.String(length=8), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('responses', sa.Integer(), nullable=False),
    sa.Column('with_text', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['store_id'], ['stores.id'], name=op.f('fk_rival_store_weeks_store_id_stores')),
    sa.PrimaryKeyConstraint('week', 'store_id', name=op.f('pk_rival_store_weeks'))
    )
    op.create_table('rival_theme_weeks',
    sa.Column('week', sa.String(length=8), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.String(length=100), nullable=False),
    sa.Column('responses', sa.Integer(), nullable=False),
    sa.Column('responses_negative', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['store_id'], ['stores.id'], name=op.f('fk_rival_theme_weeks_store_id_stores')),
    sa.PrimaryKeyConstraint('week', 'store_id', 'theme_id', name=op.f('pk_rival_theme_weeks'))
    )


def downgrade() -> None:
    op.drop_table('rival_theme_weeks')
    op.drop_table('rival_store_weeks')
    op.drop_table('rival_weeks')
    op.drop_column('stores', 'operator')
