// Package export answers usage, the ledger and the audit log as CSV, page by page: an export of any length needs the memory of one page, and
// neither a connection nor a transaction of the database while its client reads. Who may have it is said by @auth of the field of the
// schema that has the same rows.
package export

import (
	"cmp"
	"context"
	"net/http"
	"sync"
	"time"

	"bursar/api/admission"
	"bursar/auth"
	"bursar/fault"
	"bursar/graph/lookup"
)

const (
	defaultConfirmInterval = 10 * time.Second
	defaultPageTimeout     = 15 * time.Second
	defaultWriteTimeout    = 60 * time.Second
	maxExports             = 16 // at the same time; each has a page in memory, of a few MB at most
	maxExportsOfFlow       = 2
)

// Config says what exports work with.
type Config struct {
	// Find finds what callers may see. Required.
	Find *lookup.Finder
	// Refuse answers a request with an error. Required.
	Refuse func(w http.ResponseWriter, r *http.Request, err error)
	// Note logs an error after which an export is cut off. Required.
	Note func(ctx context.Context, err error)
	// Caller looks up who calls, again: their token may have been revoked since. Required.
	Caller func(r *http.Request) (*auth.Principal, error)
	// ConfirmInterval is the time after which a caller is looked up again. Default 10 s.
	ConfirmInterval time.Duration
	// PageTimeout is how long a page may take to be read. Default 15 s.
	PageTimeout time.Duration
	// WriteTimeout is how long a client may take to accept a page. Default 60 s.
	WriteTimeout time.Duration
}

// Exports serves exports. Admission must have given each request a ticket.
type Exports struct {
	config Config
	mux    *http.ServeMux

	mutex   sync.Mutex
	running map[admission.Flow]int
	total   int
}

var _ http.Handler = (*Exports)(nil)

// New returns the exports.
func New(config Config) *Exports {
	config.ConfirmInterval = cmp.Or(config.ConfirmInterval, defaultConfirmInterval)
	config.PageTimeout = cmp.Or(config.PageTimeout, defaultPageTimeout)
	config.WriteTimeout = cmp.Or(config.WriteTimeout, defaultWriteTimeout)
	e := &Exports{config: config, mux: http.NewServeMux(), running: map[admission.Flow]int{}}
	for path, kind := range map[string]kind{"usage.csv": usageKind, "events.csv": eventsKind, "audit.csv": auditKind} {
		e.mux.HandleFunc("/export/"+path, func(w http.ResponseWriter, r *http.Request) { e.serve(w, r, kind) })
	}
	e.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		config.Refuse(w, r, fault.New(fault.NotFound, "there are /export/usage.csv, /export/events.csv and /export/audit.csv"))
	})
	return e
}

// ServeHTTP implements [http.Handler].
func (e *Exports) ServeHTTP(w http.ResponseWriter, r *http.Request) { e.mux.ServeHTTP(w, r) }

// reserve counts an export of a flow, and tells whether there is room for it.
func (e *Exports) reserve(flow admission.Flow) bool {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.total == maxExports || e.running[flow] == maxExportsOfFlow {
		return false
	}
	e.total++
	e.running[flow]++
	return true
}

// release ends an export of a flow.
func (e *Exports) release(flow admission.Flow) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.total--
	if e.running[flow]--; e.running[flow] == 0 {
		delete(e.running, flow)
	}
}
