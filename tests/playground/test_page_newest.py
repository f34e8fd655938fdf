import pytest
from playwright.async_api import expect

from tests.playground.test_page import DESK, PHONE, SALMA, YEAR4, Stage, chrome, chromium, pictures, stage, visit

__all__ = ["chrome", "chromium", "pictures", "stage", "visit"]


@pytest.fixture
def long_talk(stage: Stage) -> str:
    """Salma has written much; these are her last words."""
    stage.telegram.start(SALMA, "")
    for number in range(1, 41):
        stage.telegram.say(SALMA, f"Line {number}.")
    return "Line 40."


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_salma_sees_the_end_of_a_long_talk_first(visit, long_talk: str, size) -> None:
    page = (await visit(size)).page

    if size is PHONE:
        await page.get_by_role("tab", name="Parent").click()

    await expect(page.locator(".bubble", has_text=long_talk)).to_be_in_viewport(ratio=1)


@pytest.mark.browser
async def test_ben_sees_first_where_something_happened_and_amina_where_there_is_news(visit, stage: Stage) -> None:
    stage.slack.post(stage.slack.channels[YEAR4], stage.slack.bot.id, "We learnt about passwords.")
    page = (await visit(DESK)).page

    await expect(page.locator("#view-pupil").get_by_text("We learnt about passwords.")).to_be_visible()
    news = page.locator("#view-teacher").get_by_role("button", name="# year-4 (new)")
    await news.click()
    await expect(page.locator("#view-teacher").get_by_text("We learnt about passwords.")).to_be_visible()
    await expect(news).to_have_count(0)
