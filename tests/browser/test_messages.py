"""Journey: a job ends, the bell shows it, the message is opened and is read."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
BELL = "header .topbar-button[href='/messages/'] .job-badge"


def test_a_job_ends_the_bell_rings_and_the_message_is_read(somebody):
    he = somebody("he")
    he.open("/messages/")
    he.page.locator(BELL).wait_for(state="attached")
    if he.page.get_by_text("全部标为已读").count():  # what other journeys left
        he.page.get_by_text("全部标为已读").click()
        he.reads("已标为已读")
    he.open("/evidence/chain/")
    he.page.locator("form[action='/evidence/chain/verification/'] button").click()
    he.page.locator(BELL, has_text="1").wait_for()
    he.page.locator("header .topbar-button[href='/messages/']").click()
    he.page.locator("article.message.is-unread").first.wait_for()
    he.reads("任务完成")
    he.page.locator("article.message.is-unread button[name=open]").first.click()
    he.page.wait_for_url(lambda url: "/messages/" not in url)
    he.page.locator(f"{BELL}.is-empty").wait_for(state="attached")
    he.open("/messages/?show=unread")
    he.reads("暂无消息")
