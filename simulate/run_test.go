package simulate_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/simulate"
)

var server *dbtest.Server

func TestMain(m *testing.M) { dbtest.Main(m, func(s *dbtest.Server) { server = s }) }

func must[T any](t testing.TB, value T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// load writes a number of events of the tenant, of 500 API keys, into the ledger, evenly in the 28 days from an instant on: half of them of reservations that
// were admitted up to two minutes before.
func load(t *testing.T, tenant *dbtest.Tenant, from time.Time, events int) {
	t.Helper()
	must(t, 0, errOf(tenant.Pool.Exec(t.Context(), `select create_usage_partitions(1, $1)`, from)))
	must(t, 0, errOf(tenant.Pool.Exec(t.Context(), `insert into usage_events (organization_id, id, position, api_key_id, reservation_id, requests, input_tokens,
			output_tokens, cached_input_tokens, cost_nanos, provider, model, counted_requests, counter_ids, period_numbers, metadata, occurred_at, recorded_at)
		select $2::uuid, gen_random_uuid(), n, overlay('00000000-0000-4000-8000-000000000000' placing lpad((n % 500)::text, 12, '0') from 25)::uuid,
			case when n % 2 = 0 then (uuid_v7_prefix(r.at - n % 120 * interval '1 second') || substr(gen_random_uuid()::text, 16))::uuid end,
			1, 500 + n % 1000, n % 700, 0, 1000000 + n % 1000000, 'acme', 'large', 1, '{}', '{}', '{}', r.at, r.at
		from generate_series(1, $3::bigint) n
		cross join lateral (select $1::timestamptz + n * (interval '28 days' / $3) as at) r`, from, tenant.Organization.ID, events)))
	must(t, 0, errOf(tenant.Pool.Exec(t.Context(), `select setval('usage_events_position_seq', $1)`, events)))
	must(t, 0, errOf(tenant.Pool.Exec(t.Context(), `vacuum (analyze) usage_events`)))
}

func errOf(_ any, err error) error { return err }

// ask asks for a simulation of limits on the tenant's organization, and claims it.
func ask(t *testing.T, tenant *dbtest.Tenant, limits []*db.SimulatedLimit, from, to time.Time) *db.Simulation {
	t.Helper()
	text, err := json.Marshal(limits)
	must(t, 0, err)
	_, err = db.New().SimulateLimits(t.Context(), tenant.Pool, &db.SimulateLimitsParams{OrganizationID: tenant.Organization.ID, Limits: text, FromTime: from, ToTime: to})
	must(t, 0, err)
	claimed, err := db.New().ClaimSimulation(t.Context(), tenant.Pool)
	return must(t, claimed, err)
}

// limits are ten of several kinds, most of which refuse something of so many events.
func limits(events int) []*db.SimulatedLimit {
	limit := func(kind db.LimitKind, unit db.LimitType, period db.LimitPeriod, zone string, units int64) *db.SimulatedLimit {
		return &db.SimulatedLimit{Kind: kind, Type: unit, Period: period, MaxUnits: max(1, units*int64(events)/5_000_000), AlertUnits: []int64{}, Enabled: true, Mode: db.LimitModeENFORCE, TimeZone: zone, DayOfMonth: 1}
	}
	const dollar = 1_000_000_000
	all := []*db.SimulatedLimit{
		limit(db.LimitKindBUDGET, db.LimitTypeCOST, db.LimitPeriodDAILY, "Europe/Berlin", 200*dollar),
		limit(db.LimitKindBUDGET, db.LimitTypeCOST, db.LimitPeriodMONTHLY, "UTC", 5000*dollar),
		limit(db.LimitKindBUDGET, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, "America/New_York", 1_500_000_000),
		limit(db.LimitKindBUDGET, db.LimitTypeREQUESTS, db.LimitPeriodNONE, "UTC", 4_500_000),
		limit(db.LimitKindRATE, db.LimitTypeREQUESTS, db.LimitPeriodSECOND, "UTC", 3),
		limit(db.LimitKindRATE, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, "UTC", 120),
		limit(db.LimitKindRATE, db.LimitTypeTOKENS, db.LimitPeriodMINUTE, "UTC", 150_000),
		limit(db.LimitKindRATE, db.LimitTypeTOKENS, db.LimitPeriodHOUR, "UTC", 9_000_000),
		limit(db.LimitKindRATE, db.LimitTypeREQUESTS, db.LimitPeriodDAY, "UTC", 170_000),
		limit(db.LimitKindRATE, db.LimitTypeREQUESTS, db.LimitPeriodWEEK, "UTC", 1_200_000),
	}
	for _, budget := range all[:4] {
		budget.AlertUnits = []int64{budget.MaxUnits / 2, budget.MaxUnits * 9 / 10}
	}
	return all
}

// Many events are replayed against ten limits in less than 12 microseconds of processor time each, of the program and the database together: 5,000,000 in a
// minute. All of them are decided on, and none is read twice.
func TestSimulationIsFast(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "measures")
	dbtest.Long(t, "replays many events")
	events := 200_000
	if dbtest.Repeat(1) >= 10 {
		events = 5_000_000
	}
	url := server.NewURL(t)
	tenant := dbtest.NewTenant(t, server.Pool(t, url))
	from := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	load(t, tenant, from, events)

	config, err := pgxpool.ParseConfig(url)
	must(t, 0, err)
	config.MaxConns = 1
	one, err := pgxpool.NewWithConfig(t.Context(), config)
	must(t, 0, err)
	defer one.Close()
	var pid int
	must(t, 0, one.QueryRow(t.Context(), `select pg_backend_pid()`).Scan(&pid))
	simulation := ask(t, tenant, limits(events), from.Add(-time.Hour), from.AddDate(0, 0, 29))
	program, backend, began := processorTime(t), backendTime(t, pid), time.Now()
	must(t, 0, simulate.Run(t.Context(), one, simulation, 20_000))
	program, backend = processorTime(t)-program, backendTime(t, pid)-backend
	each := (program + backend) / time.Duration(events)
	t.Logf("%d events against 10 limits: %s of processor time of the program, %s of PostgreSQL, %s each; %s by the clock", events, program, backend, each, time.Since(began))
	if backend > 0 && each > 12*time.Microsecond {
		t.Errorf("an event takes %s, want 12 µs at most", each)
	}
	var replayed, done, refused int64
	must(t, 0, tenant.Pool.QueryRow(t.Context(), `select replayed_events, events_done, (select events from simulation_results where limit_number = 0) from simulations`).
		Scan(&replayed, &done, &refused))
	if replayed != int64(events) || done != int64(events) || refused == 0 || refused == replayed {
		t.Errorf("%d events: %d replayed, %d done, %d refused", events, replayed, done, refused)
	}
}

// processorTime returns the processor time of this program.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	must(t, 0, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// backendTime returns the processor time of a process of PostgreSQL, to the hundredth of a second; 0 if it is on another machine.
func backendTime(t *testing.T, pid int) time.Duration {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if errors.Is(err, os.ErrNotExist) {
		return 0
	}
	must(t, 0, err)
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	var user, system int64 // hundredths of a second
	must(t, 0, errOf(fmt.Sscan(fields[11]+" "+fields[12], &user, &system)))
	return time.Duration(user+system) * 10 * time.Millisecond
}
