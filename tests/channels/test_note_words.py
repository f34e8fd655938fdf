import json

import pytest

from bot.channels.email.render import render as as_email
from bot.channels.slack.render import blocks as as_slack
from bot.channels.telegram.render import render as as_telegram
from bot.languages import translator
from bot.web.render import Renderer
from pages import TONE_WORDS, Document, Tone, note

LANGS = ("en", "pl", "ar")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("tone", TONE_WORDS)
def test_a_family_meets_the_same_word_beside_a_note_wherever_it_reads(tone, lang):
    say = translator(lang)
    document = Document("News", (note("Look at this together.", tone),), lang)
    seen = {
        "email": as_email(document, lang=lang).text,
        "slack": json.dumps(as_slack(document, (), translate=say, mint=lambda _: ""), ensure_ascii=False),
        "telegram": "".join(as_telegram(document, (), lang=lang, mint=lambda _: "").parts),
        "web": str(Renderer(say, lang).body(document)),
    }

    without = [channel for channel, shown in seen.items() if f"{say(TONE_WORDS[tone])}:" not in shown]

    assert without == []


def test_a_plain_note_has_no_word():
    assert Tone.PLAIN not in TONE_WORDS
