"""Deliveries are kept by their id first: one index less to write with each change of a row. It loses nothing."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_delivery_id", "delivery")
    _key("id", "school_id")


def downgrade() -> None:
    _key("school_id", "id")
    op.create_index("ix_delivery_id", "delivery", ["id"])


def _key(*columns: str) -> None:
    with op.batch_alter_table("delivery") as table:
        table.drop_constraint("pk_delivery", type_="primary")
        table.create_primary_key("pk_delivery", list(columns))
