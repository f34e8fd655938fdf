"""python-telegram-bot as it comes: `python -m benchmarks.peer_ptb PORT`. Nothing of ours is imported."""

import asyncio
import sys

from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.request import HTTPXRequest

from benchmarks.rounds import TEXT, TOKEN, Send, sending


def send_message(bot: Bot) -> Send:
    """One message as Bot.send_message sends it."""
    preview = LinkPreviewOptions(is_disabled=True)

    async def send(number: int) -> object:
        return await bot.send_message(
            chat_id=str(1000 + number), text=TEXT, parse_mode=ParseMode.HTML, link_preview_options=preview
        )

    return send


async def _main(port: int) -> None:
    # As it comes, pool and all, but for patience: on a busy machine its five seconds may run out.
    request = HTTPXRequest(read_timeout=60.0, connect_timeout=60.0, pool_timeout=60.0)
    bot = Bot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot", request=request, get_updates_request=request)
    await sending(send_message(bot))
    await request.shutdown()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
