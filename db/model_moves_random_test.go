package db_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/db/model"
	"bursar/id"
	"bursar/move"
)

// Guarantee: the functions are the model wherever an organization is. In the sequences of TestFunctionsAreTheModel both organizations move from one database to
// another and back, at any place, with requests and changes while their rows are copied, or a move is given up or aborted and they stay. Every answer after that, and
// all that is stored, is what the model says, which knows nothing of databases; the database that was left grants nothing. In the end the books of both
// databases are right, and every row of the ledger is in the roll-ups.
func TestFunctionsAreTheModelAcrossMoves(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	cells := newMovingCells(t)
	left := dbtest.Repeat(movingSequences)
	rapid.Check(t, func(rt *rapid.T) {
		if left--; left < 0 {
			return
		}
		defer func() {
			if rt.Failed() {
				left = math.MaxInt // rapid plays it again to shrink it
			}
		}()
		for _, pool := range cells.pools() {
			changed(t, pool, `delete from prices where organization_id is null`) // of the sequence before
		}
		p := &movingPlay{newPlay(t, newGatewayIn(t, cells.Home)), cells}
		p.begin(rt)
		actions := p.actions()
		actions["move"], actions["move back"] = p.move, p.move
		actions["give a move up"], actions["roll up"] = p.giveUp, p.rollUp
		rt.Repeat(actions)
		p.rollUp(rt)
		for _, o := range p.Organizations {
			p.close(rt, o)
			p.audited(rt, o.ID)
		}
		p.compare(rt)
	})
}

// movingSequences is how many of rapid's sequences are played with moves, which take most of their time.
const movingSequences = 4

// movingCells are two databases of one installation.
type movingCells struct{ move.Cells }

func newMovingCells(t *testing.T) *movingCells {
	t.Helper()
	c := &movingCells{move.Cells{Home: server.New(t), Others: []move.Cell{{Name: "eu", Pool: server.New(t)}}}}
	installation := uuid.New()
	for i, name := range []string{"home", "eu"} {
		changed(t, c.pools()[i], `insert into cell_identity (name, installation, incarnation) values ($1, $2, $2)`, name, installation)
		changed(t, c.Home, `insert into cells (name, incarnation) values ($1, $2)`, name, installation)
	}
	return c
}

func (c *movingCells) pools() []*pgxpool.Pool { return []*pgxpool.Pool{c.Home, c.Others[0].Pool} }

// except returns the other database, and its name.
func (c *movingCells) except(pool *pgxpool.Pool) (*pgxpool.Pool, string) {
	if pool == c.Home {
		return c.Others[0].Pool, c.Others[0].Name
	}
	return c.Home, "home"
}

// changed runs a statement in a database, without its triggers: what they do belongs to no sequence.
func changed(t rapid.TB, pool *pgxpool.Pool, statement string, arguments ...any) {
	t.Helper()
	err := pgx.BeginFunc(context.Background(), pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(context.Background(), `set local session_replication_role = replica`); err != nil {
			return err
		}
		_, err := tx.Exec(context.Background(), statement, arguments...)
		return err
	})
	if err != nil {
		t.Fatalf("%v in %s", err, statement)
	}
}

// movingPlay is a play whose organizations move together, because a batch may name both. The gateway's pool is that of the database where they are.
type movingPlay struct {
	*play
	cells *movingCells
}

// move moves the organizations to the other database. While the rows of the first are copied, others of it and of the second change.
func (p *movingPlay) move(rt *rapid.T) {
	from := p.g.Pool
	to, _ := p.cells.except(from)
	p.copyPrices(rt, to)
	for i, o := range p.inAnyOrder(rt) {
		m := p.moveOf(rt, o)
		if i == 0 {
			p.changeMeanwhile(rt, m)
		}
		if err := m.Run(context.Background()); err != nil {
			rt.Fatalf("move to %s: %v", m.Target.Name, err)
		}
	}
	p.g.Pool = to
	for _, k := range p.Keys {
		if _, err := p.g.reserveOn(from, &p.Now, estimateTokens(1).within(k.Organization).by(k.ID)); len(db.MovedOrganizations(err)) != 1 {
			rt.Fatalf("the database that %s has left answers %v", k.Organization, err)
		}
	}
}

func (p *movingPlay) inAnyOrder(rt *rapid.T) []*model.Organization {
	return rapid.Permutation(p.Organizations).Draw(rt, "order")
}

// moveOf returns the move of an organization to the other database.
func (p *movingPlay) moveOf(rt *rapid.T, o *model.Organization) *move.Move {
	_, name := p.cells.except(p.g.Pool)
	m, err := p.cells.Begin(context.Background(), id.Organization.Format(o.ID), name)
	if err != nil {
		rt.Fatalf("move to %s: %v", name, err)
	}
	return m
}

// changeMeanwhile has a move do something of the sequence between some of the tables that it copies. Everybody's prices stay as the target has them.
func (p *movingPlay) changeMeanwhile(rt *rapid.T, m *move.Move) {
	all := p.actions()
	names := []string{"reserve", "reserve again", "record", "record again", "release", "extend", "lease", "return a lease", "wait", "create a limit",
		"edit a budget", "edit a rate", "switch a limit", "raise a budget", "reset a budget", "delete a limit", "change a key", "release a key",
		"run a job", "create a policy", "change a policy", "set an own amount", "raise a policy's budget", "delete a policy"}
	const tables = 60 // there are about as many
	after := rapid.SliceOfNDistinct(rapid.IntRange(1, tables), 0, 4, rapid.ID[int]).Draw(rt, "after tables")
	told := 0
	m.Progress = func(string, int, int) {
		if told++; slices.Contains(after, told) {
			all[rapid.SampledFrom(names).Draw(rt, "meanwhile")](rt)
			p.compare(rt)
		}
	}
}

// giveUp begins to move an organization, which may not stand still, and leaves that to the next move, or aborts it.
func (p *movingPlay) giveUp(rt *rapid.T) {
	m := p.moveOf(rt, rapid.SampledFrom(p.Organizations).Draw(rt, "organization"))
	p.changeMeanwhile(rt, m)
	m.Standstill = time.Nanosecond
	if err := m.Run(context.Background()); !errors.Is(err, move.ErrStandstill) {
		rt.Fatalf("a move without time ended with %v", err)
	}
	if rapid.Bool().Draw(rt, "abort") {
		if err := m.Abort(context.Background()); err != nil {
			rt.Fatal(err)
		}
	}
}

// copyPrices gives the other database everybody's prices, which belong to no organization.
func (p *movingPlay) copyPrices(rt *rapid.T, to *pgxpool.Pool) {
	var prices []byte
	err := p.g.Pool.QueryRow(context.Background(), `select coalesce(jsonb_agg(to_jsonb(p)), '[]') from prices p where p.organization_id is null`).Scan(&prices)
	if err != nil {
		rt.Fatal(err)
	}
	changed(rt, to, `delete from prices where organization_id is null`)
	changed(rt, to, `insert into prices select (jsonb_populate_recordset(null::prices, $1)).*`, prices)
}

// rollUp adds what is in the ledger to the roll-ups.
func (p *movingPlay) rollUp(rt *rapid.T) {
	for _, o := range p.Organizations {
		if _, err := db.New().RollUpUsage(context.Background(), p.g.Pool, &db.RollUpUsageParams{OrganizationID: o.ID, Number: 1_000_000}); err != nil {
			rt.Fatal(err)
		}
		var missing int64
		err := p.g.Pool.QueryRow(context.Background(), `select (select coalesce(sum(e.requests), 0) from usage_events e where e.organization_id = $1)
			- (select coalesce(sum(u.requests), 0) from usage_hours u where u.organization_id = $1)`, o.ID).Scan(&missing)
		if err != nil || missing != 0 {
			rt.Fatalf("%d requests of the ledger are not in the roll-ups: %v", missing, err)
		}
	}
}

// audited fails unless both databases agree with themselves, also that which an organization has left; but not what has arrived in part by a move that was given up.
func (p *movingPlay) audited(rt *rapid.T, organization uuid.UUID) {
	for _, pool := range p.cells.pools() {
		if residence, err := db.New().FindResidence(context.Background(), pool, organization); err != nil && !errors.Is(err, pgx.ErrNoRows) {
			rt.Fatal(err)
		} else if residence == db.ResidenceARRIVING {
			continue
		}
		differences, err := db.New().FindLedgerDifferences(context.Background(), pool, organization)
		if err != nil || len(differences) > 0 {
			rt.Fatalf("verify: %d differences, the first: %+v; %v", len(differences), slices.Concat(differences, []*db.LedgerDifference{nil})[0], err)
		}
	}
}
