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
	// watchLead is for streams to begin, which takes longer while gateways call.
	watchLead = 10 * time.Second
)

// Watched are gateways whose organization others look at.
type Watched struct {
	Phases   []bench.Row `json:"phases"`   // in an open loop at half of the capacity: quiet and watched by turns
	Slowdown float64     `json:"slowdown"` // p99 watched / quiet p99
	Watching *Result     `json:"watching"`
}

// measureWatched measures gateways at half of the capacity while others look at their organization: consoles, which listen to events and ask anew for
// what they show when there is one, and listeners, which do not ask.
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
		of := trial{r.gateways(), r.rate(2), r.Duration / 2, r.PIDs, &(*row.into).Phases}
		results, err := r.measureRounds(ctx, watching, of, "quiet", row.name)
		if err != nil {
			return err
		}
		(*row.into).Watching = results[0]
	}
	return nil
}

// prepareWatching makes access tokens of the gateways' organization for those who watch it.
func (r *runner) prepareWatching(ctx context.Context, name string, size int) (*Attack, error) {
	a := &Attack{Server: r.Attacked, Subject: id.Organization.Format(r.Data.OrganizationID), Size: size, Only: []string{name}, Lead: min(watchLead, r.Duration)}
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
func (a *Attack) watching() []kind {
	return []kind{
		{name: Consoles, expects: []string{"ok"}, times: 1, send: (&watcher{attack: a, streams: map[int]*bufio.Reader{}, asks: true}).send},
		{name: Listeners, expects: []string{"ok"}, times: 1, send: (&watcher{attack: a, streams: map[int]*bufio.Reader{}}).send},
	}
}

// watcher is a number of listeners, each with a stream.
type watcher struct {
	attack *Attack
	asks   bool // whether each asks anew after an event

	mutex   sync.Mutex
	streams map[int]*bufio.Reader
}

// send waits for the next event of a listener's stream, which it opens first, and lets a console ask for what it shows.
func (w *watcher) send(ctx context.Context, client *http.Client, number int) (string, int64, error) {
	token := w.attack.Watchers[number%len(w.attack.Watchers)]
	stream, outcome, err := w.stream(ctx, client, token, number)
	if stream == nil || err != nil {
		return outcome, 0, err
	}
	read := int64(0)
	for event := false; !event; {
		line, err := stream.ReadString('\n')
		read += int64(len(line))
		if err != nil {
			w.keep(number, nil)
			return "", read, err
		}
		event = strings.HasPrefix(line, "data:")
	}
	if !w.asks {
		return "ok", read, nil
	}
	outcome, answered, err := w.ask(ctx, client, token)
	return outcome, read + answered, err
}

// stream returns the stream of a listener; nil with the status if it is refused.
func (w *watcher) stream(ctx context.Context, client *http.Client, token string, number int) (*bufio.Reader, string, error) {
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
	request.Header.Set("Authorization", "Bearer "+token)
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
	return stream, "", nil
}

// keep notes the stream of a listener; nil: none.
func (w *watcher) keep(number int, stream *bufio.Reader) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.streams[number] = stream
}

// overview is what a console shows of an organization.
const overview = `query Overview($owner: ID!, $month: UsageFilter!, $day: UsageFilter!) {
	node(id: $owner) { ... on Organization { budgetLimits { id type amount used reserved remaining periodEnd } rateLimits { id type limit used } } }
	month: usage(filter: $month, interval: DAY, groupBy: [MODEL], top: 5) {
		series { dimensions { dimension value } buckets { start requests tokens cost } } total { requests tokens cost } }
	day: usage(filter: $day, interval: HOUR) { series { buckets { start requests tokens cost } } }
	apiKeys(filter: {ownerId: $owner}, first: 20) { nodes { id name status lastUsedAt } }
	alerts(filter: {subjectId: $owner}, first: 10) { nodes { id kind raisedAt } }
}`

// ask asks for what an overview shows.
func (w *watcher) ask(ctx context.Context, client *http.Client, token string) (string, int64, error) {
	to := time.Now().UTC()
	filter := func(days int) map[string]any {
		return map[string]any{"subjectId": w.attack.Subject, "from": to.AddDate(0, 0, -days).Truncate(time.Hour), "to": to}
	}
	body, err := json.Marshal(map[string]any{"query": overview, "variables": map[string]any{
		"owner": w.attack.Subject, "month": filter(30), "day": filter(1),
	}})
	if err != nil {
		return "", 0, err
	}
	return w.attack.post(ctx, client, token, bytes.NewReader(body))
}
