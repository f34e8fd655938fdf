"""What Alembic runs: on the connection handed in, or on LOLLIPOP_DATABASE_URL for a developer's `alembic` command."""

import os

from sqlalchemy import Connection

from alembic import context
from bot.storage import tables
from bot.storage.engine import open_engines

METADATA = tables.METADATA


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        # SQLite's tables are as transactional as its rows, which Alembic does not take for granted.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_in = context.config.attributes.get("connection")
if handed_in is not None:
    run(handed_in)
else:
    engines = open_engines(os.environ["LOLLIPOP_DATABASE_URL"])
    with engines.writing() as opened:
        run(opened)
        opened.commit()
    engines.close()
