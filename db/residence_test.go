package db_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgconn"

	"bursar/db"
	"bursar/fault"
)

// reside sets an organization's residence, one after the other.
func (g *gateway) reside(residences ...db.Residence) {
	g.T.Helper()
	for _, residence := range residences {
		g.exec(`select set_residence($1, $2)`, g.Organization.ID, residence)
	}
}

// leave leads from HERE to a residence.
func (g *gateway) leave(residence db.Residence) {
	g.T.Helper()
	way := []db.Residence{db.ResidenceLEAVING, db.ResidenceLEFT, db.ResidenceARRIVING}
	for _, next := range way {
		g.reside(next)
		if next == residence {
			return
		}
	}
}

// moved fails the test unless an error says that the gateway's organization alone is moved, which clients are told as UNAVAILABLE.
func (g *gateway) moved(what string, err error) {
	g.T.Helper()
	if moved := db.MovedOrganizations(err); len(moved) != 1 || moved[0] != g.Organization.ID {
		g.T.Errorf("%s: %v, want a refusal because of %s", what, err, g.Organization.ID)
	}
	if told := db.Fault(err); fault.CodeOf(told) != fault.Unavailable || !strings.Contains(told.Error(), "requestId") {
		g.T.Errorf("%s: clients are told %v", what, told)
	}
}

// rows returns all rows of all tables, but for what belongs to no organization, as one text.
func (g *gateway) rows() (all string) {
	g.T.Helper()
	for _, table := range query[[]string](g, `select array_agg(distinct c.relname::text order by c.relname::text) from pg_class c
		join pg_attribute a on a.attrelid = c.oid and a.attname in ('organization_id', 'slug')
		where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`) {
		all += query[string](g, `select '`+table+` ' || coalesce(string_agg(t::text, E'\n' order by t::text), '') || E'\n' from `+table+` t`)
	}
	return all
}

// Guarantee: whatever enforcement is asked for an organization that is not here is refused, to be sent again, and changes nothing. It is never
// answered as if the key, the token or the reservation did not exist, also where the rows are not there.
func TestMovedOrganizationsAreDecidedNothing(t *testing.T) {
	t.Parallel()
	pool := newGateway(t).Pool
	for _, residence := range []db.Residence{db.ResidenceLEAVING, db.ResidenceLEFT, db.ResidenceARRIVING} {
		t.Run(string(residence), func(t *testing.T) {
			g := newGatewayIn(t, pool)
			g.tokenBudget(1000)
			held, lease := g.admit(estimateTokens(10).named("held")), g.lease(wishTokens(1, 10))
			other := g.neighbour()
			g.leave(residence)
			before := g.rows()

			reserve := func(e estimate) error { _, err := g.reserveOn(g.Pool, &g.now, e); return err }
			record := func(r report) error { _, err := g.recordOn(g.Pool, &g.now, r); return err }
			lend := func(w wish) error { _, err := g.leaseOn(g.Pool, &g.now, w); return err }
			check := func(e estimate) error { _, err := g.checkOn(g.Pool, &g.now, e); return err }
			hold := func(organization, id uuid.UUID) error {
				_, released := db.New().ReleaseReservations(t.Context(), g.Pool, &db.ReleaseReservationsParams{
					OrganizationIDs: []uuid.UUID{organization}, ReservationIDs: []uuid.UUID{id}})
				_, extended := db.New().ExtendReservations(t.Context(), g.Pool, &db.ExtendReservationsParams{
					OrganizationIDs: []uuid.UUID{organization}, ReservationIDs: []uuid.UUID{id}, TTLSeconds: []int32{60}})
				g.moved("extend", extended)
				return released
			}
			giveBack := func(organization, id uuid.UUID) error {
				_, err := db.New().ReturnLeases(t.Context(), g.Pool, &db.ReturnLeasesParams{OrganizationIDs: []uuid.UUID{organization},
					LeaseIDs: []uuid.UUID{id}, KeepRequests: []int64{0}, KeepTokens: []int64{0}, KeepCostNanos: []int64{0}, TTLSeconds: []int32{0}})
				return err
			}
			nobody := uuid.MustParse("00000000-0000-7000-8000-000000000001")
			for what, err := range map[string]error{
				"reserve":                                   reserve(estimateTokens(1)),
				"reserve by secret":                         reserve(estimateTokens(1).presenting(g.Secret.Hash)),
				"reserve by the operator":                   reserve(estimateTokens(1).by(g.Key.ID).within(anyOrganization)),
				"reserve of a key that does not exist":      reserve(estimateTokens(1).by(nobody)),
				"reserve again":                             reserve(estimateTokens(10).named("held")),
				"record":                                    record(reportTokens(1)),
				"record by the operator":                    record(reportTokens(1).by(g.Key.ID).within(anyOrganization)),
				"record on a reservation":                   record(reportTokens(1).settling(held)),
				"record on a reservation, by the operator":  record(reportTokens(1).settling(held).within(anyOrganization)),
				"record on one that does not exist":         record(reportTokens(1).settling(nobody)),
				"record on a lease":                         record(reportTokens(1).settling(lease.ID)),
				"lease":                                     lend(wishRequests(1)),
				"lease by secret":                           lend(wish{secret: g.Secret.Hash, requests: 1, ttl: time.Second}),
				"check":                                     check(estimateTokens(1)),
				"check by the operator":                     check(estimateTokens(1).by(g.Key.ID).within(anyOrganization)),
				"check of a key that does not exist":        check(estimateTokens(1).by(nobody)),
				"release":                                   hold(g.Organization.ID, held),
				"release by the operator":                   hold(uuid.Nil, held),
				"release of one that does not exist":        hold(g.Organization.ID, nobody),
				"return of a lease":                         giveBack(g.Organization.ID, lease.ID),
				"return of a lease by the operator":         giveBack(uuid.Nil, lease.ID),
				"return of a lease that does not exist":     giveBack(g.Organization.ID, nobody),
				"a batch with another organization's calls": reserveBoth(g, other),
			} {
				g.moved(what, err)
			}
			if g.rows() != before {
				t.Error("something was changed")
			}
		})
	}
}

// reserveBoth asks for reservations of two organizations in one statement.
func reserveBoth(g, other *gateway) error {
	_, err := g.reserveOn(g.Pool, &g.now, estimateTokens(1).within(other.Organization.ID).by(other.Key.ID), estimateTokens(1))
	return err
}

// Guarantee: an organization that is here again goes on where it was: what it held is held, and a request that was sent before, or was refused
// meanwhile, is answered as it should be, once.
func TestOrganizationsGoOnWhenTheyAreBack(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(1000)
	held := g.admit(estimateTokens(10).named("first"))
	g.reside(db.ResidenceLEAVING)
	_, err := g.reserveOn(g.Pool, &g.now, estimateTokens(20).named("second"))
	g.moved("second", err)
	g.reside(db.ResidenceHERE)
	if again := g.admit(estimateTokens(10).named("first")); again != held {
		t.Errorf("first is %s, and was %s", again, held)
	}
	g.admit(estimateTokens(20).named("second"))
	g.counts(budget, 0, 30)
	g.reside(db.ResidenceLEAVING, db.ResidenceLEFT, db.ResidenceARRIVING, db.ResidenceHERE)
	g.book(reportTokens(7).settling(held))
	g.counts(budget, 7, 20)
	g.rollUp()
	g.verified()
}

// Guarantee: only the owner of the tables changes residence, in the order that set_residence says; each change raises residence_generation by one and
// is in the audit log, and setting it again changes nothing.
func TestOnlyTheOwnerSetsResidence(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	confined := server.ServerPool(t, g.Pool)
	_, err := confined.Exec(t.Context(), `select set_residence($1, 'LEAVING')`, g.Organization.ID)
	equal(t, "a server that sets it", stateOf(err), pgerrcode.InsufficientPrivilege)
	for _, statement := range []string{`select set_residence($1, 'LEAVING')`, `update organizations set residence = 'LEAVING' where id = $1`} {
		_, err := db.NewTenantDB(confined).For(nil).Exec(t.Context(), statement, g.Organization.ID)
		equal(t, "the operator of a server: "+statement, stateOf(err), pgerrcode.InsufficientPrivilege)
	}

	residences := []db.Residence{db.ResidenceHERE, db.ResidenceLEAVING, db.ResidenceLEFT, db.ResidenceARRIVING}
	allowed := map[db.Residence]string{db.ResidenceHERE: "LEAVING", db.ResidenceLEAVING: "HERE LEFT", db.ResidenceLEFT: "ARRIVING", db.ResidenceARRIVING: "HERE LEFT"}
	for _, from := range residences {
		for _, to := range residences {
			other := g.neighbour()
			if from != db.ResidenceHERE {
				other.leave(from)
			}
			before := query[int32](other, `select residence_generation from organizations where id = $1`, other.Organization.ID)
			var after int32
			err := g.Pool.QueryRow(t.Context(), `select set_residence($1, $2)`, other.Organization.ID, to).Scan(&after)
			switch {
			case from == to:
				equal(t, string(from)+" again", after, before)
			case strings.Contains(allowed[from], string(to)):
				equal(t, string(from)+" to "+string(to), after, before+1)
			default:
				equal(t, string(from)+" to "+string(to), stateOf(err), pgerrcode.CheckViolation)
			}
		}
	}
	_, err = g.Pool.Exec(t.Context(), `select set_residence(uuid_v7(), 'LEAVING')`)
	equal(t, "an unknown organization", stateOf(err), pgerrcode.NoDataFound)

	g.reside(db.ResidenceLEAVING, db.ResidenceLEAVING)
	equal(t, "the audit log", query[string](g, `select string_agg(concat_ws(' ', action, actor, before ->> 'residence', after ->> 'residence',
		after ->> 'residenceGeneration'), ', ') from audit_log
		where organization_id = $1 and target_type = 'org' and before is not null`, g.Organization.ID), "update organizations sql:bursar HERE LEAVING 2")
}

// Guarantee: each way in which servers write rows of organizations by plain statements has a trigger that refuses it while the organization is moved;
// a new table, or a new right, needs one.
func TestServersWritesAreFenced(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	open := query[[]string](g, `
		with written as (
			select c.oid, c.relname::text as name, w.privilege, w.event
			from pg_class c
			join pg_attribute a on a.attrelid = c.oid and a.attname = case c.relname when 'organizations' then 'id' else 'organization_id' end
				and not a.attisdropped
			cross join (values ('INSERT', 4), ('DELETE', 8), ('UPDATE', 16)) w (privilege, event) -- of pg_trigger.tgtype
			cross join (values ('bursar_server'), ('bursar_operator')) r (role)
			where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
				and case w.privilege when 'DELETE' then has_table_privilege(r.role, c.oid, 'DELETE') else has_any_column_privilege(r.role, c.oid, w.privilege) end)
		select coalesce(array_agg(distinct w.name || ' ' || w.privilege), '{}') from written w
		where not exists (
			select from pg_trigger t join pg_proc p on p.oid = t.tgfoid
			where t.tgrelid = w.oid and t.tgtype & w.event > 0 and p.proname in ('require_residence', 'lock_quotas'))`)
	wantNames(t, "way to write", open, map[string]string{
		"organizations INSERT":    "makes another organization",
		"alert_deliveries UPDATE": "what became of mail that was sent is noted all the same",
	})
}

// stateOf returns the SQLSTATE of an error; "" for any other.
func stateOf(err error) string {
	if refused, is := errors.AsType[*pgconn.PgError](err); is {
		return refused.Code
	}
	return ""
}
