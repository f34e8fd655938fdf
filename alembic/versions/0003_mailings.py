"""Mailings with a frozen audience, indexes of what is still to do alone, a school's pause, one mark from inbox to log.

Newsletters and campaign steps that were planned before become mailings whose audience is laid down already.
"""

import sqlalchemy as sa

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
PLANNED = "state = 'planned'"
HELD = "state IN ('claimed', 'sending')"
LATE = "state = 'planned' AND not_after IS NOT NULL"


def upgrade() -> None:
    op.add_column("school", sa.Column("paused", INSTANT, nullable=True))
    op.add_column("inbox", sa.Column("correlation", sa.String(length=60), nullable=False, server_default=""))
    op.add_column("delivery", sa.Column("correlation", sa.String(length=60), nullable=False, server_default=""))
    op.execute(sa.text("ALTER TABLE delivery RENAME COLUMN campaign TO mailing"))
    op.create_table(
        "mailing",
        sa.Column("school_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("campaign", sa.String(length=120), nullable=False),
        sa.Column("page", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("not_after", INSTANT, nullable=True),
        sa.Column("frozen", INSTANT, nullable=True),
        sa.Column("upto", sa.Uuid(), nullable=True),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("candidates", sa.Integer(), nullable=False),
        sa.Column("excluded", sa.Integer(), nullable=False),
        sa.Column("laid", sa.Boolean(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("ended", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_mailing_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_mailing")),
    )
    op.create_index("ix_mailing_open", "mailing", ["state", "due_at"])
    op.create_table(
        "lease",
        sa.Column("school_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("holder", sa.String(length=60), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_lease_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", "name", name=op.f("pk_lease")),
    )
    _headers_for_what_was_planned()
    op.drop_index("ix_delivery_state_due_at", "delivery")
    work = ["school_id", "mailing", "lane", "due_at", "id"]
    for name, columns, where in (
        ("ix_delivery_work", work, PLANNED),
        ("ix_delivery_held", ["lease_until"], HELD),
        ("ix_delivery_late", ["not_after"], LATE),
    ):
        op.create_index(name, "delivery", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index("ix_delivery_tally", "delivery", ["school_id", "mailing", "state", "channel"])


def _headers_for_what_was_planned() -> None:
    # A key was the mailing's id, a colon and the family's: planning again must find the same mailing.
    op.execute(
        sa.text(
            "INSERT INTO mailing (school_id, id, campaign, page, state, due_at, not_after, frozen, upto, expected, "
            "candidates, excluded, laid, created, ended) "
            "SELECT school_id, CASE WHEN key LIKE '%:' || recipient "
            "THEN substr(key, 1, length(key) - length(recipient) - 1) ELSE mailing END, "
            "min(mailing), min(page), 'running', min(due_at), max(not_after), min(created), NULL, count(*), count(*), "
            "0, true, min(created), NULL FROM delivery WHERE mailing <> '' GROUP BY 1, 2",
        ),
    )
    op.execute(
        sa.text(
            "UPDATE delivery SET mailing = substr(key, 1, length(key) - length(recipient) - 1) "
            "WHERE mailing <> '' AND key LIKE '%:' || recipient",
        ),
    )


def downgrade() -> None:
    for name in ("ix_delivery_tally", "ix_delivery_late", "ix_delivery_held", "ix_delivery_work"):
        op.drop_index(name, "delivery")
    op.execute(
        sa.text(
            "UPDATE delivery SET mailing = (SELECT campaign FROM mailing m WHERE m.school_id = delivery.school_id "
            "AND m.id = delivery.mailing) WHERE mailing <> ''",
        ),
    )
    op.create_index("ix_delivery_state_due_at", "delivery", ["state", "due_at"])
    op.drop_table("lease")
    op.drop_index("ix_mailing_open", "mailing")
    op.drop_table("mailing")
    op.execute(sa.text("ALTER TABLE delivery RENAME COLUMN mailing TO campaign"))
    for table, name in (("delivery", "correlation"), ("inbox", "correlation"), ("school", "paused")):
        with op.batch_alter_table(table) as changed:
            changed.drop_column(name)
