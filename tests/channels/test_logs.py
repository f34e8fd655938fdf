"""Nothing that anybody wrote, and no secret, in any line at any level."""

import io
import json
import logging
import sys

import pytest
from telegram_double import AMINA, TOKEN, says, staged

from bot import logs
from bot.channels.slack.quiet import log_failure

SLACK = "xoxb-123456789012-abcdefGHIJKL"
CANARY = "the canary sings behind the shed"


@pytest.fixture(autouse=True)
def untouched_libraries(monkeypatch):
    """Servers and engines of other tests set their loggers' levels: here each is as on its first day."""
    for logger in logging.Logger.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            monkeypatch.setattr(logger, "disabled", False)
            monkeypatch.setattr(logger, "level", logging.NOTSET)
            monkeypatch.setattr(logger, "propagate", True)
            logger._cache.clear()
    yield
    for logger in logging.Logger.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger._cache.clear()


@pytest.fixture
def lines():
    """Log at DEBUG into memory; afterwards everything is as it was."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = list(root.handlers), root.level
    filters = {handler: list(handler.filters) for handler in handlers}
    secrets = set(logs._SECRETS)
    logs.configure(logging.DEBUG, stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:], root.level = handlers, level
    for handler, kept in filters.items():
        handler.filters[:] = kept
    logs._SECRETS.clear()
    logs._SECRETS.update(secrets)


def test_an_event_is_one_line_of_allowed_fields(lines):
    logs.log("desk.handled", correlation="tg1", school="primary", verb="news", duration_ms=12.345, count=0)

    [line] = lines()
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "event": "desk.handled",
        "correlation": "tg1",
        "school": "primary",
        "verb": "news",
        "duration_ms": 12.3,
        "count": 0,
    }


def test_a_field_that_is_not_allowed_is_refused():
    with pytest.raises(TypeError):
        logs.log("desk.handled", body=CANARY)


def test_an_error_is_its_class_and_its_places_and_not_its_message(lines):
    try:
        raise KeyError(CANARY + TOKEN)
    except KeyError as error:
        logs.log("desk.failed", level=logging.ERROR, error=error)
        logging.getLogger("bot.desk").exception("It failed for %s", CANARY)

    first, second = lines()
    assert first["error"] == second["error"] == "KeyError"
    assert "test_logs:" in first["where"]
    assert second["outcome"] == "It failed for %s"
    assert CANARY not in json.dumps(lines())


@pytest.mark.parametrize(
    "text",
    [
        f"POST https://api.telegram.org/bot{TOKEN}/sendMessage",
        f"https://api.telegram.org/bot{TOKEN.replace(':', '%3A')}/getMe",
        f"token={SLACK}",
        "xapp-1-A0123-456-abcdef0123456789",
        "xoxp-1-2-3-abc xoxe.xoxp-1-abcdef",
        f"{{'Authorization': 'Bearer {SLACK}'}}",
        "Authorization: Basic Ym90OnNlY3JldA==",
        "b'X-Telegram-Bot-Api-Secret-Token', b'a-secret-of-the-webhook'",
        "smtp://bot:hunter22@mail.example:587",
        "GET /report?name=hunter22 HTTP/1.1",
        "https://school.example/a?code=hunter22&x=1",
        "a registered-secret-of-ours in the middle",
    ],
)
def test_a_secret_is_scrubbed_from_any_text(text):
    logs.scrub("registered-secret-of-ours")

    clean = logs.scrubbed(text)

    assert logs.HIDDEN in clean
    for secret in (TOKEN.partition(":")[2], "abcdef", "Ym90", "a-secret-of", "hunter22", "registered-secret-of-ours"):
        assert secret not in clean
    logs._SECRETS.discard("registered-secret-of-ours")


def test_short_strings_are_not_taken_for_secrets():
    logs.scrub("abc")
    logs.scrub("")

    assert logs.scrubbed("abc") == "abc"


def test_other_handlers_on_the_root_are_scrubbed_too_with_their_tracebacks(lines):
    stream = io.StringIO()
    other = logging.StreamHandler(stream)
    other.setFormatter(logging.Formatter("%(message)s"))
    logging.getLogger().addHandler(other)
    logs.configure(logging.DEBUG, io.StringIO())

    try:
        raise ValueError(f"bot{TOKEN}")
    except ValueError:
        logging.getLogger("elsewhere").exception("token %s", TOKEN)
    logging.getLogger().removeHandler(other)

    assert TOKEN not in stream.getvalue()
    assert "ValueError" in stream.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "httpx",
        "httpcore.http11",
        "telegram.Bot",
        "slack_bolt.App",
        "slack_sdk",
        "uvicorn.access",
        "sqlalchemy.engine",
        "new",
    ],
)
@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.ERROR])
def test_a_librarys_text_is_never_written(lines, name, level):
    logging.getLogger(name).log(level, f"body: {CANARY}")  # noqa: G004 - libraries do

    assert [line["event"] for line in lines()] == [name]
    assert CANARY not in json.dumps(lines())


def test_uvicorn_may_say_where_it_listens(lines):
    logging.getLogger("uvicorn.error").info("Uvicorn running on %s", "http://127.0.0.1:8000")

    assert lines()[0]["outcome"] == "Uvicorn running on http://127.0.0.1:8000"


def test_above_debug_libraries_are_heard_from_warning_on(lines):
    stream = io.StringIO()
    logs.configure(logging.INFO, stream)

    logging.getLogger("httpx").info("HTTP Request")
    logging.getLogger("httpx").warning("odd")
    logging.getLogger("uvicorn.error").info("Started")

    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["httpx", "uvicorn.error"]


def test_a_record_that_does_not_fit_its_values_is_still_written(lines):
    logging.getLogger("bot.desk").warning("%d of %s", CANARY)  # noqa: PLE1206 - that is the point

    assert lines()[0]["outcome"] == "%d of %s"


def test_configuring_twice_writes_once(lines):
    stream = io.StringIO()
    logs.configure(logging.INFO, stream)
    logs.configure(logging.INFO, stream)

    logs.log("once")

    assert len(stream.getvalue().splitlines()) == 1
    assert sys.stderr is not stream


async def test_a_whole_conversation_leaves_neither_words_nor_token_in_the_log(lines):
    async with staged() as stage:
        stage.desk.answers["words"] = says("Thank you. Your receipt is R4F-22K")
        stage.desk.failing["words"] = 1
        await stage.channel.start()

        stage.world.say(AMINA, CANARY)
        await stage.confirmed()
        await stage.until(stage.shown)

    written = json.dumps(lines(), ensure_ascii=False)
    assert "telegram.Bot" in {line["event"] for line in lines()}, "the library talks, at DEBUG"
    for secret in (CANARY, "canary", "R4F-22K", TOKEN, TOKEN.partition(":")[2]):
        assert secret not in written
    assert "telegram.failed" in written


async def test_a_rejected_token_is_in_no_traceback(lines):
    wrong = "700100:AAF-another_another_another_another"
    async with staged(token=wrong) as stage:
        try:
            await stage.channel.start()
        except Exception:
            logging.getLogger("bot.main").exception("It did not start")

    assert wrong not in json.dumps(lines())
    assert wrong.partition(":")[2] not in json.dumps(lines())


def test_whoever_runs_the_school_reads_what_failed_on_slack_and_where_but_never_the_words(lines):
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        log_failure("a listener failed", error)

    [line] = lines()
    assert (line["event"], line["outcome"], line["error"], line["via"]) == (
        "slack.failed",
        "a listener failed",
        "ValueError",
        "slack",
    )
    assert "test_logs" in line["where"]
    assert CANARY not in json.dumps(line)
