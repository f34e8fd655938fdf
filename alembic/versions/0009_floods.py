"""Reports that came in a flood are marked, so that they lie apart for sorting. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("vault_concern", sa.Column("flood", sa.Boolean(), server_default=sa.text("false"), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("vault_concern") as table:
        table.drop_column("flood")
