import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { afterEach } from "node:test";
import { setTimeout } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { chromium } from "playwright-core";

/** Chromium: without windows, if it is there, which takes half the processor time; a profile of the other one has windows and toolbars, too, that nobody sees. */
const executablePath = process.env.CHROMIUM ?? ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"].find((file) => existsSync(file));

/** Starts Chromium, or fails with what to install; or connects to the one that run.mjs has started for all files. */
export async function startBrowser() {
  const running = process.env.BURSAR_TEST_BROWSER;
  return running === undefined ? prepareBrowser((options) => chromium.launch(options)) : chromium.connect(running);
}

/** Starts a Chromium that other processes connect to, at its `wsEndpoint()`. */
export async function startSharedBrowser() {
  return prepareBrowser((options) => chromium.launchServer(options));
}

async function prepareBrowser(launch) {
  if (executablePath === undefined || !existsSync(executablePath)) {
    throw new Error(
      `${executablePath ?? "Chromium"} is not there: install Debian's package chromium-headless-shell, or chromium (apt-get install chromium-headless-shell), ` +
        "or name another Chromium in the variable CHROMIUM",
    );
  }
  return launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ],
  });
}

/** Returns the text of a file that a page has saved. The browser may be another process's, which keeps the file. */
export async function savedText(download) {
  return text(await download.createReadStream());
}

/**
 * How long a page may take for anything, in milliseconds. No test says how fast a page is: a machine that is busy with other work may
 * take long, and a page that asks a slow server less often waits for a while on purpose.
 */
const timeout = 120_000;

/** Slows the pages' processor down so many times, so that races show: BURSAR_TEST_CPU_THROTTLE=4. */
const throttle = Number(process.env.BURSAR_TEST_CPU_THROTTLE ?? 1);

/** The pages of the test under way, each with what went wrong in it and what a server refused it. */
const opened = new Set();

// A test that failed tells what its pages were like, and leaves none of them at work beside the tests that follow.
afterEach(async ({ passed }) => {
  for (const each of opened) {
    if (!passed) console.log(await told(each).catch((error) => `a page that cannot be read: ${error.message}`));
    await each.page.context().close().catch(() => {});
  }
  opened.clear();
});

async function told({ page, troubles, refused }) {
  const shown = await page.locator("body").ariaSnapshot({ timeout: 10_000 });
  return [`the page ${page.url()}:`, shown, ...troubles, ...refused].join("\n");
}

/** A server that other work on the machine keeps busy refuses a query, which the page sends again. */
const busy = /^console: Failed to load resource: the server responded with a status of 503/;

/**
 * Opens a page in a fresh profile and watches it. Nothing moves in it unless `reducedMotion` says so: what fades in has fewer contrasts than
 * it will have. `assertClean` fails if anything was asked of another host that is not among
 * `otherOrigins`, if a policy was violated, if a script failed, or if the console shows an error that `expected` does not match.
 */
export async function openPage(browser, origin, address, { otherOrigins = [], ...options } = {}) {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(timeout);
  const troubles = [];
  // Watched, not routed: a context that routes requests has no cache, and each file of each page would pass through this process. The browser resolves
  // no other host's name.
  context.on("request", (request) => {
    const url = new URL(request.url());
    const isKnown = url.origin === origin || otherOrigins.includes(url.origin) || ["data:", "blob:", "about:"].includes(url.protocol);
    if (!isKnown) troubles.push(`asked another host: ${url}`);
  });
  await context.exposeFunction("reportViolation", (violation) => troubles.push(`policy violated: ${violation}`));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.reportViolation(`${event.violatedDirective} by ${event.blockedURI}`);
    });
  });
  const page = await context.newPage();
  if (throttle > 1) await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: throttle });
  page.on("pageerror", (error) => troubles.push(`script failed: ${error.stack}`));
  page.on("console", (message) => {
    if (message.type() === "error") troubles.push(`console: ${message.text()}`);
  });
  const refused = [];
  page.on("response", async (response) => {
    if (response.status() >= 400) refused.push(`${response.status()} ${response.url()}: ${await response.text().catch((error) => error.message)}`);
  });
  opened.add({ page, troubles, refused });
  await page.goto(origin + address);
  return {
    page,
    assertClean: (expected = /^$/) => assert.deepEqual(troubles.filter((trouble) => !expected.test(trouble) && !busy.test(trouble)), []),
  };
}

/** Waits until an element has the focus, which libraries move after what they have opened or closed. */
export async function hasFocus(locator) {
  await locator.and(locator.page().locator(":focus")).waitFor();
}

/** Waits until the address is this one: a path with its search, or what a function says of the URL. A page writes its address after it was asked to. */
export async function hasAddress(page, expected) {
  const isExpected = typeof expected === "string" ? (url) => url.pathname + url.search === expected : expected;
  await page.waitForURL(isExpected).catch((error) => {
    throw new Error(`the address is ${page.url()}, not ${expected}`, { cause: error });
  });
}

/**
 * Ticks a checkbox, or takes the tick away, and waits until it is so: one whose state is in the address changes after the click. (`check()`
 * fails where it has not changed when the click returns.)
 */
export async function tick(checkbox, on = true) {
  assert.equal(await checkbox.isChecked(), !on);
  await checkbox.click();
  await checkbox.and(checkbox.page().locator(on ? ":checked" : ":not(:checked)")).waitFor();
}

/** Reads until it is what is expected; fails with what was read last. */
export async function eventually(read, expected) {
  const deadline = Date.now() + timeout;
  for (;;) {
    const found = await read();
    if (isDeepStrictEqual(found, expected) || Date.now() > deadline) return assert.deepEqual(found, expected);
    await setTimeout(20);
  }
}
