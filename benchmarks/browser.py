"""How long a page takes to be useful in Chromium on a slow computer and network.

The processor is slowed six times and the network is 20 Mbit/s with 80 ms of latency, by Chromium's
own emulation (Chrome DevTools Protocol, domains Emulation and Network).
"""

import asyncio
import shutil

import uvicorn
from playwright.async_api import Browser, async_playwright
from starlette.applications import Starlette

from benchmarks.machine import spread
from wholerecord.portal import COOKIE

_TIMES = 20
_SLOWER = 6
_NETWORK = {
    "offline": False,
    "latency": 80,
    "downloadThroughput": 20e6 / 8,
    "uploadThroughput": 20e6 / 8,
}
#: Milliseconds from the request until the page is parsed, and until it is first painted.
_WHEN = """() => {
    const at = performance.getEntriesByType('navigation')[0];
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    return [at.domContentLoadedEventEnd / 1000, (paint ? paint.startTime : at.loadEventEnd) / 1000];
}"""


async def loads(app: Starlette, path: str, session: str) -> None:
    """Prints how long the page takes with the browser's cache empty and with it filled."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("chromium is not here: no browser figures")
        return
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn only sets it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        print(f"the same page in {browser.version}, processor / {_SLOWER}, 20 Mbit/s, 80 ms")
        for name, again in (("empty cache", False), ("styles cached", True)):
            parsed, painted = await _times(
                browser, f"http://127.0.0.1:{port}", path, session, again=again
            )
            print(f"  {name}: first paint {spread(painted)}")
            print(f"  {name}: all parsed  {spread(parsed)}")
        await browser.close()
    server.should_exit = True
    await serving


async def _times(
    browser: Browser, address: str, path: str, session: str, *, again: bool
) -> tuple[list[float], list[float]]:
    parsed: list[float] = []
    painted: list[float] = []
    for _ in range(_TIMES):
        context = await browser.new_context(viewport={"width": 1366, "height": 768})
        await context.add_cookies([{"name": COOKIE, "value": session, "url": address}])
        page = await context.new_page()
        if again:
            await page.goto(address + path)
        slow = await context.new_cdp_session(page)
        await slow.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
        await slow.send("Network.enable")
        await slow.send("Network.emulateNetworkConditions", _NETWORK)
        await page.goto(address + path, wait_until="load")
        one, other = await page.evaluate(_WHEN)
        parsed.append(one)
        painted.append(other)
        await context.close()
    return parsed, painted
