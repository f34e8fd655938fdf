"""A quiz as Telegram's own poll: asked without names, and its answers counted without knowing whose they are.

An anonymous poll never tells the bot who voted; the bot that sent it gets its new totals as an update of the kind
`poll` (core.telegram.org/bots/api#poll, #update, #sendpoll). In a private chat there is one voter, so a total of one is
one answer. A poll that was passed on may gather more; those totals tell no single answer and are left out.
"""

from telegram import Bot, InlineKeyboardMarkup, Poll

from bot.wire import Incoming, Via
from pages import QuizItem


async def ask(bot: Bot, chat: str, item: QuizItem, keyboard: InlineKeyboardMarkup | None) -> str:
    """Ask one question; the message's id. Raises TelegramError."""
    sent = await bot.send_poll(
        chat_id=chat,
        question=item.ask,
        options=item.options,
        type=Poll.QUIZ,
        is_anonymous=True,
        allows_multiple_answers=False,
        correct_option_ids=[item.answer - 1],  # type: ignore[list-item]  # of at most four options
        explanation=item.why,
        reply_markup=keyboard,
    )
    return str(sent.message_id)


def answered(poll: Poll, *, school: str, update_id: int) -> list[Incoming]:
    """The one answer that a quiz has, if it has one: which question, in our own words, and which option."""
    chosen = [option.text for option in poll.options if option.voter_count]
    if poll.type != Poll.QUIZ or not poll.is_anonymous or poll.total_voter_count != 1 or len(chosen) != 1:
        return []
    return [
        Incoming(
            school=school,
            via=Via.TELEGRAM,
            sender="",
            verb="quiz.answered",
            args={"ask": poll.question, "chosen": chosen[0]},
            transport_id=str(update_id),
            semantic_id=f"poll:{poll.id}",
            correlation=f"tg{update_id}",
        )
    ]
