from sqlalchemy import text

from bot.storage import open_engines


def test_nobody_notices_that_postgresql_was_started_again_since_the_last_question(postgresql, postgresql_template):
    with postgresql.database(like=postgresql_template) as url:
        engines = open_engines(url)
        with engines.reading() as connection:
            assert connection.execute(text("SELECT 1")).scalar() == 1
        postgresql.tell(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            f"WHERE datname = '{url.partition('?')[0].rpartition('/')[2]}'"
        )

        with engines.reading() as connection:
            assert connection.execute(text("SELECT 1")).scalar() == 1
        engines.close()
