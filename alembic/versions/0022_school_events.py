"""What families were told of events and what they replied; links that invite to one. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_told",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("event_id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.String(5), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "event_id", name="pk_event_told"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_event_told_school_id_school"),
    )
    op.create_table(
        "event_reply",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("event_id", sa.String(40), nullable=False),
        sa.Column("pupil", sa.String(20), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.String(60), nullable=False),
        sa.Column("adults", sa.Integer(), nullable=False),
        sa.Column("comes", sa.String(10), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "event_id", "pupil", "family_id", name="pk_event_reply"),
        sa.ForeignKeyConstraint(
            ["school_id", "family_id"],
            ["family.school_id", "family.id"],
            name="fk_event_reply_school_id_family_id_family",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_event_reply_school_id_school"),
    )
    op.create_index("ix_event_reply_family", "event_reply", ["school_id", "family_id"])
    op.add_column("invitation", sa.Column("event_id", sa.String(40), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    op.drop_table("event_reply")
    op.drop_table("event_told")
    with op.batch_alter_table("invitation") as table:
        table.drop_column("event_id")
