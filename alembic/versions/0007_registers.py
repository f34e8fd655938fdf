"""A register of low-level concerns about adults; who wrote a report, sealed to two people. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0007"
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
    op.create_table(
        "vault_identity",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "concern_id", "about", name="pk_vault_identity"),
        sa.ForeignKeyConstraint(
            ["school_id", "concern_id"],
            ["vault_concern.school_id", "vault_concern.id"],
            name="fk_vault_identity_school_id_vault_concern",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_vault_identity_school_id_school"),
    )
    op.create_table(
        "vault_identity_half",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(20), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.String(60), nullable=False),
        sa.Column("half", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "concern_id", "about", "key_id", name="pk_vault_identity_half"),
        sa.ForeignKeyConstraint(
            ["school_id", "concern_id"],
            ["vault_concern.school_id", "vault_concern.id"],
            name="fk_vault_identity_half_school_id_vault_concern",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "key_id"],
            ["vault_key.school_id", "vault_key.id"],
            name="fk_vault_identity_half_school_id_vault_key",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_vault_identity_half_school_id_school"),
    )
    op.create_table(
        "vault_uncovering",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.String(60), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("half", sa.Integer(), nullable=False),
        sa.Column("agreed_by", sa.String(60), nullable=True),
        sa.Column("agreed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "concern_id", name="pk_vault_uncovering"),
        sa.ForeignKeyConstraint(
            ["school_id", "concern_id"],
            ["vault_concern.school_id", "vault_concern.id"],
            name="fk_vault_uncovering_school_id_vault_concern",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_vault_uncovering_school_id_school"),
    )
    op.create_table(
        "vault_uncovering_copy",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.String(60), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "concern_id", "key_id", name="pk_vault_uncovering_copy"),
        sa.ForeignKeyConstraint(
            ["school_id", "concern_id"],
            ["vault_uncovering.school_id", "vault_uncovering.concern_id"],
            name="fk_vault_uncovering_copy_school_id_vault_uncovering",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "key_id"],
            ["vault_key.school_id", "vault_key.id"],
            name="fk_vault_uncovering_copy_school_id_vault_key",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_vault_uncovering_copy_school_id_school"),
    )
    op.create_index("ix_vault_uncovering_copy_school_id_person", "vault_uncovering_copy", ["school_id", "person"])


def downgrade() -> None:
    for table in ("vault_uncovering_copy", "vault_uncovering", "vault_identity_half", "vault_identity"):
        op.drop_table(table)
    op.drop_table("vault_lowlevel_copy")
    op.drop_table("vault_lowlevel")
