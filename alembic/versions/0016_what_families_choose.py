"""Families choose year groups and how often they hear, and may be forgotten. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# A join noted the code it came by; from now on each line says by itself what was chosen.
WHICH_CLASS = """
    UPDATE consent_event SET detail = COALESCE((
        SELECT invitation.class_id FROM invitation
        WHERE invitation.school_id = consent_event.school_id AND consent_event.source LIKE '%:' || invitation.code
    ), '') WHERE event = 'joined'
"""


def upgrade() -> None:
    empty = sa.text("''")
    op.add_column("family", sa.Column("years", sa.String(60), server_default=empty, nullable=False))
    everything = sa.text("'everything'")
    op.add_column("family", sa.Column("frequency", sa.String(20), server_default=everything, nullable=False))
    op.add_column("consent_event", sa.Column("detail", sa.String(120), server_default=empty, nullable=False))
    op.execute(WHICH_CLASS)
    op.create_table(
        "family_forgotten",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "mark", name="pk_family_forgotten"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_family_forgotten_school_id_school"),
    )


def downgrade() -> None:
    op.drop_table("family_forgotten")
    with op.batch_alter_table("consent_event") as table:
        table.drop_column("detail")
    with op.batch_alter_table("family") as table:
        table.drop_column("frequency")
        table.drop_column("years")
