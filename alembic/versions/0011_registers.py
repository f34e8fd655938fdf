"""A register of low-level concerns about adults. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0011"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vault_lowlevel",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("logged", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_vault_lowlevel"),
        sa.UniqueConstraint("school_id", "reference", name="uq_vault_lowlevel_school_id_reference"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_vault_lowlevel_school_id_school"),
    )
    op.create_table(
        "vault_lowlevel_copy",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.String(60), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "entry_id", "key_id", name="pk_vault_lowlevel_copy"),
        sa.ForeignKeyConstraint(
            ["school_id", "entry_id"],
            ["vault_lowlevel.school_id", "vault_lowlevel.id"],
            name="fk_vault_lowlevel_copy_school_id_vault_lowlevel",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "key_id"],
            ["vault_key.school_id", "vault_key.id"],
            name="fk_vault_lowlevel_copy_school_id_vault_key",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_vault_lowlevel_copy_school_id_school"),
    )
    op.create_index("ix_vault_lowlevel_copy_school_id_person", "vault_lowlevel_copy", ["school_id", "person"])


def downgrade() -> None:
    op.drop_table("vault_lowlevel_copy")
    op.drop_table("vault_lowlevel")
