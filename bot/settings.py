"""Settings: one frozen object from the environment and `.env`; a missing or unsafe value is named with its cure."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from school.words import Refusal, Text

# A database in memory cannot be shared by a writer and a reader.
_DATABASE = re.compile(r"sqlite:///(?!:memory:).+|postgresql\+psycopg://.+")


class SettingError(Refusal):
    """A setting that cannot be used."""

    text = Text("{name}: {what}")


@dataclass(frozen=True, kw_only=True)
class TokenNames:
    """The settings that hold one school's tokens, by what each is for; empty where the school names none."""

    telegram: str = ""
    slack_bot: str = ""
    slack_app: str = ""
    slack_signing_secret: str = ""


# What a school whose file names none of its own is connected with.
USUAL_NAMES = TokenNames(
    telegram="LOLLIPOP_TELEGRAM_TOKEN",
    slack_bot="LOLLIPOP_SLACK_BOT_TOKEN",
    slack_app="LOLLIPOP_SLACK_APP_TOKEN",
    slack_signing_secret="LOLLIPOP_SLACK_SIGNING_SECRET",  # noqa: S106 - a name
)


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What one school connects with, and the settings that it came from; empty where it has none."""

    names: TokenNames = USUAL_NAMES
    telegram: str = field(default="", repr=False)
    slack_bot: str = field(default="", repr=False)
    slack_app: str = field(default="", repr=False)
    slack_signing_secret: str = field(default="", repr=False)

    @property
    def telegram_fault(self) -> SettingError | None:
        """Why Telegram cannot be on, though the school's file says that it should be."""
        return None if self.names is USUAL_NAMES else _unset(self.names.telegram, self.telegram)

    @property
    def slack_fault(self) -> SettingError | None:
        """As above, for Slack."""
        if self.names is not USUAL_NAMES and (unset := _unset(self.names.slack_bot, self.slack_bot)):
            return unset
        if self.slack_bot and not (self.slack_app or self.slack_signing_secret):
            app = self.names.slack_app or "slack_app under [tokens]"
            secret = self.names.slack_signing_secret or "slack_signing_secret under [tokens]"
            what = f"Slack also needs {app} (Socket Mode) or {secret} (HTTP)"
            return SettingError(name=self.names.slack_bot, what=what)
        return None


def _unset(name: str, value: str) -> SettingError | None:
    what = "the school file says that a token is there, and it is not set; put it into .env"
    return SettingError(name=name, what=what) if name and not value else None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a process runs with. Secrets are not in its repr. The defaults are in docs/settings.md."""

    school_file: Path
    home: Path
    database_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    telegram_token: str = field(default="", repr=False)
    telegram_api_url: str = "https://api.telegram.org"
    telegram_mode: str = "polling"
    slack_bot_token: str = field(default="", repr=False)
    slack_api_url: str = "https://slack.com/api/"
    slack_app_token: str = field(default="", repr=False)
    slack_signing_secret: str = field(default="", repr=False)
    smtp_url: str = field(default="", repr=False)
    # The environment and `.env`, for the variables that a school file names.
    given: Mapping[str, str] = field(default_factory=dict, repr=False)

    def tokens(self, names: TokenNames | None = None) -> Tokens:
        """A school's tokens: from the variables that its file names, or else from the usual ones."""
        if names is None:
            return Tokens(
                telegram=self.telegram_token,
                slack_bot=self.slack_bot_token,
                slack_app=self.slack_app_token,
                slack_signing_secret=self.slack_signing_secret,
            )
        return Tokens(
            names=names,
            telegram=self.given.get(names.telegram, "").strip(),
            slack_bot=self.given.get(names.slack_bot, "").strip(),
            slack_app=self.given.get(names.slack_app, "").strip(),
            slack_signing_secret=self.given.get(names.slack_signing_secret, "").strip(),
        )

    @property
    def address(self) -> str:
        """Where people reach the pages: the public address, or this machine's own."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def own_content(self) -> Path:
        """The school's own pages, which override ours by id."""
        return self.school_file.parent / "content"


def read_env_file(path: Path) -> dict[str, str]:
    """`NAME=value` lines; quotes round a value and comment lines are left out. A file that is not there is empty."""
    if not path.exists():
        return {}
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        # Not chained: the error holds what is in the file, and tokens are in it.
        raise SettingError(name=str(path), what="is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise SettingError(name=str(path), what="can't be read; check what it is and who may read it") from error
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        name, equals, value = bare.partition("=")
        if not equals or not re.fullmatch(r"[A-Z_][A-Z0-9_]*", name.strip()):
            raise SettingError(name=f"{path}:{number}", what="write NAME=value")
        found[name.strip()] = value.strip().strip("\"'")
    return found


def load(school_file: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Settings for a school file: the environment goes before `.env` beside it. Raises SettingError."""
    given = {**read_env_file(school_file.parent / ".env"), **(os.environ if environ is None else environ)}

    def value(name: str, default: str = "") -> str:
        return given.get(f"LOLLIPOP_{name}", "").strip() or default

    home = Path(value("HOME", str(school_file.parent / "var"))).resolve()
    host, _, port = value("BIND", "127.0.0.1:8000").rpartition(":")
    # Five digits at most, of ASCII: “²” is a digit too, and is no number.
    if not host or not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > 65_535:
        raise SettingError(name="LOLLIPOP_BIND", what="write an address and a port, such as 127.0.0.1:8000")
    database_url = value("DATABASE_URL", f"sqlite:///{home / 'lollipop.db'}")
    if not _DATABASE.fullmatch(database_url):
        what = "write sqlite:////folder/lollipop.db or postgresql+psycopg://name:password@server/database"
        raise SettingError(name="LOLLIPOP_DATABASE_URL", what=what)
    mode = value("TELEGRAM_MODE", "polling")
    if mode not in {"polling", "webhook"}:
        raise SettingError(name="LOLLIPOP_TELEGRAM_MODE", what="write polling or webhook")
    public = value("PUBLIC_URL")
    if mode == "webhook" and not public.startswith("https://"):
        what = "a webhook needs LOLLIPOP_PUBLIC_URL to be an https address; or use LOLLIPOP_TELEGRAM_MODE=polling"
        raise SettingError(name="LOLLIPOP_PUBLIC_URL", what=what)
    settings = Settings(
        school_file=school_file,
        home=home,
        database_url=database_url,
        host=host,
        port=int(port),
        public_url=public,
        telegram_token=value("TELEGRAM_TOKEN"),
        telegram_api_url=value("TELEGRAM_API_URL", "https://api.telegram.org"),
        telegram_mode=mode,
        slack_bot_token=value("SLACK_BOT_TOKEN"),
        slack_api_url=value("SLACK_API_URL", "https://slack.com/api/"),
        slack_app_token=value("SLACK_APP_TOKEN"),
        slack_signing_secret=value("SLACK_SIGNING_SECRET"),
        smtp_url=value("SMTP_URL"),
        given=given,
    )
    if fault := settings.tokens().slack_fault:
        raise fault
    return settings
