"""Polls and quizzes (https://core.telegram.org/bots/api#poll)."""

from typing import Any

from bot.playground.telegram.call import Call, method
from bot.playground.telegram.entities import parse, utf16_length
from bot.playground.telegram.errors import bad
from bot.playground.telegram.keyboards import refuse_unknown
from bot.playground.telegram.model import Json, unix

MAX_QUESTION = 300
MAX_OPTION = 100
MAX_OPTIONS = 12
MAX_EXPLANATION = 200
MAX_EXPLANATION_LINE_FEEDS = 2
MAX_DESCRIPTION = 1024
OPEN_SECONDS = range(5, 2_628_001)


@method(
    "sendPoll",
    "chat_id message_thread_id question question_parse_mode question_entities options is_anonymous type "
    "allows_multiple_answers allows_revoting shuffle_options hide_results_until_closes correct_option_ids explanation "
    "explanation_parse_mode explanation_entities open_period close_date is_closed description description_parse_mode "
    "description_entities disable_notification protect_content allow_paid_broadcast message_effect_id reply_parameters "
    "reply_markup",
)
def send_poll(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendpoll; it stays open until stopped, for no time passes by itself."""
    poll = _poll(call)
    markup = call.markup()
    chat = call.chat()
    message = call.state.post(
        call.bot,
        chat,
        call.bot.json(),
        kind="poll",
        medium={"poll": poll},
        markup=markup,
        reply_to=call.replied(chat),
    )
    return message.json(chat)


def _poll(call: Call) -> Json:
    question = _within(call.text("question"), MAX_QUESTION, "poll question")
    options = [_option(option, place) for place, option in enumerate(call.list_of("options") or [])]
    if not 1 <= len(options) <= MAX_OPTIONS:
        raise bad(f"poll must have between 1 and {MAX_OPTIONS} options")
    kind = call.text("type", "regular") or "regular"
    if kind not in {"regular", "quiz"}:
        raise bad("unsupported poll type specified")
    poll: Json = {
        "id": str(call.state.number()),
        "question": question,
        "options": options,
        "total_voter_count": 0,
        "is_closed": call.flag("is_closed"),
        "is_anonymous": call.flag("is_anonymous", default=True),
        "type": kind,
        "allows_multiple_answers": call.flag("allows_multiple_answers"),
        "allows_revoting": call.flag("allows_revoting", default=kind == "regular"),
        "members_only": False,
    }
    return poll | _quiz(call, kind, len(options)) | _times(call) | _description(call)


def _within(words: str, limit: int, what: str) -> str:
    if not words.strip():
        raise bad(f"{what} must be non-empty")
    if utf16_length(words) > limit:
        raise bad(f"{what} length must not exceed {limit}")
    return words.strip()


def _option(option: Any, place: int) -> Json:
    if isinstance(option, str):
        option = {"text": option}
    if not isinstance(option, dict) or not isinstance(option.get("text"), str):
        raise bad("can't parse options JSON object")
    refuse_unknown(option, {"text", "text_parse_mode", "text_entities"}, "InputPollOption")
    text = _within(option["text"], MAX_OPTION, "poll options")
    return {"persistent_id": f"option-{place}", "text": text, "voter_count": 0}


def _quiz(call: Call, kind: str, count: int) -> Json:
    right = call.list_of("correct_option_ids")
    if kind != "quiz":
        if right:
            raise bad("correct_option_ids belong to quizzes alone")
        return {}
    if not right or any(not isinstance(number, int) or not 0 <= number < count for number in right):
        raise bad("wrong correct option ID specified")
    if right != sorted(set(right)):
        raise bad("correct option identifiers must be increasing")
    explanation, entities = parse(
        call.text("explanation"), call.text("explanation_parse_mode") or None, call.list_of("explanation_entities")
    )
    if utf16_length(explanation) > MAX_EXPLANATION or explanation.count("\n") > MAX_EXPLANATION_LINE_FEEDS:
        raise bad("MESSAGE_TOO_LONG")
    told: Json = {"correct_option_ids": right}
    if explanation:
        told |= {"explanation": explanation, "explanation_entities": entities}
    return told


def _times(call: Call) -> Json:
    period, closes = call.number("open_period"), call.number("close_date")
    if period is not None and closes is not None:
        raise bad("open_period and close_date can't be used together")
    if period is not None:
        if period not in OPEN_SECONDS:
            raise bad("open_period must be between 5 and 2628000")
        return {"open_period": period}
    if closes is not None:
        if closes - unix(call.state.clock()) not in OPEN_SECONDS:
            raise bad("close_date must be between 5 and 2628000 seconds in the future")
        return {"close_date": closes}
    return {}


def _description(call: Call) -> Json:
    words, entities = parse(
        call.text("description"), call.text("description_parse_mode") or None, call.list_of("description_entities")
    )
    if utf16_length(words) > MAX_DESCRIPTION:
        raise bad("poll description is too long")
    return {"description": words, "description_entities": entities} if words else {}


@method("stopPoll", "chat_id message_id reply_markup")
def stop_poll(call: Call) -> Json:
    """https://core.telegram.org/bots/api#stoppoll."""
    markup = call.markup(inline_only=True)
    chat = call.chat()
    message = chat.messages.get(call.number("message_id", 0) or 0)
    if message is None or message.deleted:
        raise bad("message with poll to stop not found")
    if not message.by_bot or message.kind != "poll":
        raise bad("message can't be stopped: it is not a poll of this bot")
    poll: Json = message.medium["poll"]
    if poll["is_closed"]:
        raise bad("poll has already been closed")
    poll["is_closed"] = True
    message.markup = markup
    call.state.changed()
    return poll
