"""What each school is connected with: its channels, and the lines that schools of one Slack app share."""

from collections import Counter as Tally
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from starlette.routing import BaseRoute

from bot.channels.email.send import EmailSender, Smtp
from bot.channels.slack import http
from bot.channels.slack.channel import SlackChannel, SlackSettings
from bot.channels.slack.exchange import Exchange
from bot.channels.slack.line import Line
from bot.channels.telegram.channel import TelegramChannel, TelegramSettings
from bot.clock import Clock
from bot.keys import webhook_secret
from bot.served import Served
from bot.settings import Settings, Tokens
from bot.tokens import Signer
from bot.wire import Channel, FrontDesk, Pace, Via
from school.notices import To
from school.school import School
from school.words import Text


@dataclass(frozen=True, kw_only=True)
class Connected:
    """One school's platforms. A channel without its token is off; `off` says why, where somebody should know."""

    slack: SlackChannel | None = None
    telegram: TelegramChannel | None = None
    channels: Mapping[str, Channel] = field(default_factory=dict)
    off: Mapping[str, Text] = field(default_factory=dict)

    @property
    def started(self) -> Sequence[SlackChannel | TelegramChannel]:
        """What has to be started and stopped."""
        return [channel for channel in (self.slack, self.telegram) if channel is not None]

    @property
    def healthy(self) -> Mapping[str, bool]:
        """How each is that should be on, by its name."""
        started = {channel.sender.via.value: channel.healthy for channel in self.started}
        return started | dict.fromkeys(self.off, False)


@dataclass(frozen=True, kw_only=True)
class Connections:
    """Every school's, and the routes by which platforms reach them."""

    by_school: Mapping[str, Connected]
    routes: Sequence[BaseRoute]


def connect(
    settings: Settings,
    schools: Mapping[str, Served],
    *,
    desk: FrontDesk,
    signers: Mapping[str, Signer],
    machine: Clock,
    pace_of: Callable[[str], Pace],
    ours_of: Callable[[str], Callable[[], Awaitable[bool]]],
) -> Connections:
    """Build all of them; nothing goes out before they are started.

    `ours_of` a school says whether this process is the one of several to ask Telegram for its updates.
    """
    slack = _Slack(settings, list(schools.values()), desk=desk, signers=signers, machine=machine, pace_of=pace_of)
    found: dict[str, Connected] = {}
    for id_, each in schools.items():
        tokens, school = each.tokens, each.school
        in_slack = slack.of(each)
        in_telegram = (
            _telegram(settings, each, desk, signers[id_], machine, pace=pace_of(id_), ours=ours_of(id_))
            if tokens.telegram
            else None
        )
        channels: dict[str, Channel] = {}
        for channel in (in_slack, in_telegram):
            if channel is not None:
                channels[channel.sender.via] = channel.sender
        if settings.smtp_url:
            channels[Via.EMAIL] = _email(settings, school, machine)
        faults = {Via.SLACK: tokens.slack_fault, Via.TELEGRAM: tokens.telegram_fault}
        found[id_] = Connected(
            slack=in_slack,
            telegram=in_telegram,
            channels=channels,
            off={via.value: fault.text for via, fault in faults.items() if fault},
        )
    routes = [route for each in found.values() for channel in each.started for route in channel.routes()]
    return Connections(by_school=found, routes=[*slack.shared_routes(), *routes])


def slack_settings(
    settings: Settings, tokens: Tokens, *, web_form: str = "", paths: tuple[str, ...] = (http.PATH,)
) -> SlackSettings:
    """One school's Slack; see SlackSettings."""
    return SlackSettings(
        bot_token=tokens.slack_bot,
        api_url=settings.slack_api_url,
        app_token=tokens.slack_app or None,
        signing_secret=tokens.slack_signing_secret or None,
        bot_setting=tokens.names.slack_bot,
        app_setting=tokens.names.slack_app,
        web_form=web_form,
        paths=paths,
    )


class _Slack:
    """Schools whose app token or signing secret is the same are workspaces of one app, and share its line."""

    def __init__(
        self,
        settings: Settings,
        schools: Sequence[Served],
        *,
        desk: FrontDesk,
        signers: Mapping[str, Signer],
        machine: Clock,
        pace_of: Callable[[str], Pace],
    ) -> None:
        self._settings = settings
        self._several = len(schools) > 1
        self._desk, self._signers, self._machine, self._pace_of = desk, signers, machine, pace_of
        used = [each.tokens for each in schools if _in_slack(each.tokens)]
        self._app_tokens = Tally(tokens.slack_app for tokens in used if tokens.slack_app)
        self._secrets = Tally(tokens.slack_signing_secret for tokens in used if tokens.slack_signing_secret)
        self._lines: dict[str, Line] = {}
        # One for all that share an app: each app still checks what it is handed with its own secret.
        self._posts = Exchange()

    def of(self, each: Served) -> SlackChannel | None:
        """A school's channel; None where it has no token, or not all that it needs."""
        tokens, school = each.tokens, each.school
        if not _in_slack(tokens):
            return None
        form = f"{self._settings.public_url.rstrip('/')}{f'/s/{school.id}' if self._several else ''}/report"
        given = slack_settings(
            self._settings,
            tokens,
            web_form=form if self._settings.public_url else "",
            # A lone school may have the longer one in its app already, before the second school comes.
            paths=(http.path_of(school.id),) if self._several else (http.PATH, http.path_of(school.id)),
        )
        return SlackChannel(
            given,
            school.id,
            self._desk,
            self._signers[school.id],
            self._machine,
            pace=self._pace_of(school.id),
            line=self._line(given) if self._app_tokens[tokens.slack_app] > 1 else None,
            posts=self._posts if self._secrets[tokens.slack_signing_secret] > 1 else None,
        )

    def _line(self, given: SlackSettings) -> Line | None:
        line = self._lines.get(given.app_token or "") or given.line()
        if line is not None:
            self._lines[given.app_token or ""] = line
        return line

    def shared_routes(self) -> Sequence[BaseRoute]:
        """Where the posts for all workspaces of an app come in; the exchange itself says which school is not there."""
        if not any(count > 1 for count in self._secrets.values()):
            return []
        return http.routes(self._posts, open_=lambda: True)


def _in_slack(tokens: Tokens) -> bool:
    return bool(tokens.slack_bot) and tokens.slack_fault is None


def _telegram(
    settings: Settings,
    each: Served,
    desk: FrontDesk,
    signs: Signer,
    machine: Clock,
    *,
    pace: Pace,
    ours: Callable[[], Awaitable[bool]],
) -> TelegramChannel:
    return TelegramChannel(
        TelegramSettings(
            token=each.tokens.telegram,
            api_url=settings.telegram_api_url,
            mode=settings.telegram_mode,
            public_url=settings.public_url,
            webhook_secret=webhook_secret(settings.home, each.school.id),
        ),
        each.school,
        desk,
        signs,
        machine,
        pace=pace,
        ours=ours,
    )


def _email(settings: Settings, school: School, machine: Clock) -> EmailSender:
    smtp = Smtp.parse(settings.smtp_url)
    return EmailSender(
        smtp=smtp,
        sender_name=school.name,
        sender_address=smtp.user if "@" in smtp.user else f"lollipop@{smtp.host}",
        clock=machine,
    )


def channel_of(settings: Settings, each: Served, to: To, recipient: str) -> str:
    """A person is reached on Slack where they are on it and it is on, else by e-mail."""
    person = each.school.person(recipient) if to is To.PERSON else None
    if person is not None and person.email and settings.smtp_url and not (person.slack and _in_slack(each.tokens)):
        return Via.EMAIL
    return Via.SLACK
