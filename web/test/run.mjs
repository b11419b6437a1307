import { execFileSync, spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { startSharedBrowser } from "./browser.mjs";
import { startProgram } from "./program.mjs";

// Runs the tests: node test/run.mjs [FILE...]. What every file needs is made once for all: the program, unless BURSAR_TEST_PROGRAM names it, and the data of a `bursar dev`
// that is ready, of which each file has a copy; a browser, in which each page has a profile of its own. Files run at the same time, two of them at least, for a browser waits most of the time.

const memory = "/dev/shm"; // on a disk, a PostgreSQL takes longer to start than most tests
if (process.env.TMPDIR === undefined) {
  try {
    accessSync(memory, constants.W_OK | constants.X_OK);
    process.env.TMPDIR = memory;
  } catch {
    // then on the disk
  }
}
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {}); // the tests end by it, and then the folder is removed
const folder = mkdtempSync(join(tmpdir(), "bursar-web-test-"));
let code = 1;
let browser;
try {
  if (process.env.BURSAR_TEST_PROGRAM === undefined) {
    const binary = join(folder, "bursar");
    // go build links anew each time; go run keeps what it has linked
    execFileSync("go", ["run", "-exec=cp", "bursar/cmd/bursar", binary], { cwd: new URL("../..", import.meta.url), stdio: "inherit" });
    process.env.BURSAR_TEST_PROGRAM = binary;
  }
  const template = await startProgram();
  await template.awaitHistory(); // else each copy makes it
  await template.keep(join(folder, "data"));
  process.env.BURSAR_TEST_DATA = join(folder, "data");

  browser = await startSharedBrowser();
  process.env.BURSAR_TEST_BROWSER = browser.wsEndpoint();

  const here = new URL(".", import.meta.url).pathname;
  const named = process.argv.slice(2);
  const files = named.length > 0 ? named : readdirSync(here).filter((name) => name.endsWith(".test.mjs")).map((name) => join(here, name));
  const tests = spawn(process.execPath, ["--conditions=development", "--test", `--test-concurrency=${Math.max(2, availableParallelism())}`, ...files], { stdio: "inherit" });
  code = await new Promise((resolve) => tests.on("exit", (status) => resolve(status ?? 1)));
} finally {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(code);
