"""Drafts that go by themselves, and chats that are told that an answer waits. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vault_going",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "concern_id", name="pk_vault_going"),
        sa.ForeignKeyConstraint(
            ["school_id", "concern_id"],
            ["vault_concern.school_id", "vault_concern.id"],
            name="fk_vault_going_school_id_vault_concern",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_vault_going_school_id_school"),
    )
    going = sa.text("at IS NOT NULL")
    op.create_index("ix_vault_going_at", "vault_going", ["at"], sqlite_where=going, postgresql_where=going)
    op.create_table(
        "vault_chat",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_vault_chat"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_vault_chat_school_id_school"),
    )


def downgrade() -> None:
    op.drop_table("vault_chat")
    op.drop_index("ix_vault_going_at", "vault_going")
    op.drop_table("vault_going")
