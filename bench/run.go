package bench

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"
)

// runner measures the rows of one run.
type runner struct {
	*Config
	report *Report
}

// Run measures the rows one after the other. When it fails or ctx ends, the report has the rows that were finished.
//
// The machine's own speed drifts within minutes. So row a is measured first, and again after every group of rows that
// belong together, and a row's ratio is to the mean of the two that enclose its group; what is compared with each other is
// measured in one group. Row i has a row a of its own for each number of connections.
func Run(ctx context.Context, config Config) (*Report, error) {
	r := &runner{&config, &Report{
		StartedAt: time.Now().UTC().Truncate(time.Second), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		CPUs: runtime.NumCPU(), Go: runtime.Version(), Connections: config.Connections, Keys: config.Data.Keys,
		SecondsPerRow: config.Duration.Seconds(),
	}}
	err := r.describeDatabase(ctx)
	if err == nil {
		err = r.measureGroups(ctx)
	}
	r.report.finish()
	return r.report, err
}

func (r *runner) describeDatabase(ctx context.Context) error {
	if err := r.Pool.QueryRow(ctx, "show server_version").Scan(&r.report.PostgreSQL); err != nil {
		return fmt.Errorf("read PostgreSQL's version: %w", err)
	}
	if err := r.Pool.QueryRow(ctx, "select current_setting('fsync')::boolean and current_setting('synchronous_commit') <> 'off'").
		Scan(&r.report.Durable); err != nil {
		return fmt.Errorf("read whether commits are durable: %w", err)
	}
	return nil
}

func (r *runner) measureGroups(ctx context.Context) error {
	if err := r.measureCeiling(ctx); err != nil {
		return err
	}
	for _, group := range []struct {
		letters string
		measure func(ctx context.Context) error
	}{
		{"bcdefg", r.measureSingles}, {"h", r.measureOpenLoop}, {"i", r.measureConnections}, {"j", r.measureTwoServers},
		{"k", r.measureManyKeys}, {"l", r.measureLongLedger},
	} {
		if !strings.ContainsAny(group.letters, r.Rows) {
			continue
		}
		if err := group.measure(ctx); err != nil {
			return err
		}
		if err := r.measureCeiling(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) measureCeiling(ctx context.Context) error {
	_, err := r.measure(ctx, row{
		letter: ceilingRow, name: ceilingRow, what: "GraphQL whose resolver does nothing",
		newWorker: r.graphQL(r.Data, ceilingRow, hot, (*caller).reserve, r.Ceiling),
	})
	r.report.closeGroup()
	return err
}

// measure measures one row in a closed loop and adds it to the report.
func (r *runner) measure(ctx context.Context, of row) (*measurement, error) {
	if of.connections == 0 {
		of.connections = r.Connections
	}
	if err := r.tell("measuring %s. %s", of.letter, of.what); err != nil {
		return nil, err
	}
	measured, err := measure(ctx, of.newWorker, of.connections, min(r.Duration, maxWarmUp), r.Duration)
	if err != nil {
		return nil, fmt.Errorf("row %s: %w", of.letter, err)
	}
	r.report.add(of, measured, r.Duration)
	return measured, nil
}

// measureAll measures rows one after the other, as far as their letters are wanted.
func (r *runner) measureAll(ctx context.Context, rows ...row) error {
	for _, of := range rows {
		if !strings.Contains(r.Rows, of.letter) {
			continue
		}
		if _, err := r.measure(ctx, of); err != nil {
			return err
		}
	}
	return nil
}

// tell writes a line of progress.
func (r *runner) tell(format string, arguments ...any) error {
	_, err := fmt.Fprintf(r.Progress, format+"\n", arguments...)
	return err
}
