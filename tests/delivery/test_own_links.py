"""What is one family's own in a letter that was drawn for many, and nobody else's."""

from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest

from bot.addresses import OWN, STOP
from bot.delivery import Drawings, OwnLinks
from bot.delivery.own_links import with_own_links
from bot.family_links import Right, opened
from bot.tokens import Signer
from bot.wire import Choices, Drawn
from pages import Document, Paragraph, paragraph
from school.notices import To

NOW = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
SIGNER = Signer("oakfield", ((1, b"s" * 32),))
MARTA, SAM = UUID(int=1), UUID(int=2)
BASE = "https://oakfield.example"


def row(
    who: UUID = MARTA, *, to: To = To.FAMILY, channel: str = "email", page: str = "newsletter-1", mailing: str = ""
):
    return SimpleNamespace(
        school="oakfield",
        recipient=str(who),
        to=to,
        channel=channel,
        page=page,
        part="",
        values={},
        repeat=False,
        mailing=mailing,
    )


def hrefs(document: Document) -> list[str]:
    spans = [span for block in document.blocks if isinstance(block, Paragraph) for span in block.inline]
    return [span.href for span in spans if span.href]


def test_each_family_has_a_link_of_its_own_and_only_the_letter_it_asked_for_opens_all():
    links = OwnLinks(signers={"oakfield": SIGNER})
    found = {}
    for who, page in ((MARTA, "newsletter-1"), (SAM, "newsletter-1"), (MARTA, "letter-yours")):
        address = links.of(row(who, page=page), base=BASE, now=NOW)
        assert address.startswith(f"{BASE}/letters/")
        found[who, page] = opened(address.rpartition("/")[2], signer=SIGNER)

    assert {key: (each.family, each.right) for key, each in found.items()} == {
        (MARTA, "newsletter-1"): (MARTA, Right.CHOOSE),
        (SAM, "newsletter-1"): (SAM, Right.CHOOSE),
        (MARTA, "letter-yours"): (MARTA, Right.OWN),
    }
    assert {each.made for each in found.values()} == {NOW}


@pytest.mark.parametrize("other", [row(channel="telegram"), row(to=To.PERSON), row(to=To.CLASS, channel="slack")])
def test_whoever_is_no_family_by_e_mail_gets_the_page_as_it_is(other):
    page = Document("News", (paragraph("Hello"),))

    assert with_own_links(page, other, base=BASE, lang="en") == page


def test_a_familys_letter_leads_on_to_the_pages_and_out_of_the_list():
    page = Document("News", (paragraph("Hello"),))

    of_news = hrefs(with_own_links(page, row(mailing="newsletter:newsletter-1:1"), base=BASE, lang="pl"))
    of_home = hrefs(with_own_links(page, row(mailing="home:oak"), base=BASE, lang="pl"))

    assert of_news[0] == f"{BASE}/news/newsletter-1?lang=pl"
    assert of_news[1:] == of_home == [f"{BASE}/report?lang=pl", f"{BASE}/whatif?lang=pl", OWN + STOP, OWN]


def test_what_was_drawn_for_families_is_never_sent_to_staff():
    drawn = []

    class Letters:
        via = SimpleNamespace(value="email")

        def draw(self, document: Document, *, lang: str, choices: Choices = ()) -> Drawn:
            drawn.append(hrefs(document))
            return Drawn(parts=(), digest=str(len(drawn)))

    drawings = Drawings(
        compose=lambda each, lang: with_own_links(Document("News", ()), each, base=BASE, lang=lang),
        today=lambda _: NOW.date(),
    )
    for each in (row(), row(SAM), row(to=To.PERSON)):
        drawings.of(each, "en", Letters())

    assert [bool(links) for links in drawn] == [True, False], "once for all families, and once for staff"
