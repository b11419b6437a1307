package standby_test

import (
	"context"
	"testing"
	"time"
)

// What a read of one row costs, by what answers it and with how many standbys are set: none is a server without BURSAR_READ_URLS.
func BenchmarkRead(b *testing.B) {
	r := newReplicated(b, 1, time.Hour)
	r.awaitStandby()
	for name, begin := range map[string]func(context.Context) context.Context{
		"none": func(ctx context.Context) context.Context { return ctx }, "primary": r.set.BeginExact, "standby": r.set.Begin,
	} {
		b.Run(name, func(b *testing.B) {
			r.awaitStandby()
			rows, byStandby := r.rows.For(&r.tenant.Organization.ID), false
			for b.Loop() {
				if err := rows.QueryRow(begin(b.Context()), `select pg_is_in_recovery() from organizations`).Scan(&byStandby); err != nil {
					b.Fatal(err)
				}
			}
			if byStandby != (name == "standby") {
				b.Errorf("the last read was the standby's: %t", byStandby)
			}
		})
	}
}
