package live

import (
	"cmp"
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"bursar/db"
)

// Hub looks for changes and tells listeners. It works while Run does.
type Hub struct {
	config   Config
	rows     *db.TenantDB
	queries  *db.Queries
	notified atomic.Bool     // whether an organization with listeners has notified since the last look
	sending  sync.Mutex      // held while listeners are given events
	limiter  *rate.Limiter   // of events that listeners are given
	opening  *rate.Limiter   // of streams that begin
	looks    looks           // for streams that begin
	failures *rate.Sometimes // limits the log lines about looks that failed

	mutex   sync.Mutex
	topics  map[uuid.UUID]*topic
	streams map[uuid.UUID]int // of organizations, and of tokens and people
	wake    chan struct{}     // has an element when the first listener has come
	stopped bool
}

// NewHub returns a hub without listeners.
func NewHub(config Config) *Hub {
	config.All = cmp.Or(config.All, &Count{})
	config.Streams = min(cmp.Or(config.Streams, mostStreams), mostStreams)
	config.OrganizationStreams = cmp.Or(config.OrganizationStreams, defaultOrganizationStreams)
	config.CallerStreams = cmp.Or(config.CallerStreams, defaultCallerStreams)
	return &Hub{
		config: config, rows: db.NewTenantDB(config.Pool), queries: db.New(), limiter: rate.NewLimiter(sendRate, sendBurst),
		opening:  rate.NewLimiter(openRate, openBurst),
		looks:    looks{under: map[lookKey]*sharedLook{}},
		failures: &rate.Sometimes{First: 1, Interval: failureInterval},
		topics:   map[uuid.UUID]*topic{}, streams: map[uuid.UUID]int{}, wake: make(chan struct{}, 1),
	}
}

// Run works until ctx ends.
func (h *Hub) Run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.wake:
			h.work(ctx)
		}
	}
}

// work looks for changes until there are no listeners.
func (h *Hub) work(ctx context.Context) {
	listening, cancel := context.WithCancel(ctx)
	defer cancel()
	go h.listen(listening)
	ticker := time.NewTicker(tickInterval)
	defer ticker.Stop()
	var lookedAt, checkedAt time.Time
	for h.hasListeners() {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := time.Now()
		all, notified := now.Sub(checkedAt) >= callerInterval, h.notified.Swap(false)
		if notified || now.Sub(lookedAt) >= lookInterval {
			h.look(ctx)
			lookedAt = now
		}
		if all || notified {
			h.checkMoved(ctx)
		}
		if h.checkCallers(ctx, all); all {
			checkedAt = now
		}
		h.publish(ctx, now)
	}
}

// hasListeners tells whether anybody listens.
func (h *Hub) hasListeners() bool {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return len(h.topics) > 0
}

// look asks the database what has changed in all organizations with listeners. If it fails the next look finds it.
func (h *Hub) look(ctx context.Context) {
	params := &db.ListChangesParams{Most: mostRows}
	h.mutex.Lock()
	for organizationID, t := range h.topics {
		params.OrganizationIDs = append(params.OrganizationIDs, organizationID)
		params.Snapshots = append(params.Snapshots, t.known.snapshot)
		params.Positions = append(params.Positions, t.known.position)
		if from := t.known.at.Add(-ledgerMargin); params.RecordedFrom == nil || from.Before(*params.RecordedFrom) {
			params.RecordedFrom = &from
		}
	}
	h.mutex.Unlock()
	looking, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	rows, err := h.queries.ListChanges(looking, h.rows.For(nil), params)
	if err != nil {
		h.logFailure(ctx, "cannot look for changes that listeners wait for; trying again", err)
		return
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for _, row := range rows {
		if t := h.topics[row.OrganizationID]; t != nil {
			t.add(row)
		}
	}
}

// logFailure logs that the database could not be asked, unless the hub stops.
func (h *Hub) logFailure(ctx context.Context, message string, err error) {
	if ctx.Err() == nil {
		h.failures.Do(func() { h.config.Logger.WarnContext(ctx, message, "error", err) })
	}
}

// publish has listeners told of what is due. While they are being told of what was due before, it leaves that for the next time.
func (h *Hub) publish(ctx context.Context, now time.Time) {
	if !h.sending.TryLock() {
		return
	}
	deliveries := h.due(now)
	go func() {
		defer h.sending.Unlock()
		for _, d := range deliveries {
			if h.limiter.Wait(ctx) != nil {
				return
			}
			d.listener.offer(d.event)
		}
	}()
}

// due returns what listeners are to be told now.
func (h *Hub) due(now time.Time) (deliveries []delivery) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for _, t := range h.topics {
		if t.isDue(now) {
			h.told(t.organizationID)
			deliveries = append(deliveries, t.publish(now)...)
		}
	}
	return deliveries
}

// told says that listeners of an organization are about to be told of changes.
func (h *Hub) told(organizationID uuid.UUID) {
	if h.config.Told != nil {
		h.config.Told(organizationID)
	}
}
