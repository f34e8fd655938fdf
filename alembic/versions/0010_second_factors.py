"""Second factors, printed recovery keys, and marks by which the log tells that a wrapped key is over. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("vault_key", sa.Column("mark", sa.String(20), server_default=sa.text("''"), nullable=False))
    op.add_column("vault_key", sa.Column("under", sa.Uuid(), nullable=True))
    op.create_table(
        "vault_second",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("person", sa.String(60), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.String(20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "person", name="pk_vault_second"),
        sa.ForeignKeyConstraint(
            ["school_id", "key_id"],
            ["vault_key.school_id", "vault_key.id"],
            name="fk_vault_second_school_id_vault_key",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_vault_second_school_id_school"),
    )
    op.create_table(
        "vault_recovery",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.String(60), nullable=False),
        sa.Column("mark", sa.String(20), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "key_id", name="pk_vault_recovery"),
        sa.ForeignKeyConstraint(
            ["school_id", "key_id"],
            ["vault_key.school_id", "vault_key.id"],
            name="fk_vault_recovery_school_id_vault_key",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_vault_recovery_school_id_school"),
    )


def downgrade() -> None:
    op.drop_table("vault_recovery")
    op.drop_table("vault_second")
    with op.batch_alter_table("vault_key") as table:
        table.drop_column("under")
        table.drop_column("mark")
