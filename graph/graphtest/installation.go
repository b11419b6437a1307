package graphtest

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/api"
	"bursar/db/cells"
)

// Installation is a server with several cells, none of which has a tenant. Its API's pool is home's.
type Installation struct {
	*API
	Pools map[string]*pgxpool.Pool // of each cell, as its owner
	kit   *Kit
}

// NewInstallation starts a server with home and other cells.
func (k *Kit) NewInstallation(t testing.TB, names ...string) *Installation {
	t.Helper()
	i := &Installation{API: &API{T: t, Pool: k.New(t), contract: k.contract}, Pools: map[string]*pgxpool.Pool{}, kit: k}
	for _, name := range names {
		i.Pools[name] = k.New(t)
	}
	JoinCells(t, i.Pool, i.Pools)
	i.Pools[cells.Home] = i.Pool
	i.URL = i.Serve(api.Config{}, i.Pools)
	return i
}

// Serve starts another server, whose connections are to the databases of pools, and returns its URL.
func (i *Installation) Serve(config api.Config, pools map[string]*pgxpool.Pool) string {
	i.T.Helper()
	cell := func(name string) *cells.Cell {
		return &cells.Cell{Name: name, Control: i.kit.ServerPool(i.T, pools[name])}
	}
	others := []*cells.Cell{}
	for name := range pools {
		if name != cells.Home {
			others = append(others, cell(name))
		}
	}
	config.Cells, config.RootToken = cells.New(slog.New(slog.NewTextHandler(i.T.Output(), nil)), cell(cells.Home), others...), RootToken
	config.Pool = i.Pool
	return i.kit.StartWith(i.T, config)
}

// Ask sends a query with a token, in which the cell is the header; "": there is none.
func (i *Installation) Ask(token, cell, query string, variables Object) *Answer {
	i.T.Helper()
	body, err := json.Marshal(Object{"query": query, "variables": variables})
	if err != nil {
		i.T.Fatal(err)
	}
	header := http.Header{}
	if cell != "" {
		header.Set(cells.Header, cell)
	}
	return i.SendWith(http.MethodPost, "", token, body, header)
}

// MoveRow moves the row of an organization, and nothing else of it, from one cell to another.
func (i *Installation) MoveRow(organizationID uuid.UUID, from, to string) {
	i.T.Helper()
	must := func(on, statement string, arguments ...any) {
		i.T.Helper()
		if _, err := i.Pools[on].Exec(i.T.Context(), statement, arguments...); err != nil {
			i.T.Fatal(err)
		}
	}
	must(from, `select set_residence($1, 'LEAVING')`, organizationID)
	var row string
	if err := i.Pools[from].QueryRow(i.T.Context(), `select to_jsonb(o)::text from organizations o where o.id = $1`, organizationID).Scan(&row); err != nil {
		i.T.Fatal(err)
	}
	err := pgx.BeginFunc(i.T.Context(), i.Pools[to], func(tx pgx.Tx) error {
		_, err := tx.Exec(i.T.Context(), `set local session_replication_role = replica`)
		if err == nil {
			_, err = tx.Exec(i.T.Context(), `insert into organizations select * from jsonb_populate_record(null::organizations, $1::jsonb || '{"residence": "HERE"}')`, row)
		}
		return err
	})
	if err != nil {
		i.T.Fatal(err)
	}
	must(from, `select set_residence($1, 'LEFT')`, organizationID)
	must(cells.Home, `update organization_cells set cell = $2 where organization_id = $1`, organizationID, to)
}
