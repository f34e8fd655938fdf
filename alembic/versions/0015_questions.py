"""Questions to whoever leads on e-safety, and what is kept of them for everybody. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("asker", sa.String(20), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("lang", sa.String(20), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(60), nullable=False),
        sa.Column("faq", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_question"),
        sa.UniqueConstraint("school_id", "reference", name="uq_question_school_id_reference"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_question_school_id_school"),
    )
    op.create_index("ix_question_by", "question", ["school_id", "by"])
    waiting = sa.text("settled IS NULL")
    op.create_index(
        "ix_question_open", "question", ["school_id", "asked"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_table(
        "faq",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("ask", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("kept", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "reference", name="pk_faq"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_faq_school_id_school"),
    )


def downgrade() -> None:
    op.drop_table("faq")
    op.drop_index("ix_question_open", "question")
    op.drop_index("ix_question_by", "question")
    op.drop_table("question")
