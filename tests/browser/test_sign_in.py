"""Journeys: the first sign-in with an authenticator app, a security key, ending a session."""

import os

import pytest

from tests.browser.conftest import PASSWORD, SECRET
from tests.totp import code_now, next_code

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
OWN = "Of-my-own-2026"
PICTURES = os.environ.get("XINBAO_PICTURES", "")


def picture(person, name: str) -> None:
    if PICTURES:
        person.page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def send(person, **words: str) -> None:
    for name, text in words.items():
        person.page.fill(f"main [name={name}]", text)
    person.page.press(f"main [name={name}]", "Enter")


def test_the_first_sign_in_enrols_an_app_and_the_next_one_asks_for_its_code(anybody):
    shen = anybody()
    picture_of_door(shen)
    shen.give_password("shen")
    shen.page.wait_for_url("**/second-factor/app/")
    drawn = shen.page.locator("img.door-code")
    assert drawn.evaluate("each => each.complete && each.naturalWidth > 0")
    secret = shen.page.locator("#totp-secret").inner_text()
    picture(shen, "enrolment")
    shen.open("/security/log/")
    shen.page.wait_for_url("**/second-factor/app/")
    secret = shen.page.locator("#totp-secret").inner_text()
    send(shen, code="000000")
    shen.reads("验证码错误或已使用。")
    send(shen, code=code_now(secret))
    shen.page.wait_for_url("**/second-factor/codes/")
    codes = shen.page.locator("#recovery-codes code").all_inner_texts()
    assert len(set(codes)) == 10
    picture(shen, "codes")
    shen.page.reload()
    shen.reads("还剩 10 个恢复码")
    shen.open("/")
    shen.page.wait_for_url("**/password/")
    picture(shen, "password")
    send(shen, old=PASSWORD, new=OWN, again=OWN)
    shen.page.wait_for_url("**/sessions/")
    shen.page.get_by_role("button", name="退出").click()

    shen.give_password("shen", OWN)
    shen.page.wait_for_url("**/login/code/")
    picture(shen, "code")
    send(shen, code="000000")
    shen.reads("验证码错误或已使用。")
    send(shen, code=codes[0])
    shen.page.wait_for_url(f"{shen.house.url}/")
    picture(shen, "workbench")
    shen.open("/second-factor/")
    shen.reads("剩余 9 个")
    for name in ("sessions", "log", "limits", "limits/proposal", "reset"):
        shen.open(f"/security/{name}/")
        picture(shen, f"security-{name.replace('/', '-')}")


def picture_of_door(person) -> None:
    person.open("/login/")
    picture(person, "door")


def test_ending_a_session_shuts_the_other_browser_out(somebody):
    here, there = somebody("wang"), somebody("wang")
    here.open("/sessions/")
    picture(here, "sessions")
    latest_seen = here.page.locator("td form[action*='/ending/'] button", has_text="结束").first
    latest_seen.click()
    here.reads("会话已结束。")
    there.open("/warnings/")
    there.page.wait_for_url("**/login/?next=/warnings/")
    here.open("/activity/")
    picture(here, "activity")


def test_a_security_key_is_added_and_lets_one_in(anybody, house):
    """On localhost, as browsers know no keys on bare addresses."""
    zhao = anybody(house.url.replace("127.0.0.1", "localhost"))
    line = zhao.page.context.new_cdp_session(zhao.page)
    line.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    line.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    zhao.sign_in("zhao")
    zhao.open("/second-factor/keys/")
    zhao.page.fill("[name=name]", "桌上的密钥")
    zhao.page.locator("[data-webauthn-start]").click()
    zhao.page.wait_for_url("**/second-factor/")
    zhao.reads("桌上的密钥")
    picture(zhao, "factors")
    zhao.page.get_by_role("button", name="退出").click()
    zhao.give_password("zhao")
    zhao.page.wait_for_url("**/login/code/")
    zhao.page.locator("[data-webauthn-start]").click()
    zhao.page.wait_for_url(f"{zhao.house.url}/")
    zhao.open("/second-factor/confirmation/key/?next=/jobs/")
    picture(zhao, "confirmation-key")
    zhao.page.locator("[data-webauthn-start]").click()
    zhao.page.wait_for_url("**/jobs/")


def test_what_matters_asks_for_a_code_and_then_goes_on(somebody):
    chen = somebody("chen")
    chen.open("/second-factor/confirmation/?next=/jobs/")
    picture(chen, "confirmation")
    send(chen, code=next_code(SECRET, "chen"))
    chen.page.wait_for_url("**/jobs/")
