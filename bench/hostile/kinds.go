package hostile

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"bursar/auth"
)

// Flood is the name of the kind of attack that is no part of the mix: an organization's gateways make more enforcement calls than
// their share of a lane's queue.
const Flood = "a flooded lane"

// Kinds returns the names of the kinds of attack in the mix.
func Kinds() (names []string) {
	for _, kind := range (&Attack{}).mix() {
		names = append(names, kind.name)
	}
	return names
}

// watches tells whether those who watch are among the chosen kinds.
func (a *Attack) watches() bool {
	return slices.Contains(a.Only, Consoles) || slices.Contains(a.Only, Listeners)
}

// chosen returns the kinds of attack that are run. Their streams are counted.
func (a *Attack) chosen(streams *opening) []kind {
	if len(a.Only) == 0 {
		return a.mix()
	}
	flood := kind{name: Flood, expects: []string{"ok"}, times: floodSize / attackSize, send: a.reserve}
	return slices.DeleteFunc(slices.Concat(a.mix(), a.watching(streams), []kind{flood}), func(k kind) bool { return !slices.Contains(a.Only, k.name) })
}

// mix returns the kinds of attack on what is not enforcement: the most expensive requests within the limits of documents and
// bodies, and requests beyond them.
func (a *Attack) mix() []kind {
	const largest = 128<<10 - 1000 // bytes of a body, just below the limit
	const anonymous, rejected, tooComplex = "UNAUTHENTICATED", "BAD_USER_INPUT", "QUERY_TOO_COMPLEX"
	return []kind{
		{name: "large bodies without a token", expects: []string{anonymous}, times: 1, send: a.large("", largest)},
		{name: "wrong tokens", expects: []string{anonymous}, times: 1, send: a.wrongToken},
		{name: "slow bodies", expects: []string{rejected, "408", anonymous}, times: 16, send: a.slow},
		{name: "bodies of 128 KiB", expects: []string{rejected, tooComplex}, times: 1, send: a.large(a.Viewer, largest)},
		{name: "bodies of 16 MiB", expects: []string{rejected, "413"}, times: 1, send: a.large(a.Viewer, 16<<20)},
		{name: "aborted reports", expects: []string{"aborted", "ok", rejected, tooComplex}, times: 1, send: a.aborted},
		{name: "reports of 90 days in all dimensions", expects: []string{"ok", rejected, tooComplex}, times: 1, send: a.reports(a.Viewer)},
		{name: "pages of 100 keys with their limits", expects: []string{"ok"}, times: 1, send: a.sends(a.Viewer, widePages())},
		{name: "10 lists in one document", expects: []string{"ok"}, times: 1, send: a.sends(a.Admin, manyRoots())},
		{name: "10 checks in one document", expects: []string{"ok"}, times: 1, send: a.sends(a.Viewer, a.manyChecks())},
		{name: "documents of 2,000 wrong names", expects: []string{rejected, tooComplex}, times: 1, send: a.sends(a.Viewer, "{viewer{"+numbered(1_900, "rool%d")+"}}")},
		{name: "fields that overlap", expects: []string{"ok", rejected, tooComplex}, times: 1, send: a.sends(a.Viewer, overlappingFields())},
		{name: "fragments within fragments", expects: []string{"ok", rejected, tooComplex}, times: 1, send: a.sends(a.Viewer, fragmentBomb())},
		{name: "deep nesting", expects: []string{rejected, tooComplex}, times: 1, send: a.sends(a.Viewer, strings.Repeat("{a", 20_000))},
		{name: "keys with 100 recipients and many limits", expects: []string{"ok", "QUOTA_EXCEEDED"}, times: 1, send: a.createKeys},
	}
}

func (a *Attack) sends(token, query string) send {
	return func(ctx context.Context, client *http.Client, _ int) (string, int64, error) {
		return a.document(ctx, client, token, query, nil)
	}
}

// large sends variables of a number of bytes, in chunks: the length is not in the header.
func (a *Attack) large(token string, size int) send {
	const start, end = `{"query":"query Q($a: [Int!]) { viewer { role } }","variables":{"a":[`, `1]}}`
	body := start + strings.Repeat("1,", (size-len(start)-len(end))/2) + end
	return func(ctx context.Context, client *http.Client, _ int) (string, int64, error) {
		// net/http cannot see the strings.Reader, and so does not set Content-Length
		return a.post(ctx, client, token, struct{ io.Reader }{strings.NewReader(body)})
	}
}

// wrongToken sends a well-formed token that does not exist.
func (a *Attack) wrongToken(ctx context.Context, client *http.Client, _ int) (string, int64, error) {
	return a.document(ctx, client, auth.NewSecret(auth.AccessTokenPrefix).Text, "{viewer{role}}", nil)
}

// slow sends a body at one byte a second until the server ends the request.
func (a *Attack) slow(ctx context.Context, client *http.Client, _ int) (string, int64, error) {
	return a.post(ctx, client, a.Viewer, &drip{ctx: ctx})
}

// drip is an endless body of one byte a second.
type drip struct {
	ctx context.Context
}

func (d *drip) Read(into []byte) (int, error) {
	select {
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	case <-time.After(time.Second):
		into[0] = ' '
		return 1, nil
	}
}

// aborted asks for a report and cancels the request before it is answered.
func (a *Attack) aborted(ctx context.Context, client *http.Client, number int) (string, int64, error) {
	short, cancel := context.WithTimeout(ctx, time.Duration(5+number)*time.Millisecond)
	defer cancel()
	outcome, read, err := a.reports(a.Viewer)(short, client, number)
	if err != nil && short.Err() != nil {
		return "aborted", 0, nil
	}
	return outcome, read, err
}

// reports asks for a report with the most buckets that are allowed, and for one with more.
func (a *Attack) reports(token string) send {
	const query = `query U($f: UsageFilter!, $i: UsageInterval!, $g: [UsageDimension!]) { usage(filter: $f, interval: $i, groupBy: $g) {
		series { dimensions { dimension value } buckets { start end requests inputTokens outputTokens tokens cost } } } }`
	return func(ctx context.Context, client *http.Client, number int) (string, int64, error) {
		to := time.Now().UTC()
		interval, groups := "DAY", []string{"API_KEY", "WORKSPACE", "MODEL", "PROVIDER"}
		if number%2 == 1 { // the most buckets that a report may have
			interval, groups = "HOUR", []string{"MODEL", "PROVIDER"}
		}
		return a.document(ctx, client, token, query, map[string]any{
			"f": map[string]any{"subjectId": a.Subject, "from": to.AddDate(0, 0, -90), "to": to}, "i": interval, "g": groups,
		})
	}
}

// createKeys creates API keys with the most recipients and limits that are allowed.
func (a *Attack) createKeys(ctx context.Context, client *http.Client, _ int) (string, int64, error) {
	const query = `mutation C($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id recipients { email } budgetLimits { id } rateLimits { id } } } }`
	emails, budgets, rates := make([]string, 100), []any{}, []any{}
	for i := range emails {
		emails[i] = fmt.Sprintf("recipient-%d@attack.test", i)
	}
	for _, kind := range []string{"COST", "TOKENS"} {
		for _, reset := range []string{"NONE", "WEEKLY", "MONTHLY"} {
			budgets = append(budgets, map[string]any{"type": kind, "amount": 100, "periodicReset": reset})
		}
	}
	for _, kind := range []string{"REQUESTS", "TOKENS"} {
		for _, interval := range []string{"MINUTE", "HOUR", "DAY"} {
			rates = append(rates, map[string]any{"type": kind, "limit": 100, "interval": interval})
		}
	}
	return a.document(ctx, client, a.Admin, query, map[string]any{"input": map[string]any{
		"ownerId": a.Subject, "name": "attack", "recipients": emails, "budgetLimits": budgets, "rateLimits": rates,
	}})
}

// reserve reserves for one key, with the document of a gateway, which the server knows.
func (a *Attack) reserve(ctx context.Context, client *http.Client, _ int) (string, int64, error) {
	body := `{"query":"mutation Reserve($input: ReserveUsageInput!) { reserveUsage(input: $input) { reservation { id } decision { allowed } } }",` +
		`"variables":{"input":{"key":"` + a.Secret + `","requestId":"` + rand.Text() + `","estimate":{"tokens":1}}}}`
	return a.post(ctx, client, a.Gateway, strings.NewReader(body))
}

func widePages() string {
	return "{apiKeys(first:100){edges{node{id recipients{email source} budgetLimits{id type amount used reserved remaining periodStart} " +
		"rateLimits{id type limit used reserved remaining windowStart}}}}}"
}

func manyRoots() string {
	return "{" + numbered(10, "k%d:apiKeys(first:10){totalCount edges{node{id status recipients{email} budgetLimits{used} rateLimits{used}}}}") + "}"
}

func (a *Attack) manyChecks() string {
	return "{" + numbered(10, "c%d:checkUsage(input:{secret:\""+a.Secret+"\"}){allowed limits{used}}") + "}"
}

func overlappingFields() string {
	return "{viewer{organization{" + strings.Repeat("workspaces(first:1){edges{node{id name slug createdAt budgetLimits{id used} rateLimits{id used} recipients{email}}}} ", 50) + "}}}"
}

func fragmentBomb() string {
	var bomb strings.Builder
	bomb.WriteString("{viewer{organization{...f0}}}")
	for i := range 10 {
		fmt.Fprintf(&bomb, "fragment f%d on Organization{%s} ", i, strings.Repeat(fmt.Sprintf("...f%d ", i+1), 2))
	}
	return bomb.String() + "fragment f10 on Organization{id}"
}

// numbered repeats a format with the numbers from 0 on.
func numbered(number int, format string) string {
	var all bytes.Buffer
	for i := range number {
		fmt.Fprintf(&all, format+" ", i)
	}
	return all.String()
}
