"""The vault: its log, what is added to a report, keys in reserve for whoever is told next. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("vault_school", sa.Column("log_number", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("vault_school", sa.Column("log_mark", sa.LargeBinary(), nullable=True))
    op.add_column("vault_concern", sa.Column("entry_public", sa.LargeBinary(), nullable=True))
    op.add_column("vault_concern", sa.Column("assigned", sa.String(60), nullable=True))
    op.add_column("vault_concern", sa.Column("close_asked_by", sa.String(60), nullable=True))
    op.add_column("vault_concern", sa.Column("ended", sa.DateTime(timezone=True), nullable=True))
    op.add_column("vault_concern", sa.Column("watch_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("vault_concern", sa.Column("watch_rung", sa.Integer(), server_default=sa.text("0"), nullable=False))
    watched = sa.text("watch_at IS NOT NULL")
    op.create_index(
        "ix_vault_concern_watched", "vault_concern", ["watch_at"], sqlite_where=watched, postgresql_where=watched
    )
    op.add_column("vault_wrap", sa.Column("reserve", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("vault_wrap", sa.Column("rung", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.create_table(
        "vault_log",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "number", name="pk_vault_log"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_vault_log_school_id_school"),
    )
    op.create_index("ix_vault_log_school_id_subject", "vault_log", ["school_id", "subject"])
    op.create_table(
        "vault_entry",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("author", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "concern_id", "number", name="pk_vault_entry"),
        sa.ForeignKeyConstraint(
            ["school_id", "concern_id"],
            ["vault_concern.school_id", "vault_concern.id"],
            name="fk_vault_entry_school_id_vault_concern",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_vault_entry_school_id_school"),
    )


def downgrade() -> None:
    op.drop_table("vault_entry")
    op.drop_table("vault_log")
    with op.batch_alter_table("vault_wrap") as table:
        table.drop_column("rung")
        table.drop_column("reserve")
    op.drop_index("ix_vault_concern_watched", "vault_concern")
    with op.batch_alter_table("vault_concern") as table:
        for name in ("watch_rung", "watch_at", "ended", "close_asked_by", "assigned", "entry_public"):
            table.drop_column(name)
    with op.batch_alter_table("vault_school") as table:
        table.drop_column("log_mark")
        table.drop_column("log_number")
