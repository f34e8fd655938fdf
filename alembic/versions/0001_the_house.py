"""The house as it first stood: rooms, inbox, ledger, vault."""

import sqlalchemy as sa

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _create_school() -> None:
    op.create_table(
        "school",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school")),
    )


def _create_conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("school_id", sa.String(length=40), nullable=False),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("flow", sa.String(length=60), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("held", sa.JSON(), nullable=False),
        sa.Column("touched", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_conversation_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", "via", "address", name=op.f("pk_conversation")),
    )


def _create_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("school_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("to_kind", sa.String(length=20), nullable=False),
        sa.Column("recipient", sa.String(length=60), nullable=False),
        sa.Column("page", sa.String(length=120), nullable=False),
        sa.Column("part", sa.String(length=60), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("wall_clock", sa.String(length=20), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("not_after", INSTANT, nullable=True),
        sa.Column("not_before", INSTANT, nullable=True),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("campaign", sa.String(length=120), nullable=False),
        sa.Column("doubt", sa.String(length=20), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_delivery_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("school_id", "key", name=op.f("uq_delivery_school_id_key")),
    )
    op.create_index("ix_delivery_id", "delivery", ["id"], unique=False)
    op.create_index("ix_delivery_recipient", "delivery", ["school_id", "to_kind", "recipient"], unique=False)
    op.create_index("ix_delivery_state_due_at", "delivery", ["state", "due_at"], unique=False)


def _create_evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("school_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clause", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_evidence_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_school_id_clause_at"), "evidence", ["school_id", "clause", "at"], unique=False)


def _create_family() -> None:
    op.create_table(
        "family",
        sa.Column("school_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("lang", sa.String(length=20), nullable=False),
        sa.Column("classes", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("joined", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_family_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_family")),
        sa.UniqueConstraint("school_id", "via", "address", name=op.f("uq_family_school_id_via_address")),
    )
    op.create_index(op.f("ix_family_school_id_state"), "family", ["school_id", "state"], unique=False)


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("school_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.Column("transport_id", sa.String(length=200), nullable=True),
        sa.Column("semantic_id", sa.String(length=200), nullable=True),
        sa.Column("arrived", INSTANT, nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_inbox_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("school_id", "via", "semantic_id", name=op.f("uq_inbox_school_id_via_semantic_id")),
        sa.UniqueConstraint("school_id", "via", "transport_id", name=op.f("uq_inbox_school_id_via_transport_id")),
    )


def _create_invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("school_id", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("class_id", sa.String(length=60), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("revoked", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_invitation_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", "code", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_school_id_class_id"), "invitation", ["school_id", "class_id"], unique=False)


def _create_pacing() -> None:
    op.create_table(
        "pacing",
        sa.Column("school_id", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("tat", sa.Float(precision=53), nullable=False),
        sa.Column("blocked_until", sa.Float(precision=53), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_pacing_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", "key", name=op.f("pk_pacing")),
    )


def _create_progress() -> None:
    op.create_table(
        "progress",
        sa.Column("school_id", sa.String(length=40), nullable=False),
        sa.Column("class_id", sa.String(length=60), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("lesson", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("strand", sa.String(length=60), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("hands", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_progress_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", "class_id", "turn", name=op.f("pk_progress")),
    )


def _create_schedule() -> None:
    op.create_table(
        "schedule",
        sa.Column("school_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("next_run", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_schedule_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_schedule")),
    )


def _create_vault_concern() -> None:
    op.create_table(
        "vault_concern",
        sa.Column("school_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("received", INSTANT, nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("opened", INSTANT, nullable=True),
        sa.Column("acknowledged", INSTANT, nullable=True),
        sa.Column("receipt_lookup", sa.LargeBinary(), nullable=False),
        sa.Column("receipt_wrap", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sent_from", sa.String(length=64), nullable=False),
        sa.Column("destroy_after", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_vault_concern_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_vault_concern")),
        sa.UniqueConstraint("school_id", "receipt_lookup", name=op.f("uq_vault_concern_school_id_receipt_lookup")),
        sa.UniqueConstraint("school_id", "reference", name=op.f("uq_vault_concern_school_id_reference")),
    )
    op.create_index(
        op.f("ix_vault_concern_school_id_sent_from"), "vault_concern", ["school_id", "sent_from"], unique=False
    )


def _create_vault_enrolment() -> None:
    op.create_table(
        "vault_enrolment",
        sa.Column("school_id", sa.String(length=40), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("expires", INSTANT, nullable=False),
        sa.Column("used", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_vault_enrolment_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", "code_hash", name=op.f("pk_vault_enrolment")),
    )


def _create_vault_key() -> None:
    op.create_table(
        "vault_key",
        sa.Column("school_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("retired", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_vault_key_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_vault_key")),
    )
    op.create_index(op.f("ix_vault_key_school_id_person"), "vault_key", ["school_id", "person"], unique=False)


def _create_vault_school() -> None:
    op.create_table(
        "vault_school",
        sa.Column("school_id", sa.String(length=40), nullable=False),
        sa.Column("receipt_salt", sa.LargeBinary(), nullable=False),
        sa.Column("sender_salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_vault_school_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_vault_school")),
    )


def _create_consent_event() -> None:
    op.create_table(
        "consent_event",
        sa.Column("school_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("wording", sa.String(length=120), nullable=False),
        sa.Column("lang", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "family_id"],
            ["family.school_id", "family.id"],
            name=op.f("fk_consent_event_school_id_family_id_family"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_consent_event_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_consent_event")),
    )
    op.create_index(
        op.f("ix_consent_event_school_id_family_id"), "consent_event", ["school_id", "family_id"], unique=False
    )


def _create_vault_reading() -> None:
    op.create_table(
        "vault_reading",
        sa.Column("school_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "concern_id"],
            ["vault_concern.school_id", "vault_concern.id"],
            name=op.f("fk_vault_reading_school_id_concern_id_vault_concern"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_vault_reading_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_vault_reading")),
    )
    op.create_index(
        op.f("ix_vault_reading_school_id_concern_id"), "vault_reading", ["school_id", "concern_id"], unique=False
    )


def _create_vault_wrap() -> None:
    op.create_table(
        "vault_wrap",
        sa.Column("school_id", sa.String(length=40), nullable=False),
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "concern_id"],
            ["vault_concern.school_id", "vault_concern.id"],
            name=op.f("fk_vault_wrap_school_id_concern_id_vault_concern"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "key_id"],
            ["vault_key.school_id", "vault_key.id"],
            name=op.f("fk_vault_wrap_school_id_key_id_vault_key"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_vault_wrap_school_id_school")),
        sa.PrimaryKeyConstraint("school_id", "concern_id", "key_id", name=op.f("pk_vault_wrap")),
    )
    op.create_index(op.f("ix_vault_wrap_school_id_person"), "vault_wrap", ["school_id", "person"], unique=False)


def upgrade() -> None:
    _create_school()
    _create_conversation()
    _create_delivery()
    _create_evidence()
    _create_family()
    _create_inbox()
    _create_invitation()
    _create_pacing()
    _create_progress()
    _create_schedule()
    _create_vault_concern()
    _create_vault_enrolment()
    _create_vault_key()
    _create_vault_school()
    _create_consent_event()
    _create_vault_reading()
    _create_vault_wrap()


def downgrade() -> None:
    for table in (
        "vault_wrap",
        "vault_reading",
        "consent_event",
        "vault_school",
        "vault_key",
        "vault_enrolment",
        "vault_concern",
        "schedule",
        "progress",
        "pacing",
        "invitation",
        "inbox",
        "family",
        "evidence",
        "delivery",
        "conversation",
        "school",
    ):
        op.drop_table(table)
