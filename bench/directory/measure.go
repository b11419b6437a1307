package directory

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/api/authn"
	"bursar/auth"
	"bursar/bench/gauge"
	"bursar/db"
	"bursar/db/cells"
	"bursar/fault"
)

// fleet is a server's view of all cells.
type fleet struct {
	*load
	silent int // of the cells, the last but one and those before it
	set    *cells.Set
	pools  []*pgxpool.Pool
	authn  *authn.Authenticator
	nobody *silence
}

// connect makes the cells, some of which are silent, and finds out nothing.
func (l *load) connect(ctx context.Context, silent int) (_ *fleet, err error) {
	f := &fleet{load: l, silent: silent}
	if f.nobody, err = listen(ctx); err != nil {
		return nil, err
	}
	all := make([]*cells.Cell, l.Cells)
	for cell := range all {
		url := l.url(cell)
		if silent > 0 && l.maySilence(cell) {
			url = f.nobody.url()
		}
		control, err := l.pool(ctx, url)
		if err != nil {
			return nil, err
		}
		f.pools = append(f.pools, control)
		all[cell] = &cells.Cell{Name: name(cell), Control: control}
	}
	f.set = cells.New(slog.New(slog.DiscardHandler), all[0], all[1:]...)
	tokens := db.NewRoutedDB(f.set.Control())
	f.authn = authn.New(authn.Config{Tokens: tokens, Members: tokens, Timeout: l.Timeout})
	return f, nil
}

func (f *fleet) close() {
	_ = f.nobody.close() // first: pools wait for connections that are being made
	for _, p := range f.pools {
		p.Close()
	}
}

// connections returns how many all pools have.
func (f *fleet) connections() (number int) {
	for _, p := range f.pools {
		number += int(p.Stat().TotalConns())
	}
	return number
}

// remembered is how many organizations a set remembers.
const remembered = 65_536

// measure measures all rows.
func (f *fleet) measure(ctx context.Context, report *Report) error {
	r := rows{fleet: f, report: report}
	r.organizations(ctx)
	r.tokens(ctx)
	return errors.Join(r.failed, ctx.Err())
}

// What is answered where not all cells have said that they do not have what is looked for.
func (r *rows) unfound(code fault.Code) string {
	if r.silent > 0 {
		code = fault.Unavailable
	}
	return string(code)
}

func (r *rows) organizations(ctx context.Context) {
	f, calls := r.fleet, r.Calls
	of := func(id uuid.UUID) error { _, err := f.set.Of(ctx, &id); return err }
	before := heap()
	many := min(remembered, f.Organizations)
	if f.silent > 0 {
		many = calls.Burst
	}
	r.row("organization, all at once after a start", found, calls.Burst, calls.Burst, func(n int) error { return of(f.answering(f.Organizations - 1 - n)) })
	r.row("organization in the directory", found, many, f.Workers, func(n int) error { return of(f.answering(n)) })
	if f.silent == 0 {
		r.report.MemoryBytes = heap() - before
	}
	r.row("organization that is remembered", found, calls.Fast, 1, func(n int) error { return of(f.answering(n % many)) })
	r.row("organization that the directory does not know", found, calls.Slow, 1, func(n int) error { return of(f.lone[n]) })
	nobodys := found // home is asked, and refuses it
	if f.silent > 0 {
		nobodys = r.unfound("")
	}
	r.row("organization that nobody knows", nobodys, calls.Slow, f.Workers, func(int) error { return of(uuid.New()) })
	if f.silent > 0 {
		r.row("organization of a silent cell", string(fault.Unavailable), calls.Slow, f.Workers, func(n int) error {
			return of(organization(f.Cells - 2 + n%(f.Organizations/f.Cells)*f.Cells))
		})
	}
}

func (r *rows) tokens(ctx context.Context) {
	f, calls := r.fleet, r.Calls
	call := func(secret string) error {
		request := (&http.Request{RemoteAddr: "192.0.2.1:1", Header: http.Header{"Authorization": {"Bearer " + secret}}}).WithContext(ctx)
		_, err := f.authn.Caller(request)
		return err
	}
	half := min(len(f.tokens)/2, calls.Slow)
	r.row("new token", found, half, 1, func(n int) error { return call(f.tokens[n]) })
	r.row("new tokens at the same time", found, half, f.Workers, func(n int) error { return call(f.tokens[half+n]) })
	r.row("token that is remembered", found, calls.Burst, f.Workers, func(n int) error { return call(f.tokens[n%(2*half)]) })
	workers := 1
	if f.silent > 0 {
		workers = f.Workers // each waits for as long as it may
	}
	wrong := func(int) error { return call(auth.NewSecret(auth.AccessTokenPrefix).Text) }
	r.row("wrong token", r.unfound(fault.Unauthenticated), calls.Slow, workers, wrong)
	if f.silent == 0 {
		r.row("wrong tokens at the same time", r.unfound(fault.Unauthenticated), calls.Slow, f.Workers, wrong)
	}
}

// answering returns an organization of a cell that always answers.
func (f *fleet) answering(n int) uuid.UUID {
	for f.maySilence(n % f.Cells) {
		n = (n + f.Silent) % f.Organizations
	}
	return organization(n)
}

// rows measures.
type rows struct {
	*fleet
	report *Report
	failed error
}

// row measures a number of calls by some workers. What they should be answered is found, or a code.
func (r *rows) row(what, wanted string, calls, workers int, call func(n int) error) {
	if r.failed != nil {
		return
	}
	if _, r.failed = fmt.Fprintf(r.Progress, "%d silent: %s\n", r.silent, what); r.failed != nil {
		return
	}
	row := &Row{What: what, Wanted: wanted, Silent: r.silent, Calls: calls, Workers: workers, Answers: map[string]int{}}
	asked, began := r.set.Counts().Asked, time.Now()
	acquired := r.acquired()
	var next atomic.Int64
	var mutex sync.Mutex
	var waiting sync.WaitGroup
	histogram := &gauge.Histogram{}
	for range workers {
		waiting.Go(func() {
			own, answers := &gauge.Histogram{}, map[string]int{}
			for n := int(next.Add(1)) - 1; n < calls; n = int(next.Add(1)) - 1 {
				started := time.Now()
				err := call(n)
				own.Add(time.Since(started))
				answers[codeOf(err)]++
			}
			mutex.Lock()
			defer mutex.Unlock()
			histogram.Merge(own)
			for code, number := range answers {
				row.Answers[code] += number
			}
		})
	}
	waiting.Wait()
	took := time.Since(began)
	row.Seconds, row.PerSecond = took.Seconds(), float64(calls)/took.Seconds()
	row.P50, row.P99 = histogram.Quantile(500), histogram.Quantile(990)
	row.Questions = float64(max(r.set.Counts().Asked-asked, r.acquired()-acquired)) / float64(calls)
	row.Connections = r.connections()
	r.report.Rows = append(r.report.Rows, row)
}

// acquired returns how often a connection was taken.
func (f *fleet) acquired() (number int64) {
	for _, p := range f.pools {
		number += p.Stat().AcquireCount()
	}
	return number
}

// found is the answer without an error.
const found = "found"

func codeOf(err error) string {
	if err == nil {
		return found
	}
	return string(fault.CodeOf(err))
}

// heap returns what is in use after a collection.
func heap() int64 {
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return int64(memory.HeapAlloc) //nolint:gosec // less than a machine has
}
