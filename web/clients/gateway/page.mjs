import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { scenarios } from "./scenarios.mjs";
import { languages } from "./worker.mjs";

const read = (file) => readFile(join(import.meta.dirname, file), "utf8");

/** The versions that the lock files have of what the clients are written with. */
async function versions() {
  const { dependencies } = JSON.parse(await read("package.json"));
  const locked = JSON.parse(await read("package-lock.json")).packages;
  const npm = Object.keys(dependencies).map((name) => {
    const { name: real, version } = locked[`node_modules/${name}`];
    return `${real ?? name} ${version}`;
  });
  const direct = (await read("go/go.mod")).split("\n)")[0];
  const go = [...direct.matchAll(/github\.com\/(\S+) v(\S+)$/gm)].map(([, name, version]) => `${name} ${version}`);
  const python = (await read("python/requirements.in")).trim().split("\n").map((line) => line.replace("==", " "));
  return { npm, go, python };
}

/** What changes from run to run, in words. */
function steady(text) {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(/\b(bud|rat|rate|key|org|req|msg|chatcmpl|resp)_[0-9a-z]{8,}/g, "$1_…")
    .replaceAll(/\b[A-Z2-7]{26}\b/g, "ID")
    .replaceAll(/https?:\/\/127\.0\.0\.1:\d+/g, "http://GATEWAY")
    .replaceAll(/\b\d+( more)? (seconds?|minutes?)\b/g, "N $2")
    .replaceAll(/\s+/g, " ")
    .replaceAll("|", "\\|")
    .replace(/^(.{300}).+$/, "$1…");
}

const dollars = (nanos) => `$${(nanos / 1e9).toFixed(9).replace(/0+$/, "").replace(/\.$/, "")}`;

function booked(row) {
  if (row.booked === 0) return "nothing";
  const calls = row.booked === 1 ? "1 call" : `${row.booked} calls`;
  return row.estimated > 0 ? `${calls}, estimated` : `${calls}, ${dollars(row.nanos)}`;
}

/** The page of the manual. */
export async function page(rows, chosen) {
  const { npm, go, python } = await versions();
  const lines = [
    "# Clients of the gateway",
    "",
    "What applications see of the [gateway](gateway.md) whose code calls it with the SDKs that they have. Each was run, unchanged but for base URL and key,",
    "through the gateway of `bursar dev` with its demo provider. *Requests* are those that the client sent for what the user's code did, with its own retries;",
    "*reached* are those of them that reached the provider. What was booked is what the provider charged, or is marked as estimated where no usage came. `make clients`",
    "runs them and writes this page.",
    "",
    "| from | packages |",
    "|---|---|",
    `| npm | ${npm.join(", ")} |`,
    `| Go | ${go.join(", ")} |`,
    `| PyPI | ${python.join(", ")} |`,
  ];
  for (const { name } of scenarios) {
    lines.push("", `## ${name[0].toUpperCase()}${name.slice(1)}`, "", "| client | requests | reached | the code saw | booked |", "|---|---|---|---|---|");
    const same = new Map(); // clients by what was the same for them
    for (const client of chosen.flatMap((language) => languages[language].clients)) {
      const row = rows.find((each) => each.client === client && each.scenario === name);
      if (row === undefined) continue;
      const cells = `${row.arrived} | ${row.reached} | ${steady(row.saw)} | ${booked(row)}`;
      same.set(cells, [...(same.get(cells) ?? []), client]);
    }
    for (const [cells, clients] of same) lines.push(`| ${clients.join(", ")} | ${cells} |`);
  }
  return `${lines.join("\n")}\n`;
}
