#!/usr/bin/env bash
# Go 1.26.8, time: on the last day of a leap year, from 2040 on, Time.ZoneBounds returns an end that lies before the time it was asked about.
#
# Guess: ZoneBounds returns "the bounds of the time zone in effect at time t": start <= t < end, so a loop that goes on from each end
# comes to every change of the offset.
# Seen: of America/New_York on 30 December 2040, 23:00: the zone "ends" that day at 19:00. So it is in every zone whose rules go on for ever
# (daylight saving by the rule at the end of its file), in 2040, 2044, ... 2096; other years, and zones without such a rule, are right.
#
# Source: tzset in time/zoneinfo.go counts years of 365 days. Needs Go alone; runs in a temporary folder that it removes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'G'
package main

import (
	"fmt"
	"runtime"
	"time"
	_ "time/tzdata"
)

func main() {
	for _, name := range []string{"America/New_York", "Europe/Berlin", "Africa/Cairo", "Australia/Sydney", "Asia/Kolkata"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			panic(err)
		}
		var wrong []int
		for year := 2026; year < 2100; year++ {
			for hour := range 48 {
				t := time.Date(year, time.December, 30, hour, 30, 0, 0, zone)
				if _, end := t.ZoneBounds(); !end.IsZero() && !end.After(t) {
					wrong = append(wrong, year)
					break
				}
			}
		}
		fmt.Println(name, len(wrong), "years", wrong)
	}
	fmt.Println(runtime.Version())
}
G
go mod init finding >/dev/null 2>&1
output=$(go run .)
printf '%s\n' "$output"
leap='15 years [2040 2044 2048 2052 2056 2060 2064 2068 2072 2076 2080 2084 2088 2092 2096]'
for line in "America/New_York $leap" "Europe/Berlin $leap" "Africa/Cairo $leap" "Australia/Sydney $leap" 'Asia/Kolkata 0 years []'; do
  grep -qxF "$line" <<<"$output" || { echo "changed: no more $line" >&2; exit 1; }
done
echo "as described: the bounds of a time zone end in the past on the last day of leap years"
