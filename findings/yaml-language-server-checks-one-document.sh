#!/usr/bin/env bash
# yaml-language-server 1.25.0: the line that names a file's schema is for one document of it; the documents after "---" are not checked, and nobody is told.
#
# Guess: "# yaml-language-server: $schema=..." at the top of a file names the schema of the file, as its README says ("specify a schema for a YAML file ... at
# the top of the file") and as a setting of the editor does.
# Seen: of two documents with the same mistakes below that line the first is checked. With the line again below "---" both are, and with the editor's setting
# (yaml.schemas) both are, without any line. A line above the first "---" is for the document after it.
#
# Source: getSchemaFromModeline in languageservice/services/modelineUtil.js looks at a document's own comments (documentHeaderComments). Needs npm; runs in a
# temporary folder that it removes.
set -euo pipefail

version=1.25.0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund "yaml-language-server@$version" vscode-languageserver-textdocument@1.0.12 >/dev/null
cat >check.cjs <<'J'
const { getLanguageService } = require("yaml-language-server");
const { TextDocument } = require("vscode-languageserver-textdocument");

const schema = JSON.stringify({ type: "object", properties: { slug: { type: "string" } } });
const line = "# yaml-language-server: $schema=./schema.json\n";
const check = async (name, text, schemas) => {
  const service = getLanguageService({ schemaRequestService: async () => schema, workspaceContext: { resolveRelativePath: (path) => `file:///${path}` } });
  service.configure({ validate: true, schemas });
  const found = await service.doValidation(TextDocument.create(`file:///${name.replaceAll(" ", "-")}.yaml`, "yaml", 1, text), false);
  console.log(`${name}: ${found.length} of 2 mistakes`);
};
(async () => {
  const editor = [{ uri: "file:///schema.json", fileMatch: ["*"] }];
  await check("editor's setting", "slug: 1\n---\nslug: 2\n", editor);
  await check("line at the top", `${line}slug: 1\n---\nslug: 2\n`, []);
  await check("line above each document", `${line}slug: 1\n---\n${line}slug: 2\n`, []);
  process.exit();
})();
J
output=$(node check.cjs)
printf '%s\n' "$output"
for line in "editor's setting: 2 of 2 mistakes" 'line at the top: 1 of 2 mistakes' 'line above each document: 2 of 2 mistakes'; do
  grep -qxF "$line" <<<"$output" || { echo "changed: no more $line" >&2; exit 1; }
done
echo "as described: yaml-language-server $version checks the document below the line alone"
