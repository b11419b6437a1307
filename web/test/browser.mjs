import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import { chromium } from "playwright-core";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

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
  await access(executablePath).catch(() => {
    throw new Error(
      `${executablePath} is not there: install Debian's package chromium (apt-get install chromium), ` +
        "or name another Chromium in the variable CHROMIUM",
    );
  });
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
    ],
  });
}

/**
 * Opens a page in a fresh profile and watches it. `assertClean` fails if anything was asked of another host that is not among
 * `otherOrigins`, if a policy was violated, if a script failed, or if the console shows an error that `expected` does not match.
 */
export async function openPage(browser, origin, address, { otherOrigins = [], ...options } = {}) {
  const context = await browser.newContext(options);
  const troubles = [];
  await context.route(
    (url) => url.origin !== origin && !otherOrigins.includes(url.origin) && url.protocol !== "data:" && url.protocol !== "blob:",
    (route) => {
      troubles.push(`asked another host: ${route.request().url()}`);
      return route.abort();
    },
  );
  await context.exposeFunction("reportViolation", (violation) => troubles.push(`policy violated: ${violation}`));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.reportViolation(`${event.violatedDirective} by ${event.blockedURI}`);
    });
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => troubles.push(`script failed: ${error.stack}`));
  page.on("console", (message) => {
    if (message.type() === "error") troubles.push(`console: ${message.text()}`);
  });
  await page.goto(origin + address);
  return {
    page,
    assertClean: (expected = /^$/) => assert.deepEqual(troubles.filter((trouble) => !expected.test(trouble)), []),
  };
}
