// Package standby decides which reads a standby may answer in the primary's place, and watches the standbys.
//
// A read is answered by a standby only if that has replayed all that the reader must see: what was committed before the longest lag
// that is allowed, what was changed or read on the primary for the same organization, and what a standby has answered it before. It is
// proved by positions in the write-ahead log, not by clocks of other machines: the primary is asked for its position from time to time, a
// sample, and a standby that has replayed a sample has all that was committed before that was asked for.
package standby

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/session"
)

const (
	// DefaultMaxLag is how much older than the primary an answer may be.
	DefaultMaxLag = 5 * time.Second
	// catchUpTimeout is how long a read waits at most until a standby has replayed what it must have; then the primary answers.
	catchUpTimeout = 100 * time.Millisecond
	// probeInterval is the time between two looks at a server while there are reads, idleInterval while there are none.
	probeInterval = 250 * time.Millisecond
	idleInterval  = 5 * time.Second
	// idleAfter is how long after the last read there are none.
	idleAfter = 10 * time.Second
	// probePause is the time between two looks at a server for which a read waits.
	probePause = 5 * time.Millisecond
	// probeTimeout is how long a look may take. A standby that takes longer is left, and what waits for it is answered by the primary.
	probeTimeout = 500 * time.Millisecond
	// connectTimeout is that of a look that has to connect.
	connectTimeout = 2 * time.Second
	// hopelessLag is the lag of a standby for which no read waits.
	hopelessLag = time.Second
)

// Config says which servers there are.
type Config struct {
	// Primary is the database that takes writes. Required.
	Primary *pgxpool.Pool
	// Standbys are pools on one server each, with the settings and the role of Primary.
	Standbys []*pgxpool.Pool
	// History is compared before a standby is used. nil: the identifier of the database cluster and the timeline have to do.
	History History
	// MaxLag is how much older than the primary an answer may be. 0: DefaultMaxLag.
	MaxLag time.Duration
	// Logger gets a line when a standby is left and when it is used again. Required.
	Logger *slog.Logger
	// Observer is told of reads. nil: nobody is.
	Observer Observer
}

// Observer counts reads.
type Observer interface {
	// Read counts an operation that may be answered by a standby, and whether it is.
	Read(byStandby bool)
	// FellBack counts an operation that the primary answers, or goes on with, in place of a standby, and why.
	FellBack(reason Reason)
}

// Reason says why the primary answers what a standby might have.
type Reason string

// The reasons.
const (
	// ReasonLeft is that no standby is used: none answers, or is a standby of this primary.
	ReasonLeft Reason = "left"
	// ReasonBehind is that no standby has replayed yet what the reader must see.
	ReasonBehind Reason = "behind"
	// ReasonPrimary is that the primary's position is not known.
	ReasonPrimary Reason = "position"
	// ReasonError is that a statement failed on the standby: it was lost, or PostgreSQL canceled it because of what it replays.
	ReasonError Reason = "error"
)

// Reasons returns all reasons.
func Reasons() []Reason { return []Reason{ReasonLeft, ReasonBehind, ReasonPrimary, ReasonError} }

type nobody struct{}

func (nobody) Read(bool)       {}
func (nobody) FellBack(Reason) {}

// Set is the standbys of a primary. Its methods that take part in reads do nothing on nil: there are no standbys.
type Set struct {
	config  Config
	primary *probe
	servers []*server

	mutex   sync.Mutex
	changed chan struct{} // closed when anything below changes
	samples samples
	silent  bool // whether the primary did not answer the last look
	floors  *floors
	next    int       // index of the server that is tried first
	used    time.Time // when a read began last
}

// New returns the standbys of a primary, which are used while Run runs. Each pool must have one host.
func New(config Config) (*Set, error) {
	config.MaxLag = cmp.Or(config.MaxLag, DefaultMaxLag)
	config.Observer = cmp.Or[Observer](config.Observer, nobody{})
	s := &Set{config: config, primary: newProbe(config.Primary), changed: make(chan struct{}), floors: newFloors(), used: time.Now()}
	for _, pool := range config.Standbys {
		hosts := session.Hosts(pool.Config().ConnConfig)
		if len(hosts) != 1 {
			return nil, fmt.Errorf("the URL of a standby names %d hosts: give each standby a URL of its own", len(hosts))
		}
		name := fmt.Sprintf("%s:%d", hosts[0].Name, hosts[0].Port)
		s.servers = append(s.servers, &server{name: name, pool: pool, probe: newProbe(pool), reason: errNotYet, session: ended()})
	}
	return s, nil
}

// Open is New with a pool that open makes for each URL; nil when there is none.
func Open(config Config, urls []string, open func(url string) (*pgxpool.Pool, error)) (*Set, error) {
	if len(urls) == 0 {
		return nil, nil
	}
	for _, url := range urls {
		pool, err := open(url)
		if err != nil {
			return nil, err
		}
		config.Standbys = append(config.Standbys, pool)
	}
	return New(config)
}

// Close closes the pools of the standbys. It waits for what uses them, but no longer than a limit.
func (s *Set) Close(limit time.Duration) {
	if s == nil {
		return
	}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		for _, each := range s.servers {
			each.pool.Close()
		}
	}()
	select {
	case <-closed:
	case <-time.After(limit):
	}
}

// Run watches the servers until ctx ends.
func (s *Set) Run(ctx context.Context) {
	var watching sync.WaitGroup
	watching.Go(func() { s.primary.run(ctx, s.interval, s.lookAtPrimary) })
	for _, each := range s.servers {
		watching.Go(func() {
			each.probe.run(ctx, s.interval, func(ctx context.Context) { s.lookAt(ctx, each) })
			s.leave(each, context.Canceled)
		})
	}
	watching.Wait()
}

// interval returns the time until the next look at a server.
func (s *Set) interval() time.Duration {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if time.Since(s.used) < idleAfter {
		return probeInterval
	}
	return idleInterval
}

// tell wakes those who wait for a change. The mutex must be held.
func (s *Set) tell() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// State is what is known of a standby.
type State struct {
	Name string        // its host and port
	Used bool          // whether reads may be answered by it
	Lag  time.Duration // how long ago the primary was, at least, where the standby is now; 0: it is in step, or not used
}

// States returns the state of each standby.
func (s *Set) States() []State {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	states := make([]State, len(s.servers))
	for i, each := range s.servers {
		states[i] = State{Name: each.name, Used: each.reason == nil}
		if states[i].Used {
			states[i].Lag = s.samples.lag(each.at, time.Now())
		}
	}
	return states
}
