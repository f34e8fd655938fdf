"""A school's own policy in its versions, and who agreed to which. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "policy_version",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("loaded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "number", name="pk_policy_version"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_policy_version_school_id_school"),
    )
    op.create_table(
        "policy_yes",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(60), nullable=False),
        sa.Column("offices", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "number", "person", name="pk_policy_yes"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_policy_yes_school_id_school"),
    )


def downgrade() -> None:
    op.drop_table("policy_yes")
    op.drop_table("policy_version")
