package api_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/api"
	"bursar/db"
	"bursar/db/dbtest"
	"bursar/db/standby"
	"bursar/graph/graphtest"
)

// sources counts what answered operations.
type sources struct {
	mutex     sync.Mutex
	standby   int
	primary   int
	fallbacks []standby.Reason
}

func (s *sources) Read(byStandby bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if byStandby {
		s.standby++
	} else {
		s.primary++
	}
}

func (s *sources) FellBack(reason standby.Reason) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.fallbacks = append(s.fallbacks, reason)
}

func (s *sources) counts() (standby, primary int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.standby, s.primary
}

// newReplicatedAPI starts a server on a primary with a standby, both of the test's own, whose statements are logged.
func newReplicatedAPI(t *testing.T) (a *graphtest.API, node *dbtest.Node, from *sources) {
	t.Helper()
	graphtest.OneDatabase(t, "standbys are home's, and read for organizations there alone")
	primary := dbtest.NewPrimary(t)
	node = primary.Standby()
	node.Exec(`alter system set log_statement = 'all'`)
	node.Exec(`select pg_reload_conf()`)
	from = &sources{}
	set, err := standby.New(standby.Config{
		Primary: primary.ServerPool(), Standbys: []*pgxpool.Pool{node.ServerPool()}, MaxLag: time.Hour, History: db.AuditHistory{},
		Logger: slog.New(slog.NewTextHandler(t.Output(), nil)), Observer: from,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { set.Run(ctx) })
	t.Cleanup(func() { cancel(); running.Wait() })
	a = kit.ServeWith(t, primary.Pool, api.Config{Standbys: set})
	node.CatchUp(primary)
	return a, node, from
}

// awaitByStandby repeats what reads until a standby answers it.
func awaitByStandby(t *testing.T, from *sources, read func()) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		before, _ := from.counts()
		read()
		if after, _ := from.counts(); after > before {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("no standby answers: ", from.fallbacks)
		}
		select {
		case <-t.Context().Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Guarantee: lists, reports and exports are answered by a standby, without a statement that fails there; mutations, viewer and enforcement are
// not, and a mutation is seen by the next read.
func TestReadsOfStandbys(t *testing.T) {
	t.Parallel()
	a, node, from := newReplicatedAPI(t)
	key := a.Tenant.Secret.Text
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": key, "requestId": "r", "inputTokens": 7, "model": "m"}})
	now := time.Now().UTC()
	begin, end := now.Add(-time.Hour).Format(time.RFC3339), now.Add(time.Hour).Format(time.RFC3339)
	filter := object{"from": begin, "to": end}
	for operation, variables := range map[string]object{
		"ApiKeys": {}, "ApiKeysPage": {"first": 10}, "ApiKey": {"id": a.KeyID()}, "Nodes": {"ids": []string{a.KeyID(), a.WorkspaceID()}},
		"Limits": {"subjectId": a.KeyID()}, "Usage": {"filter": filter, "interval": "HOUR", "groupBy": []string{"API_KEY", "MODEL"}},
		"TopSpenders": {"filter": filter, "interval": "DAY", "groupBy": []string{"API_KEY"}, "top": 3},
		"Alerts":      {}, "AuditLog": {}, "Prices": {}, "RaiseRequests": {}, "Simulations": {},
	} {
		awaitByStandby(t, from, func() { a.Run(a.Admin, operation, variables) })
	}
	awaitByStandby(t, from, func() { a.Run(graphtest.RootToken, "ApiKeys", object{}) })
	for path, query := range map[string]url.Values{
		"usage.csv": {"from": {begin}, "to": {end}}, "events.csv": {}, "audit.csv": {},
	} {
		awaitByStandby(t, from, func() {
			if got := exported(a, a.Admin, path, query); got.status != http.StatusOK {
				t.Fatalf("%s: %d %s", path, got.status, got.body)
			}
		})
	}
	if slices.Contains(from.fallbacks, standby.ReasonError) {
		t.Errorf("a statement failed on the standby: %v", from.fallbacks)
	}

	byStandby, byPrimary := from.counts()
	a.Run(a.Admin, "Viewer", nil)
	a.Run(a.Gateway, "CheckUsage", object{"input": object{"key": key}})
	reserved := a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": key, "estimate": object{"tokens": 1}}})
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"reservationId": reserved.Get("reserveUsage", "reservation", "id"), "inputTokens": 1}})
	a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": a.KeyID(), "name": "renamed"}})
	if s, p := from.counts(); s != byStandby || p != byPrimary {
		t.Errorf("what must be exact is counted as %d reads by the standby and %d by the primary", s-byStandby, p-byPrimary)
	}
	if got := a.Run(a.Admin, "ApiKey", object{"id": a.KeyID()}); got.Get("apiKey", "name") != "renamed" {
		t.Errorf("the read after a mutation is %v", got.Data)
	}
	noEnforcement(t, node)
}

// Guarantee: with replay paused, the next read of who has changed something has the change, and an export too.
func TestOwnMutationIsReadAtOnce(t *testing.T) {
	t.Parallel()
	a, node, from := newReplicatedAPI(t)
	awaitByStandby(t, from, func() { a.Run(a.Admin, "ApiKeys", object{}) })
	node.Exec(`select pg_wal_replay_pause()`)
	made := a.Run(a.Admin, "CreateApiKey", object{"input": object{"ownerId": a.WorkspaceID(), "name": "made now"}})
	keyID, _ := made.Get("createApiKey", "apiKey", "id").(string)
	if got := a.Run(a.Admin, "ApiKey", object{"id": keyID}); got.Get("apiKey", "name") != "made now" {
		t.Errorf("the key that was made is %v", got.Data)
	}
	if got := a.Run(graphtest.RootToken, "ApiKey", object{"id": keyID}); got.Get("apiKey", "name") != "made now" {
		t.Errorf("to the operator the key that was made is %v", got.Data)
	}
	node.Exec(`select pg_wal_replay_resume()`)
	awaitByStandby(t, from, func() { a.Run(a.Admin, "ApiKey", object{"id": keyID}) })
}

// Guarantee: who is told of a change by a stream of events, and reads then, has it, also of a change through another server that no standby has yet.
func TestToldChangesAreRead(t *testing.T) {
	t.Parallel()
	a, node, from := newReplicatedAPI(t)
	stream, _ := listen(a, a.Admin, nil)
	read := func() string {
		name, _ := a.Run(a.Admin, "ApiKey", object{"id": a.KeyID()}).Get("apiKey", "name").(string)
		return name
	}
	awaitByStandby(t, from, func() { read() })
	node.Exec(`select pg_wal_replay_pause()`)
	if _, err := a.Pool.Exec(t.Context(), `update api_keys set name = 'elsewhere' where id = $1`, a.Tenant.Key.ID); err != nil {
		t.Fatal(err)
	}
	for told := (event{}); !slices.Contains(told.IDs, a.KeyID()); {
		told = stream.next()
	}
	if got := read(); got != "elsewhere" {
		t.Errorf("after the event the key is called %q", got)
	}
}
