"""The pages of a plan in a real browser and on paper; left out, with the reason, where there is none."""

import re
import shutil
import subprocess

import pytest

from safepassage.adapters.plan_page.driver import drivers_html
from safepassage.adapters.plan_page.page import plan_html

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium or chrome on this machine")


def run(path, tmp_path, *options):
    command = [
        BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-background-networking", "--enable-logging=stderr", "--no-pdf-header-footer",
        f"--user-data-dir={tmp_path / 'profile'}", *options, path.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, timeout=90, check=False)
    return done.stdout.decode("utf-8"), [
        line for line in done.stderr.decode("utf-8", "replace").splitlines() if "CONSOLE" in line
    ]


def test_every_drive_prints_on_one_page(story, tmp_path):
    path, pdf = tmp_path / "drivers.html", tmp_path / "drivers.pdf"
    path.write_text(drivers_html(story, version="1"), encoding="utf-8")
    _, said = run(path, tmp_path, f"--print-to-pdf={pdf}")
    assert said == []
    pages = re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())
    assert len(pages) == len(story.plan.dispatches)


def test_the_page_opens_without_complaint_even_of_hostile_names(hostile, tmp_path):
    path = tmp_path / "plan.html"
    path.write_text(plan_html(hostile, version="1"), encoding="utf-8")
    shown, said = run(path, tmp_path, "--dump-dom")
    assert said == []
    assert "<img" not in shown
    assert "<script" not in shown
