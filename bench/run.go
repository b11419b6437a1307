package bench

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"bursar/db"
)

// runner measures the rows of one run.
type runner struct {
	*Config
	report *Report
}

// Run measures the rows one after the other. When it fails or ctx ends, the report holds the rows that were finished.
//
// The machine's speed drifts within minutes. Row a is therefore measured first and again after each group of rows, and the
// ratio of a row is to the mean of the two measurements of row a around its group. Rows that are compared with each other
// are in one group. Row i measures row a for each number of connections.
func Run(ctx context.Context, config Config) (*Report, error) {
	r := &runner{&config, &Report{
		StartedAt: time.Now().UTC().Truncate(time.Second), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		CPUs: runtime.NumCPU(), Go: runtime.Version(), Connections: config.Connections, Keys: config.Data.Keys,
		SecondsPerRow: config.Duration.Seconds(),
	}}
	var err error
	r.report.PostgreSQL, r.report.Durable, err = DescribePostgreSQL(ctx, config.Pool)
	if err == nil {
		err = r.measureGroups(ctx)
	}
	r.report.finish()
	return r.report, err
}

// DescribePostgreSQL returns PostgreSQL's version, and whether commits are on the disk before they are answered.
func DescribePostgreSQL(ctx context.Context, of db.DBTX) (version string, durable bool, err error) {
	err = of.QueryRow(ctx, `select current_setting('server_version'),
		current_setting('fsync')::boolean and current_setting('synchronous_commit') <> 'off'`).Scan(&version, &durable)
	if err != nil {
		return "", false, fmt.Errorf("read PostgreSQL's version and settings: %w", err)
	}
	return version, durable, nil
}

func (r *runner) measureGroups(ctx context.Context) error {
	if err := r.measureCeiling(ctx); err != nil {
		return err
	}
	for _, group := range []struct {
		letters string
		measure func(ctx context.Context) error
	}{
		{"bcdefg", r.measureSingles}, {"h", r.measureOpenLoop}, {"n", r.measureGathered}, {"o", r.measureBatches}, {"p", r.measureLeases},
		{"i", r.measureConnections}, {"j", r.measureTwoServers}, {"k", r.measureManyKeys}, {"l", r.measureLongLedger}, {"m", r.measurePrices},
		{"q", r.measurePolicies},
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
		letter: ceilingRow, name: ceilingRow, what: ceilingWhat,
		newWorker: ReserveHotKey().workers(r.Data, ceilingRow, r.Ceiling),
	})
	r.report.closeGroup()
	return err
}

// maxMeasurements is how often a row is measured while no operation ends in time: a disk may hold a commit back for that long.
const maxMeasurements = 20

// measure measures one row in a closed loop and adds it to the report.
func (r *runner) measure(ctx context.Context, of row) (*measurement, error) {
	if of.connections == 0 {
		of.connections = r.Connections
	}
	if err := r.tell("measuring %s: %s", title(of.letter), of.what); err != nil {
		return nil, err
	}
	measured := &measurement{}
	for n := 0; n < maxMeasurements && measured.latencies.Total == 0 && measured.errors == 0; n++ {
		again, err := measure(ctx, of.newWorker, of.connections, min(r.Duration, maxWarmUp), r.Duration)
		if err != nil {
			return nil, fmt.Errorf("row %s: %w", title(of.letter), err)
		}
		measured.merge(again)
	}
	r.report.Rows = append(r.report.Rows, newRow(of, measured, r.Duration))
	return measured, nil
}

// title returns a row's letter and name.
func title(letter string) string { return letter + " " + RowName(letter) }

// measureAll measures those rows whose letters were asked for, one after the other.
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

// tell prints a line of progress.
func (r *runner) tell(format string, arguments ...any) error {
	_, err := fmt.Fprintf(r.Progress, format+"\n", arguments...)
	return err
}
