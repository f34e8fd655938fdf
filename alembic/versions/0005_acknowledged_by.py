"""Who took a report on, for colleagues who may read it. It only adds: of earlier reports nobody wrote that down."""

import sqlalchemy as sa

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("vault_concern", sa.Column("acknowledged_by", sa.String(60), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("vault_concern") as table:
        table.drop_column("acknowledged_by")
