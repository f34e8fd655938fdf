"""Who said yes to what goes to the whole school. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mailing_approvals",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("mailing", sa.String(120), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("person", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "mailing", "digest", "person", name="pk_mailing_approvals"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_mailing_approvals_school_id_school"),
    )


def downgrade() -> None:
    op.drop_table("mailing_approvals")
