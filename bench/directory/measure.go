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

// tokenTimeout is that of a server for a look-up.
const tokenTimeout = 5 * time.Second

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
	f.authn = authn.New(authn.Config{Tokens: tokens, Members: tokens, Timeout: tokenTimeout})
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

// numbers of calls, most of which take long where all cells are asked.
const (
	burst = 2000
	slow  = 50
	fast  = 2_000_000
)

// measure measures all rows.
func (f *fleet) measure(ctx context.Context, report *Report) error {
	of := func(id uuid.UUID) error { _, err := f.set.Of(ctx, &id); return err }
	before := heap()
	many := min(remembered, f.Organizations)
	if f.silent > 0 {
		many = burst
	}
	r := rows{fleet: f, report: report}
	r.row("organization, all at once after a start", burst, burst, func(n int) error { return of(f.answering(f.Organizations - 1 - n)) })
	r.row("organization in the directory", many, f.Workers, func(n int) error { return of(f.answering(n)) })
	if f.silent == 0 {
		report.MemoryBytes = heap() - before
	}
	r.row("organization that is remembered", fast, 1, func(n int) error { return of(f.answering(n % many)) })
	r.row("organization that the directory does not know", slow, 1, func(n int) error { return of(f.lone[n]) })
	r.row("organization that nobody knows", slow, f.Workers, func(int) error { return of(uuid.New()) })
	if f.silent > 0 {
		r.row("organization of a silent cell", slow, f.Workers, func(n int) error { return of(organization(f.Cells - 2 + n%(f.Organizations/f.Cells)*f.Cells)) })
	}
	token := func(secret string) error {
		request := (&http.Request{RemoteAddr: "192.0.2.1:1", Header: http.Header{"Authorization": {"Bearer " + secret}}}).WithContext(ctx)
		_, err := f.authn.Caller(request)
		return err
	}
	some := min(len(f.tokens), 10*slow)
	r.row("new token", some/2, 1, func(n int) error { return token(f.tokens[n]) })
	r.row("new tokens at the same time", some/2, f.Workers, func(n int) error { return token(f.tokens[some/2+n]) })
	r.row("token that is remembered", burst, f.Workers, func(n int) error { return token(f.tokens[n%some]) })
	wrong := 1
	if f.silent > 0 {
		wrong = f.Workers // each waits for as long as it may
	}
	r.row("wrong token", slow, wrong, func(int) error { return token(auth.NewSecret(auth.AccessTokenPrefix).Text) })
	if f.silent == 0 {
		r.row("wrong tokens at the same time", slow, f.Workers, func(int) error { return token(auth.NewSecret(auth.AccessTokenPrefix).Text) })
	}
	return errors.Join(r.failed, ctx.Err())
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

// row measures a number of calls by some workers.
func (r *rows) row(what string, calls, workers int, call func(n int) error) {
	if r.failed != nil {
		return
	}
	if _, r.failed = fmt.Fprintf(r.Progress, "%d silent: %s\n", r.silent, what); r.failed != nil {
		return
	}
	row := &Row{What: what, Silent: r.silent, Calls: calls, Workers: workers, Answers: map[string]int{}}
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

func codeOf(err error) string {
	if err == nil {
		return "found"
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
