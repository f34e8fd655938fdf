"""School files that are loaded, so that one database may serve many schools. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Null where a school is still read from the file beside the settings.
    op.add_column("school", sa.Column("file", sa.Text(), nullable=True))
    op.add_column("school", sa.Column("loaded", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("school") as table:
        table.drop_column("loaded")
        table.drop_column("file")
