"""aiogram 3 as it comes, in .venv-peers: `python -m benchmarks.peer_aiogram PORT`. Nothing of ours is imported."""

import asyncio
import sys

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import LinkPreviewOptions

from benchmarks.rounds import AT_ONCE, TEXT, TOKEN, sending


async def _main(port: int) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(f"http://127.0.0.1:{port}"), limit=AT_ONCE)
    bot = Bot(TOKEN, session=session)
    preview = LinkPreviewOptions(is_disabled=True)

    async def send(number: int) -> object:
        return await bot.send_message(chat_id=1000 + number, text=TEXT, parse_mode="HTML", link_preview_options=preview)

    await sending(send)
    await session.close()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
