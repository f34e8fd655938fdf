"""The registers of devices, risks and other policies, and what happened to each entry. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_entry",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("register", sa.String(20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("holder", sa.String(60), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(60), nullable=False),
        sa.Column("closed", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_register_entry"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_register_entry_school_id_school"),
    )
    here = sa.text("closed IS NULL")
    op.create_index(
        "ix_register_entry_open", "register_entry", ["school_id", "register"], sqlite_where=here, postgresql_where=here
    )
    op.create_table(
        "register_note",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("did", sa.String(20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_register_note"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_register_note_school_id_school"),
        sa.ForeignKeyConstraint(
            ["school_id", "entry_id"],
            ["register_entry.school_id", "register_entry.id"],
            name="fk_register_note_school_id_register_entry",
        ),
    )
    op.create_index("ix_register_note_entry", "register_note", ["school_id", "entry_id"])


def downgrade() -> None:
    op.drop_index("ix_register_note_entry", "register_note")
    op.drop_table("register_note")
    op.drop_index("ix_register_entry_open", "register_entry")
    op.drop_table("register_entry")
