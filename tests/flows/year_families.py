"""Four hundred families of the sample school, by Telegram and e-mail: how they join, and what reached each of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.policy import default

from bot.clock import Clock
from bot.commands.sample import SCHOOL, without_phones
from bot.storage import new_id
from bot.tokens import LINK
from parents import confirm, invite
from school.people import LANGUAGES
from tests.channels.mail_double import words
from tests.flows.rig import Rig

OAKFIELD = "oakfield"
LANGS = tuple(LANGUAGES)
# The sample school's two classes, three more, and "" for the news of the whole school.
MORE = {"rowan": '["R"]', "birch": "[1]", "ash": "[5, 6]"}
CLASSES = ("oak", "elm", *MORE, "")
FIRST_CHAT = 700_000


def school_text() -> str:
    """The sample school in every language, with a class of Reception, one of Year 1 and one of Years 5 and 6."""
    classes = "".join(
        f'[[classes]]\nid = "{each}"\nname = "{each.title()}"\nyears = {years}\n\n' for each, years in MORE.items()
    )
    text = without_phones(SCHOOL.format(id=OAKFIELD, name="Oakfield Primary School"))
    spoken = ", ".join(f'"{each}"' for each in LANGS)
    text = text.replace('languages = ["en", "pl", "ro", "ur", "ar"]', f"languages = [{spoken}]")
    assert spoken in text
    return text.replace("[[people]]\n", f"{classes}[[people]]\n", 1)


@dataclass(frozen=True, kw_only=True)
class Received:
    """One message of the bot's, as it stands in a chat of the stand-in or came to the mail server."""

    address: str
    title: str
    text: str
    at: datetime


@dataclass(kw_only=True)
class Home:
    """One family. `gone` is the instant from which nothing may reach it; `moved` is a chat's new address."""

    number: int
    via: str
    lang: str
    class_id: str
    joined: datetime
    gone: datetime | None = None
    moved: str = ""

    @property
    def address(self) -> str:
        """The chat or the mailbox that it joined with."""
        return str(self.chat) if self.via == "telegram" else f"family-{self.number}@example.org"

    @property
    def chat(self) -> int:
        """Its chat on Telegram."""
        return FIRST_CHAT + self.number

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every one that it has had."""
        return (self.address, self.moved) if self.moved else (self.address,)

    def there(self, at: datetime) -> bool:
        """Whether it may be written to at an instant."""
        return self.joined <= at and (self.gone is None or at < self.gone)


def home_of(number: int, joined: datetime) -> Home:
    """Languages evenly; of every eleven, each class in turn; every eighth by e-mail."""
    via = "email" if number % 8 == 0 else "telegram"
    lang, class_id = LANGS[number % len(LANGS)], CLASSES[number // len(LANGS) % len(CLASSES)]
    return Home(number=number, via=via, lang=lang, class_id=class_id, joined=joined)


class Letters(list[bytes]):
    """What came to the mail server, and when by the school's clock."""

    def __init__(self) -> None:
        super().__init__()
        self.clock: Clock | None = None
        self.when: list[datetime] = []

    def append(self, letter: bytes) -> None:
        """Another one."""
        assert self.clock is not None
        super().append(letter)
        self.when.append(self.clock.now())

    def received(self) -> Iterator[Received]:
        """Each of them, read."""
        for raw, at in zip(self, self.when, strict=True):
            letter = message_from_bytes(raw.removesuffix(b".\r\n"), policy=default)
            yield Received(address=str(letter["To"]), title=str(letter["Subject"]), text=words(letter), at=at)


@dataclass
class Gate:
    """The school's gate: families come in, in crowds through the room or one by one through the real taps."""

    rig: Rig
    homes: dict[int, Home] = field(default_factory=dict)

    def come(self, numbers: Sequence[int]) -> None:
        """Through the room, each as after its tap, in one transaction; their chats are open on Telegram."""
        now, house = self.rig.clock.now(), self.rig.product.house
        school = house.schools[OAKFIELD]
        with house.units.write(OAKFIELD) as unit:
            for number in numbers:
                home = self._new(number)
                klass = next((each for each in school.classes if each.id == home.class_id), None)
                code = invite(klass, families=unit.families, code=_code(home.class_id), now=now).code
                confirm(
                    code,
                    school=school,
                    families=unit.families,
                    evidence=unit.evidence,
                    via=home.via,
                    address=home.address,
                    lang=home.lang,
                    wording="join-ask:1:en",
                    family_id=new_id(house.machine_clock.now()),
                    now=now,
                )
            unit.commit()

    async def tap_in(self, number: int) -> None:
        """By the link, its language, and one tap."""
        rig, home = self.rig, self._new(number)
        assert home.via == "telegram"
        rig.telegram.start(home.chat, self._link(home.class_id))
        await rig.tap(home.chat, LANGUAGES[home.lang].name)
        await rig.until(lambda: len(rig.buttons(home.chat)) == 2)
        await rig.tap(home.chat, next(iter(rig.buttons(home.chat))))
        await rig.until(lambda: self.known(home))

    def known(self, home: Home) -> bool:
        """Whether the school has it."""
        with self.rig.product.house.units.read(OAKFIELD) as unit:
            return unit.families.by_address(via=home.via, address=home.address) is not None

    def _new(self, number: int) -> Home:
        home = self.homes[number] = home_of(number, self.rig.clock.now())
        if home.via == "telegram":
            self.rig.telegram.add_person(home.chat, f"Family {number}", home.lang, started=True)
        return home

    def _link(self, class_id: str) -> str:
        house, now = self.rig.product.house, self.rig.clock.now()
        klass = next((each for each in house.schools[OAKFIELD].classes if each.id == class_id), None)
        with house.units.write(OAKFIELD) as unit:
            code = invite(klass, families=unit.families, code=_code(class_id), now=now).code
            unit.commit()
        return house.signers[OAKFIELD].mint(LINK, code.encode(), on=now.date())


def _code(class_id: str) -> str:
    return f"{class_id or 'whole':X<8}".upper()


def in_chats(rig: Rig) -> Iterator[Received]:
    """Everything that stands in the families' chats on Telegram and is the bot's."""
    for chat in rig.telegram.bot().chats.values():
        for message in chat.messages.values():
            if message.by_bot:
                # The mark that tells a phone to read from the right.
                title = message.text.partition("\n")[0].lstrip("\u200f")
                yield Received(address=str(chat.id), title=title, text=message.text, at=message.shown)
