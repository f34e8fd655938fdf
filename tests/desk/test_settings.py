import pytest

from bot.settings import SettingError, load


@pytest.fixture
def school_file(tmp_path):
    return tmp_path / "school.toml"


def refusal(school_file, **given):
    with pytest.raises(SettingError) as refused:
        load(school_file, {f"LOLLIPOP_{name}": value for name, value in given.items()})
    return str(refused.value)


@pytest.mark.parametrize(
    "bind", ["8000", ":8000", "127.0.0.1:", "127.0.0.1:web", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:²"]
)
def test_an_office_that_binds_to_no_address_is_shown_one(school_file, bind):
    assert refusal(school_file, BIND=bind) == ("LOLLIPOP_BIND: write an address and a port, such as 127.0.0.1:8000")


@pytest.mark.parametrize("address", ["", "http://lollipop.school", "lollipop.school"])
def test_an_office_that_wants_a_webhook_without_https_is_told_both_ways_out(school_file, address):
    assert refusal(school_file, TELEGRAM_MODE="webhook", PUBLIC_URL=address) == (
        "LOLLIPOP_PUBLIC_URL: a webhook needs LOLLIPOP_PUBLIC_URL to be an https address; "
        "or use LOLLIPOP_TELEGRAM_MODE=polling"
    )


def test_an_office_that_wants_neither_polling_nor_a_webhook_is_told_the_two(school_file):
    assert refusal(school_file, TELEGRAM_MODE="pigeon") == "LOLLIPOP_TELEGRAM_MODE: write polling or webhook"


def test_an_office_with_a_slack_token_alone_is_told_what_is_missing(school_file):
    assert refusal(school_file, SLACK_BOT_TOKEN="xoxb-1") == (
        "LOLLIPOP_SLACK_BOT_TOKEN: Slack also needs LOLLIPOP_SLACK_APP_TOKEN (Socket Mode) or "
        "LOLLIPOP_SLACK_SIGNING_SECRET (HTTP)"
    )


@pytest.mark.parametrize("other", ["SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"])
def test_an_office_with_either_of_slacks_two_ways_is_let_on(school_file, other):
    given = {"LOLLIPOP_SLACK_BOT_TOKEN": "xoxb-1", f"LOLLIPOP_{other}": "second"}

    assert load(school_file, given).slack_bot_token == "xoxb-1"


def test_an_office_that_sets_nothing_listens_on_its_own_machine_alone(school_file):
    settings = load(school_file, {})

    assert (settings.host, settings.port, settings.telegram_mode) == ("127.0.0.1", 8000, "polling")
    assert settings.address == "http://127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{school_file.parent.resolve() / 'var' / 'lollipop.db'}"


def test_an_office_that_sets_a_value_twice_gets_the_environments(school_file):
    (school_file.parent / ".env").write_text('# ours\nLOLLIPOP_BIND="0.0.0.0:1"\nLOLLIPOP_SMTP_URL=smtp://a\n', "utf-8")

    settings = load(school_file, {"LOLLIPOP_BIND": "127.0.0.1:2"})

    assert (settings.port, settings.smtp_url) == (2, "smtp://a")


def test_an_office_with_a_crooked_line_in_env_is_told_its_number(school_file):
    env = school_file.parent / ".env"
    env.write_text("LOLLIPOP_BIND=127.0.0.1:1\n\njust words\n", "utf-8")

    assert refusal(school_file) == f"{env}:3: write NAME=value"


def test_nobody_who_reads_a_log_of_the_settings_finds_a_secret(school_file):
    names = ("TELEGRAM_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SMTP_URL")

    settings = load(school_file, {f"LOLLIPOP_{name}": "hush-hush" for name in names})

    assert "hush-hush" not in repr(settings)
