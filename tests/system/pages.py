"""What is measured of a page in a browser: axe's findings, what is too wide, what is too small to
touch.
"""

from pathlib import Path

import pytest

from tests.system.servers import REQUIRED

AXE = Path(__file__).parents[2] / ".node/node_modules/axe-core/axe.min.js"
WIDER = """[...document.querySelectorAll("body *")].filter(e => {
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  return box.right > innerWidth + 1 && box.width > 2 && style.visibility !== "hidden" && !e.closest(".wide, .unseen");
}).map(e => e.outerHTML.slice(0, 120))"""


def examine(page, *rules):
    """What axe finds on the page as it stands: [(rule, elements)]; `rules` in place of those it
    runs by itself.
    """
    if not AXE.exists():
        (pytest.fail if REQUIRED else pytest.skip)(
            "needs npm's axe-core: sh tests/install-servers.sh"
        )
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=str(AXE))
    only = {"runOnly": list(rules)} if rules else {}
    return page.evaluate(
        "only => axe.run(only).then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))]))",
        only,
    )


def too_wide(page):
    """What makes the page scroll sideways, or sticks out of it: nothing, if all is well."""
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        return page.evaluate(WIDER) or ["the page"]
    return []


SMALL = """least => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, audio")]
  .filter(e => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !e.closest(".unseen, .skip"))
  .filter(e => !(e.matches("a") && getComputedStyle(e).display === "inline"
    && [...e.parentElement.childNodes].some(n => n.nodeType === 3 && n.textContent.trim().length > 2)))
  .map(e => [e, (e.closest("label") ?? e).getBoundingClientRect()])
  .filter(([e, box]) => box.width < least - .5 || box.height < least - .5)
  .map(([e, box]) => `${e.outerHTML.slice(0, 110)} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
CLIPPED = """[...document.querySelectorAll("main *, header *, footer *")].filter(e => {
  const style = getComputedStyle(e);
  return e.checkVisibility() && !e.closest(".unseen") && !e.matches("input, textarea, select, audio, progress")
    && style.overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1;
}).map(e => e.outerHTML.slice(0, 120))"""


def small_targets(page, least):
    """What is to be touched and is smaller than that, but for links within a sentence, which WCAG
    2.5.5 exempts.
    """
    return page.evaluate(SMALL, least)


def clipped(page):
    """What is cut off at its own edge."""
    return page.evaluate(CLIPPED)
