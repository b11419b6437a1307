package test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/id"
)

// books are the answers that gateways got, by request id. The database must have what was answered, each thing once, and nothing
// else.
type books struct {
	mutex        sync.Mutex
	reservations map[string]booked
	events       map[string]booked
	holds        map[string]object   // what reserveUsage was asked
	reports      map[string]object   // what recordUsage was asked
	exhausted    map[string]struct{} // budgets that denied a request
}

// booked is a reservation or a row of the ledger.
type booked struct {
	ID, Status string // the status of a reservation; of an event, the reservation that it settles
	Tokens     int64
}

func newBooks() *books {
	return &books{
		reservations: map[string]booked{}, events: map[string]booked{},
		holds: map[string]object{}, reports: map[string]object{}, exhausted: map[string]struct{}{},
	}
}

func (b *books) reserved(input object, r *reservation, status string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	request := input["requestId"].(string)
	b.holds[request], b.reservations[request] = input, booked{r.ID, status, r.Tokens}
}

func (b *books) recorded(input object, event string, tokens int64) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	settles, _ := input["reservationId"].(string)
	request := input["requestId"].(string)
	b.reports[request], b.events[request] = input, booked{event, settles, tokens}
}

func (b *books) denied(d *decision) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for _, denial := range d.Denials {
		if denial.Reason == "BUDGET_EXHAUSTED" {
			b.exhausted[denial.LimitID] = struct{}{}
		}
	}
}

// audit compares the books with the database, and repeats some of the answered requests.
func (n *tenant) audit(pool *pgxpool.Pool) {
	n.t.Helper()
	_, organization, _ := id.Parse(n.organization)
	n.replay(20)
	n.same("reservations", n.books.reservations, n.read(pool, organization, id.Reservation,
		`select request_id, id, status::text, tokens from reservations where organization_id = $1`))
	n.same("events", n.books.events, n.read(pool, organization, id.UsageEvent,
		`select request_id, id, coalesce(external_id('res', reservation_id), ''), input_tokens + output_tokens from usage_events where organization_id = $1`))

	var overspent, names int
	if err := pool.QueryRow(n.t.Context(), `select
		(select count(*) from counters where organization_id = $1 and used_units + reserved_units > max_units),
		(select count(*) from usage_event_requests where organization_id = $1)`, organization).Scan(&overspent, &names); err != nil {
		n.t.Fatal(err)
	}
	if overspent != 0 || names != len(n.books.events) {
		n.t.Errorf("%d limits are overspent; %d events are known by their request ids, want %d", overspent, names, len(n.books.events))
	}
	n.auditAlerts(pool, organization)
}

// read returns what the database holds, by request id. A request id that names two things is an error.
func (n *tenant) read(pool *pgxpool.Pool, organization uuid.UUID, prefix id.Prefix, query string) map[string]booked {
	n.t.Helper()
	rows, err := pool.Query(n.t.Context(), query, organization)
	if err != nil {
		n.t.Fatal(err)
	}
	defer rows.Close()
	found := map[string]booked{}
	for rows.Next() {
		var request string
		var rowID uuid.UUID
		var b booked
		if err := rows.Scan(&request, &rowID, &b.Status, &b.Tokens); err != nil {
			n.t.Fatal(err)
		}
		if _, twice := found[request]; twice {
			n.t.Errorf("%s is there twice", request)
		}
		b.ID = prefix.Format(rowID)
		found[request] = b
	}
	if rows.Err() != nil {
		n.t.Fatal(rows.Err())
	}
	return found
}

// same fails the test for each difference between what was answered and what is there.
func (n *tenant) same(what string, answered, stored map[string]booked) {
	n.t.Helper()
	if len(answered) == 0 {
		n.t.Errorf("no %s were answered: the test has looked at nothing", what)
	}
	for request, b := range answered {
		if stored[request] != b {
			n.t.Errorf("%s: %s was answered %+v, and %+v is there", what, request, b, stored[request])
		}
	}
	for request, b := range stored {
		if _, asked := answered[request]; !asked {
			n.t.Errorf("%s: %s is there as %+v, and nobody was told", what, request, b)
		}
	}
}

// auditAlerts wants exactly one alert for each threshold that settled usage has reached, exactly one EXHAUSTED for each
// budget that is used up, at most one REFUSED for each that has denied a request, exactly one if it is not used up, and no other;
// each mailed to the owner once or, below a higher one, not at all.
func (n *tenant) auditAlerts(pool *pgxpool.Pool, organization uuid.UUID) {
	n.t.Helper()
	rows, err := pool.Query(n.t.Context(), `select l.limit_id, l.max_units, l.alert_units, l.used_units::bigint,
		array(select coalesce(a.threshold_units, l.max_units) from alerts a where a.organization_id = l.organization_id
			and a.budget_limit_id = l.limit_id and a.kind <> 'REFUSED' order by 1),
		(select count(*) from alerts a where a.organization_id = l.organization_id and a.budget_limit_id = l.limit_id and a.kind = 'REFUSED'),
		array(select d.address from alerts a join alert_deliveries d on d.organization_id = a.organization_id and d.alert_id = a.id
			where a.organization_id = l.organization_id and a.budget_limit_id = l.limit_id)
		from counters l where l.organization_id = $1 and l.kind = 'BUDGET'`, organization)
	if err != nil {
		n.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var limit uuid.UUID
		var most, used, refused int64
		var thresholds, raised, want []int64
		var mailed []string
		if err := rows.Scan(&limit, &most, &thresholds, &used, &raised, &refused, &mailed); err != nil {
			n.t.Fatal(err)
		}
		for _, threshold := range thresholds {
			if threshold <= used {
				want = append(want, threshold)
			}
		}
		if used >= most {
			want = append(want, most)
		}
		_, denied := n.books.exhausted[id.BudgetLimit.Format(limit)]
		if refused > 1 || refused == 1 && !denied || refused == 0 && denied && used < most {
			n.t.Errorf("a budget of %d with %d used has %d alerts of refusals, denied: %t", most, used, refused, denied)
		}
		if !slices.Equal(raised, want) {
			n.t.Errorf("a budget of %d with %d used has the alerts %v, want %v", most, used, raised, want)
		}
		if alerts := len(raised) + int(refused); len(mailed) > alerts || alerts > 0 && len(mailed) == 0 {
			n.t.Errorf("%d alerts of a budget made the mails %v", alerts, mailed)
		}
	}
	if rows.Err() != nil {
		n.t.Fatal(rows.Err())
	}
}

// replay asks again for some of what was answered: the answer is the same and says so.
func (n *tenant) replay(number int) {
	n.t.Helper()
	for _, request := range sample(n.books.holds, number) {
		want := n.books.reservations[request]
		a := n.ask(rand.IntN(len(n.urls)), n.gateway, "ReserveUsage", n.books.holds[request]).Data.ReserveUsage
		if a.Reservation == nil || !a.Replayed || (booked{a.Reservation.ID, a.Reservation.Status, a.Reservation.Tokens}) != want {
			n.t.Errorf("reservation %s asked again: %+v instead of %+v", request, a, want)
		}
	}
	for _, request := range sample(n.books.reports, number) {
		want := n.books.events[request]
		a := n.ask(rand.IntN(len(n.urls)), n.gateway, "RecordUsage", n.books.reports[request]).Data.RecordUsage
		if !a.Replayed || a.UsageEvent.ID != want.ID || a.UsageEvent.Tokens != want.Tokens {
			n.t.Errorf("event %s asked again: %+v instead of %+v", request, a, want)
		}
	}
}

// sample returns some of the request ids.
func sample(inputs map[string]object, number int) []string {
	all := slices.Collect(maps.Keys(inputs)) // in random order
	return all[:min(number, len(all))]
}
