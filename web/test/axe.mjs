import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { eventually } from "./browser.mjs";

const source = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The sizes at which pages are looked at: a desk, and a telephone. */
export const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

/** The rules about colours, which alone can differ between light and dark: there is one document for both. */
const colours = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

/** Fails if axe finds that the page, as it is now, does not conform to WCAG 2.2 AA, or to axe's best practices, or to some rules of them. */
export async function assertAccessible(page, runOnly) {
  if (await page.evaluate(() => globalThis.axe === undefined)) {
    await page.evaluate(`${await source}; undefined`); // not a script element, which the page's policy refuses
  }
  const { violations } = await page.evaluate((rules) => globalThis.axe.run({ resultTypes: ["violations"], ...rules }), runOnly && { runOnly });
  const told = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html, failureSummary }) => `${html} (${failureSummary})`).join("; ")}`,
  );
  const { width } = page.viewportSize();
  assert.deepEqual(told, [], `${new URL(page.url()).pathname} at ${width} pixels`);
}

/** Does so light and dark, at a desk and on a telephone, and that the page is not wider than the window. */
export async function assertAccessibleEverywhere(page) {
  const before = page.viewportSize();
  for (const colorScheme of ["light", "dark"]) {
    for (const size of sizes) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize(size);
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))); // charts take their new size
      await assertAccessible(page, colorScheme === "dark" ? colours : undefined);
      await eventually(() => page.evaluate(() => Math.max(document.documentElement.scrollWidth, innerWidth)), size.width);
    }
  }
  await page.setViewportSize(before);
}
