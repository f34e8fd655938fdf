"""Alerts of filtering and monitoring systems: what each is known by, and which import it came with. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("vault_concern", sa.Column("alert_mark", sa.String(64), nullable=True))
    op.add_column("vault_concern", sa.Column("batch", sa.Uuid(), nullable=True))
    marked, came = sa.text("alert_mark IS NOT NULL"), sa.text("batch IS NOT NULL")
    op.create_index(
        "ix_vault_concern_alert",
        "vault_concern",
        ["school_id", "alert_mark"],
        unique=True,
        sqlite_where=marked,
        postgresql_where=marked,
    )
    op.create_index(
        "ix_vault_concern_batch", "vault_concern", ["school_id", "batch"], sqlite_where=came, postgresql_where=came
    )


def downgrade() -> None:
    op.drop_index("ix_vault_concern_batch", "vault_concern")
    op.drop_index("ix_vault_concern_alert", "vault_concern")
    with op.batch_alter_table("vault_concern") as table:
        table.drop_column("batch")
        table.drop_column("alert_mark")
