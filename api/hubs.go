package api

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/api/live"
	"bursar/db"
	"bursar/fault"
)

// hubs tell listeners what changes, one for each database.
type hubs struct {
	route  db.Route // nil: there is one database, whose hub has no pool here
	byPool map[*pgxpool.Pool]*live.Hub
}

func newHubs(config *Config) hubs {
	of := live.Config{
		Pool: config.Pool, Logger: config.Logger, Streams: config.Streams, Observer: config.Observer, Told: config.Standbys.Told, All: &live.Count{},
	}
	if config.Cells == nil {
		return hubs{byPool: map[*pgxpool.Pool]*live.Hub{nil: live.NewHub(of)}}
	}
	h := hubs{route: config.Cells.Control(), byPool: map[*pgxpool.Pool]*live.Hub{}}
	for _, cell := range config.Cells.All() {
		of.Pool, of.Several, of.Logger = cell.Control, true, config.Logger.With("cell", cell.Name)
		h.byPool[cell.Control] = live.NewHub(of)
	}
	return h
}

// subscribe returns a listener at the hub of the organization's database.
func (h hubs) subscribe(ctx context.Context, caller live.Caller, lastEventID string) (*live.Listener, error) {
	if h.route == nil {
		return h.byPool[nil].Subscribe(ctx, caller, lastEventID, admit)
	}
	pool, err := h.route.Of(ctx, &caller.OrganizationID)
	if err != nil {
		return nil, err
	}
	listener, err := h.byPool[pool].Subscribe(ctx, caller, lastEventID, admit)
	if !errors.Is(err, fault.ErrMoved) {
		return listener, err
	}
	if pool, err = h.route.Moved(ctx, caller.OrganizationID, pool); err != nil {
		return nil, err
	}
	return h.byPool[pool].Subscribe(ctx, caller, lastEventID, admit)
}

func (h hubs) run(ctx context.Context) {
	for _, hub := range h.byPool {
		go hub.Run(ctx)
	}
}

// stop ends all streams, and has further ones refused.
func (h hubs) stop() {
	for _, hub := range h.byPool {
		hub.Stop()
	}
}
