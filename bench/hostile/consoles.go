package hostile

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"bursar/auth"
	"bursar/bench"
	"bursar/db"
	"bursar/id"
)

// The names of the rows of those who look at the gateways' organization meanwhile, which are no attacks.
const (
	Consoles  = "50 open consoles"
	Listeners = "1,000 listeners"
)

const (
	consoles      = 50
	listeners     = 1000
	consoleTokens = 8 // of which each has a bound on its streams
	// watchLead is for how long streams are awaited at most, which begin one after the other.
	watchLead = time.Minute
)

// Watched are gateways whose organization others look at.
type Watched struct {
	Phases   []bench.Row `json:"phases"`   // in an open loop at half of the machine's capacity: quiet and watched by turns
	Slowdown float64     `json:"slowdown"` // p99 watched / quiet p99
	Openings []*Opening  `json:"openings"` // of the streams, before each phase that is watched
	Watching *Result     `json:"watching"`
}

// measureWatched measures gateways at half of the machine's capacity while others look at their organization: consoles, which listen to
// events and ask anew for what they show when there is one, and listeners, which do not ask.
func (r *runner) measureWatched(ctx context.Context) error {
	for _, row := range []struct {
		name string
		size int
		into **Watched
	}{{Consoles, consoles, &r.report.Consoles}, {Listeners, listeners, &r.report.Listeners}} {
		if len(r.Only) > 0 && !slices.Contains(r.Only, row.name) {
			continue
		}
		watching, err := r.prepareWatching(ctx, row.name, row.size)
		if err != nil {
			return err
		}
		*row.into = &Watched{}
		of := trial{r.gateways(), r.rate(), r.Duration / 2, r.PIDs, &(*row.into).Phases}
		results, err := r.measureRounds(ctx, watching, of, "quiet", row.name)
		if err != nil {
			return err
		}
		(*row.into).Watching, (*row.into).Openings = results[0], watching.openings
	}
	return nil
}

// prepareWatching makes access tokens of the gateways' organization for those who watch it.
func (r *runner) prepareWatching(ctx context.Context, name string, size int) (*Attack, error) {
	a := &Attack{Server: r.Attacked, Subject: id.Organization.Format(r.Data.OrganizationID), Size: size, Only: []string{name}, Lead: watchLead}
	for range consoleTokens {
		secret := auth.NewSecret(auth.AccessTokenPrefix)
		if _, err := db.New().CreateAccessToken(ctx, r.Pool, &db.CreateAccessTokenParams{
			OrganizationID: r.Data.OrganizationID, Name: "Console", Role: db.TokenRoleVIEWER, Prefix: secret.Prefix, TokenHash: secret.Hash,
		}); err != nil {
			return nil, fmt.Errorf("make the consoles' tokens: %w", err)
		}
		a.Watchers = append(a.Watchers, secret.Text)
	}
	return a, nil
}

// watching returns the kinds of those who look at the gateways' organization.
func (a *Attack) watching(streams *opening) []kind {
	consoles, listeners := newWatcher(a, streams), newWatcher(a, streams)
	return []kind{
		{name: Consoles, expects: []string{"ok"}, times: 1, await: consoles.awaitChange, send: consoles.ask},
		{name: Listeners, expects: []string{"ok"}, times: 1, send: listeners.hear},
	}
}

// watcher is a number of listeners, each with a stream.
type watcher struct {
	attack *Attack
	opened *opening

	mutex   sync.Mutex
	streams map[int]*bufio.Reader
	paces   map[int]pace
}

func newWatcher(attack *Attack, opened *opening) *watcher {
	return &watcher{attack: attack, opened: opened, streams: map[int]*bufio.Reader{}, paces: map[int]pace{}}
}

// hear waits for the next event of a listener's stream, which it opens first.
func (w *watcher) hear(ctx context.Context, client *http.Client, number int) (outcome string, read int64, err error) {
	stream, outcome, err := w.stream(ctx, client, number)
	if stream == nil || err != nil {
		return outcome, 0, err
	}
	for {
		line, err := stream.ReadString('\n')
		read += int64(len(line))
		if err != nil {
			w.keep(number, nil)
			return "", read, err
		}
		if strings.HasPrefix(line, "data:") {
			return "ok", read, nil
		}
	}
}

// awaitChange waits until a console reads again what it shows: after an event, and as often as its pace says.
func (w *watcher) awaitChange(ctx context.Context, client *http.Client, number int) (outcome string, err error) {
	outcome, _, err = w.hear(ctx, client, number)
	if outcome != "ok" || err != nil {
		return outcome, err
	}
	w.mutex.Lock()
	pause := w.paces[number].pause
	w.mutex.Unlock()
	select {
	case <-ctx.Done():
	case <-time.After(pause):
	}
	return "", ctx.Err()
}

// stream returns the stream of a listener; nil with the status if it is refused.
func (w *watcher) stream(ctx context.Context, client *http.Client, number int) (*bufio.Reader, string, error) {
	w.mutex.Lock()
	stream := w.streams[number]
	w.mutex.Unlock()
	if stream != nil {
		return stream, "", nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.attack.Server+"/events", nil)
	if err != nil {
		return nil, "", err
	}
	request.Header.Set("Authorization", "Bearer "+w.token(number))
	lasting := &http.Client{Transport: client.Transport} // without the other's timeout
	response, err := lasting.Do(request)                 // it is read until the end of ctx, which closes its body
	if err != nil || response.StatusCode != http.StatusOK {
		select { // a real one waits as well
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
		if err == nil {
			_ = response.Body.Close()
			return nil, fmt.Sprint(response.StatusCode), nil
		}
		return nil, "", err
	}
	stream = bufio.NewReader(response.Body)
	w.keep(number, stream)
	w.opened.add(number)
	return stream, "", nil
}

// keep notes the stream of a listener; nil: none.
func (w *watcher) keep(number int, stream *bufio.Reader) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.streams[number] = stream
}

// token returns the access token of a console or listener.
func (w *watcher) token(number int) string { return w.attack.Watchers[number%len(w.attack.Watchers)] }

// spend and detail are what the console's first page asks for: what is spent and the budgets; who spends it, and what needs attention.
const (
	spend = `query Spend($owner: ID!, $usage: UsageFilter!) {
	usage(filter: $usage, interval: DAY) { series { buckets { start cost requests tokens denied } } }
	node(id: $owner) { ... on Organization { budgetLimits {
		id type amount used reserved remaining exhausted periodStart periodEnd projectedExhaustion burnDown(interval: DAY) { at used } } } }
}`
	detail = `query Detail($owner: ID!, $month: UsageFilter!, $today: Time!) {
	keys: usage(filter: $month, interval: MONTH, groupBy: [API_KEY], top: 5) { ...Top }
	models: usage(filter: $month, interval: MONTH, groupBy: [MODEL], top: 5) { ...Top }
	workspaces: usage(filter: $month, interval: MONTH, groupBy: [WORKSPACE], top: 5) { ...Top }
	alerts(first: 5) { nodes { id kind type threshold amount used raisedAt } }
	exhausted: apiKeys(filter: {statuses: [EXHAUSTED]}, first: 8) { nodes { ...Key } }
	recent: apiKeys(filter: {statuses: [ACTIVE]}, orderBy: {field: LAST_USED_AT, direction: DESC}, first: 50) { nodes { ...Key } }
	denials(filter: {subjectId: $owner, from: $today}, first: 50) { requests edges { node { hour reason count } } }
}
fragment Top on UsageReport { total { cost } series { others total { cost tokens requests } dimensions { value } } }
fragment Key on ApiKey { id name lastUsedAt budgetLimits { id type amount used reserved } rateLimits { id type limit interval used reserved } }`
)

// ask asks for what the page shows. The times of its reports are those of days and months, as the console's are.
func (w *watcher) ask(ctx context.Context, client *http.Client, number int) (outcome string, read int64, err error) {
	year, month, day := time.Now().UTC().Date()
	today := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	filter := func(from time.Time) map[string]any {
		return map[string]any{"subjectId": w.attack.Subject, "from": from, "to": today.AddDate(0, 0, 1)}
	}
	owner := w.attack.Subject
	began := time.Now()
	for query, variables := range map[string]map[string]any{
		spend:  {"owner": owner, "usage": filter(today.AddDate(0, -1, 1-day))},
		detail: {"owner": owner, "month": filter(today.AddDate(0, 0, 1-day)), "today": today},
	} {
		body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
		if err != nil {
			return "", read, err
		}
		answer, more, err := w.attack.post(ctx, client, w.token(number), bytes.NewReader(body))
		read += more
		if err != nil {
			return "", read, err
		}
		if outcome == "" || outcome == "ok" {
			outcome = answer
		}
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.paces[number] = w.paces[number].after(time.Since(began), outcome == "UNAVAILABLE")
	return outcome, read, nil
}
