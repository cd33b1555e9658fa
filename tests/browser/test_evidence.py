"""Journey: make an evidence pack, verify it with what is in it, check it as a stranger, find it."""

import re
import subprocess
import sys
import zipfile

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_pack_is_made_verified_checked_by_a_stranger_and_found_in_the_audit_trail(
    somebody, tmp_path
):
    qian = somebody("qian")
    qian.open("/evidence/packs/")
    qian.page.select_option("[name=label]", "postloss.riskwarning")
    qian.page.fill("[name=number]", "1")
    qian.page.locator(".filter-bar button[type=submit]").click()
    qian.page.wait_for_url(re.compile(r"/evidence/objects/postloss.riskwarning/1/$"))
    qian.page.fill("#pack-form [name=reason]", "法院调取证据")
    qian.page.locator("#pack-form button[type=submit]").click()
    qian.page.wait_for_url(re.compile(r"/evidence/packs/\d+/$"))
    address, download = qian.page.url, "a[href$='/file/']"
    for _ in range(60):
        if qian.page.locator(download).count():
            break
        qian.page.wait_for_timeout(500)
        qian.page.goto(address)
    with qian.page.expect_download() as coming:
        qian.page.locator(download).click()
    pack = tmp_path / coming.value.suggested_filename
    coming.value.save_as(pack)

    with zipfile.ZipFile(pack) as archive:
        (tmp_path / "verify.py").write_bytes(archive.read("verify.py"))
        assert "summary.pdf" in archive.namelist()
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", pack.name],
        cwd=tmp_path, capture_output=True, check=False,
    )  # fmt: skip
    assert done.stdout.decode().splitlines()[-1] == "VERIFIED 核验通过"

    qian.open("/public/evidence/")
    qian.page.fill("[name=code]", pack.stem)
    qian.page.set_input_files("[name=file]", pack)
    qian.page.locator("main form[enctype] button[type=submit]").click()
    qian.page.locator(".alert-success").wait_for()

    he = somebody("he")
    he.open("/audit/?action=evidence_sealed")
    he.page.locator("#records tbody a").first.click()
    he.reads("core.evidence_sealed")
    he.reads("artefacts/steps.csv")
    he.open("/evidence/chain/")
    he.page.locator("table tbody tr").first.wait_for()
