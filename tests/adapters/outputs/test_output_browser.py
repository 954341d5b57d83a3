"""The report in a real browser; left out, with the reason, where there is none."""

import os
import re
import shutil
import subprocess

import pytest

from safepassage.adapters.page.cartography import chart_of
from safepassage.adapters.page.markup import csp_hash
from safepassage.adapters.page.report import report_html
from safepassage.adapters.sheets.town import town_html

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium or chrome on this machine")


def opened(path, fragment, tmp_path):
    """Give the page's own text after its script ran, and what the browser's console said."""
    profile = tmp_path / f"profile{fragment.replace('/', '_')[:40]}"
    command = [
        BROWSER,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--enable-logging=stderr",
        "--virtual-time-budget=2000",
        f"--user-data-dir={profile}",
        "--dump-dom",
        f"{path.as_uri()}{fragment}",
    ]
    env = {**os.environ, "LANG": "en_US.UTF-8"}
    done = subprocess.run(command, capture_output=True, timeout=90, check=False, env=env)
    console = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if "CONSOLE" in line]
    return done.stdout.decode("utf-8"), console


@pytest.fixture(scope="module")
def report(one_group, tmp_path_factory):
    path = tmp_path_factory.mktemp("browser") / "report.html"
    path.write_text(report_html(one_group, version="1"), encoding="utf-8")
    return path


def test_the_slider_moves_the_night_the_map_and_the_list(report, tmp_path):
    third, said = opened(report, "#day=3&lang=en", tmp_path)
    tenth, said_too = opened(report, "#day=10&lang=es", tmp_path)
    assert said == said_too == []
    assert "Night of Tuesday 16 Oct 2018" in third
    assert "Noche del martes 23 oct 2018" in tenth
    assert 'data-lang="en"' in third
    assert 'data-lang="es"' in tenth
    circles = [re.findall(r'<circle class="disc"[^>]*>', page) for page in (third, tenth)]
    assert circles[0]
    assert circles[1]
    assert circles[0] != circles[1]
    assert "no-script" not in re.search(r"<html[^>]*>", third).group(0)


def test_hostile_names_run_nothing_and_break_nothing(hostile, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(report_html(hostile, version="1"), encoding="utf-8")
    page, said = opened(path, "#day=4&lang=en", tmp_path)
    assert said == []
    assert 'data-lang="en"' in page
    assert "<img" not in page


def test_a_crisis_without_groups_opens_too(camps, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(report_html(camps, version="1"), encoding="utf-8")
    page, said = opened(path, "#day=80&lang=en&view=near", tmp_path)
    assert said == []
    assert "Night of Tuesday 1 Jan 2019" in page


def test_the_close_up_of_the_script_stays_inside_the_chart(report, one_group, tmp_path):
    frame = chart_of(one_group).frame
    for number in (0, one_group.days - 1):
        page, said = opened(report, f"#day={number}&view=near", tmp_path)
        assert said == []
        box = re.search(r'<svg class="map"[^>]*viewBox="([^"]+)"', page)
        left, top, wide, tall = (float(value) for value in box[1].split())
        assert wide < frame.width
        assert left >= 0
        assert top >= 0
        assert left + wide <= frame.width + 0.5
        assert top + tall <= frame.height + 0.5


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext on this machine")
def test_the_first_sheet_of_paper_holds_the_map_too(report, tmp_path):
    pdf = tmp_path / "report.pdf"
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
    command += [f"--user-data-dir={tmp_path / 'printer'}", f"--print-to-pdf={pdf}", report.as_uri()]
    subprocess.run(command, capture_output=True, timeout=90, check=True)
    page = subprocess.run(
        ["pdftotext", "-l", "1", "-layout", str(pdf), "-"], capture_output=True, timeout=30, check=True
    )
    text = page.stdout.decode("utf-8")
    assert "Natural Earth" in text  # the last words below the map
    assert "NOT FOR PUBLICATION" in text


def test_a_page_that_learned_from_reports_opens_without_complaint(with_parts, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(report_html(with_parts, version="1"), encoding="utf-8")
    page, said = opened(path, "#day=5&lang=en", tmp_path)
    assert said == []
    assert 'id="belief"' in page
    assert 'data-lang="en"' in page


@pytest.mark.parametrize("paper", ["A4", "letter"])
@pytest.mark.parametrize("place", [0, 2])
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext on this machine")
def test_the_sheet_of_a_town_is_one_page_in_each_language(with_belief, place, paper, tmp_path):
    text = town_html(with_belief, place)
    style = re.search(r"<style>(.*?)</style>", text, re.S)[1]
    changed = style.replace("size:A4", f"size:{paper}")
    text = text.replace(style, changed).replace(csp_hash(style), csp_hash(changed))
    path, pdf = tmp_path / "town.html", tmp_path / "town.pdf"
    path.write_text(text, encoding="utf-8")
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
    command += [f"--user-data-dir={tmp_path / 'printer'}", f"--print-to-pdf={pdf}", "--no-pdf-header-footer"]
    subprocess.run([*command, path.as_uri()], capture_output=True, timeout=90, check=True)
    done = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, timeout=30, check=True
    )
    pages = done.stdout.decode("utf-8").rstrip("\f").split("\f")
    assert len(pages) == 2
    assert "Hoja hecha por SafePassage" in pages[0]
    assert "Sheet made by SafePassage" in pages[1]
    assert ("Agreed figure" in pages[1]) == (place == 2)
    width = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, timeout=30, check=True).stdout
    assert (b"612 x 792" in width) == (paper == "letter")
