"""What an update means, without a network."""

from datetime import date

import pytest
from telegram import Update
from telegram_double import SIGNER

from bot.channels.telegram.handlers import Reader
from bot.tokens import ForgedTokenError

READER = Reader(school="primary", signer=SIGNER)
TODAY = date(2026, 11, 24)
AMINA = {"id": 501, "is_bot": False, "first_name": "Amina", "language_code": "ar-EG"}
CHAT = {"id": 501, "type": "private", "first_name": "Amina"}


def message(**fields):
    return {"message_id": 9, "date": 1_795_514_400, "chat": CHAT, "from": AMINA, **fields}


def read(kind="message", **fields):
    return READER.translate(Update.de_json({"update_id": 77, kind: fields}, None), on=TODAY)


@pytest.mark.parametrize(
    ("typed", "verb", "args"),
    [
        ("/start", "start", {"code": ""}),
        ("/start ABC-123_x", "start", {"code": "ABC-123_x"}),
        ("/START@willow_bot ABC", "start", {"code": "ABC"}),
        ("/report", "report.start", {}),
        ("/stop", "stop", {}),
        ("/stop ", "stop", {}),
        ("/language", "language", {}),
        ("/years", "years", {}),
        ("/news", "news", {}),
        ("/quiz", "quiz", {}),
        ("/ask", "ask", {}),
        ("/agree", "agree", {"code": ""}),
        ("/events", "events", {}),
        ("/privacy", "privacy", {}),
        ("/help", "help", {}),
        ("/pizza", "unknown", {"typed": "/pizza"}),
    ],
)
def test_a_command_is_a_verb(typed, verb, args):
    [incoming] = read(**message(text=typed))

    assert (incoming.verb, incoming.args, incoming.words) == (verb, args, {})
    assert (incoming.sender, incoming.place, incoming.lang) == ("501", "501", "ar")
    assert (incoming.transport_id, incoming.semantic_id) == ("77", "501:9")


@pytest.mark.parametrize("typed", ["hello", "/ hello", "//", "/", "/h\u00e9llo", "he said /stop", "/a-b"])
def test_anything_else_typed_is_words(typed):
    [incoming] = read(**message(text=typed))

    assert incoming.verb == "words"
    assert incoming.words["words"].reveal() == typed
    assert incoming.args == {}


@pytest.mark.parametrize(
    ("typed", "verb"),
    [
        ("/report he hits me", "report.start"),
        ("/help he hits me", "help"),
        ("/start he hits me", "start"),
        ("/pizza he hits me", "unknown"),
    ],
)
def test_what_a_child_writes_after_a_command_is_heard_and_never_an_argument(typed, verb):
    heard, asked = read(**message(text=typed))

    assert (heard.verb, heard.words["words"].reveal()) == ("words", "he hits me")
    assert asked.verb == verb
    assert "hits" not in repr(asked)
    assert heard.transport_id != asked.transport_id
    assert heard.semantic_id != asked.semantic_id


def test_a_question_goes_with_ask_and_is_wrapped():
    [asked] = read(**message(text="/ask when is the evening?"))

    assert asked.words["words"].reveal() == "when is the evening?"
    assert "evening" not in repr(asked)


def test_an_edited_message_is_heard_again():
    [incoming] = read("edited_message", **message(text="worse now", edit_date=1_795_514_460))

    assert incoming.verb == "words"
    assert incoming.semantic_id == "501:9:1795514460"


def test_what_amina_types_comes_with_the_number_and_the_times_of_its_message_and_not_with_its_chat():
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    [typed] = read(**message(text="help"))
    [changed] = read("edited_message", **message(text="worse now", edit_date=1_795_514_460))
    after, _ = read(**message(text="/report he hit me"))
    caption, refused = read(**message(photo=photo, caption="look"))

    sent = "9 2026-11-24T10:00:00+00:00"
    told = [asked.message.spelt() for asked in (typed, changed, after, caption)]
    assert told == [f"{sent} - -", f"{sent} 2026-11-24T10:01:00+00:00 -", f"{sent} - -", f"{sent} - -"]
    assert refused.message is None
    assert "501" not in "".join(told)


def test_a_message_without_a_number_is_heard_all_the_same():
    [typed] = read(**{**message(text="help"), "message_id": "what?"})

    assert typed.words["words"].reveal() == "help"
    assert typed.message is None


def test_an_album_is_refused_once_and_its_caption_heard():
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]

    heard, refused = read(**message(photo=photo, caption="look", media_group_id="g1"))

    assert heard.words["words"].reveal() == "look"
    assert (refused.verb, refused.semantic_id) == ("media", "501:album:g1")


def test_a_changed_caption_is_heard_and_a_moving_place_is_not():
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]

    [heard] = read("edited_message", **message(photo=photo, caption="look", edit_date=1_795_514_460))
    place = read("edited_message", **message(location={"latitude": 1.0, "longitude": 1.0}, edit_date=1_795_514_460))

    assert heard.verb == "words"
    assert place == []


@pytest.mark.parametrize(
    "fields",
    [
        {"chat": {"id": -5, "type": "group", "title": "4"}, "text": "/report"},
        {"chat": {"id": -5, "type": "channel", "title": "4"}, "text": "hello"},
        {"from": {**AMINA, "is_bot": True}, "text": "hello"},
        {"pinned_message": {"message_id": 1, "date": 0, "chat": CHAT}},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}},
    ],
)
def test_groups_bots_and_service_messages_are_nothing_to_us(fields):
    assert read(**message(**fields)) == []


def test_a_group_that_moved_is_one_event_from_both_ends():
    old, new = {"id": -5, "type": "group", "title": "4"}, {"id": -1005, "type": "supergroup", "title": "4"}

    [leaving] = read(**message(chat=old, migrate_to_chat_id=-1005))
    [arriving] = read(**message(chat=new, migrate_from_chat_id=-5))

    assert leaving.args == arriving.args == {"old": "-5", "new": "-1005"}
    assert leaving.semantic_id == arriving.semantic_id


def test_a_tap_carries_its_verb_and_arguments():
    token = SIGNER.button("join.lang", {"lang": "pl"}, on=TODAY)

    [tap] = read("callback_query", id="q1", **{"from": AMINA}, message=message(), chat_instance="x", data=token)

    assert (tap.verb, tap.args, tap.semantic_id, tap.lang) == ("join.lang", {"lang": "pl"}, "cb:q1", "ar")


def test_a_tap_signed_by_nobody_is_refused():
    with pytest.raises(ForgedTokenError):
        read("callback_query", id="q1", **{"from": AMINA}, message=message(), chat_instance="x", data="join:C1")


def test_a_tap_without_data_or_message_is_nothing():
    assert read("callback_query", id="q1", **{"from": AMINA}, chat_instance="x", game_short_name="g") == []


def test_somebody_without_a_language_is_answered_in_english():
    [incoming] = read(**message(text="hi", **{"from": {"id": 501, "is_bot": False, "first_name": "A"}}))

    assert incoming.lang == "en"


@pytest.mark.parametrize(
    ("account", "called"),
    [
        ({"first_name": "Sam", "last_name": "Canary", "username": "samc"}, "Sam Canary (@samc)"),
        ({"first_name": "Sam"}, "Sam"),
    ],
)
def test_the_name_on_an_account_travels_wrapped(account, called):
    [incoming] = read(**message(text="hi", **{"from": {"id": 501, "is_bot": False, **account}}))

    assert incoming.called.reveal() == called
    assert "Sam" not in repr(incoming)
