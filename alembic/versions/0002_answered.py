"""When an arrival's answer went out, so that one lost with a dying process can be made anew. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("answered", sa.DateTime(timezone=True), nullable=True))
    # What was handled before anybody kept count is long over: nobody is to be answered for it again.
    op.execute(sa.text("UPDATE inbox SET answered = arrived"))


def downgrade() -> None:
    with op.batch_alter_table("inbox") as table:
        table.drop_column("answered")
