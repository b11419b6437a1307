package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"bursar/auth"
)

// assaults are all kinds of attack: the worst that the limits of documents and bodies let through, and what they do not.
func (a *Attack) assaults() []assault {
	const largest = 128<<10 - 1000 // bytes of a body, and not one more
	const none, rejected, unread = "UNAUTHENTICATED", "BAD_USER_INPUT", "QUERY_TOO_COMPLEX"
	return []assault{
		{name: "large bodies without a token", expects: []string{none}, times: 1, strike: a.large("", largest)},
		{name: "wrong tokens", expects: []string{none}, times: 1, strike: a.wrongToken},
		{name: "slow bodies", expects: []string{rejected, "408", none}, times: 16, strike: a.slow},
		{name: "bodies of 128 KiB", expects: []string{rejected, unread}, times: 1, strike: a.large(a.Viewer, largest)},
		{name: "bodies of 16 MiB", expects: []string{rejected, "413"}, times: 1, strike: a.large(a.Viewer, 16<<20)},
		{name: "aborted reports", expects: []string{"aborted", "ok", rejected, unread}, times: 1, strike: a.aborted},
		{name: "reports of 90 days in all dimensions", expects: []string{"ok", rejected, unread}, times: 1, strike: a.reports(a.Viewer)},
		{name: "pages of 100 keys with their limits", expects: []string{"ok"}, times: 1, strike: a.sends(a.Viewer, widePages())},
		{name: "10 lists in one document", expects: []string{"ok"}, times: 1, strike: a.sends(a.Admin, manyRoots())},
		{name: "10 checks in one document", expects: []string{"ok"}, times: 1, strike: a.sends(a.Viewer, a.manyChecks())},
		{name: "documents of 2,000 wrong names", expects: []string{rejected, unread}, times: 1, strike: a.sends(a.Viewer, "{viewer{"+numbered(1_900, "rool%d")+"}}")},
		{name: "fields that overlap", expects: []string{"ok", rejected, unread}, times: 1, strike: a.sends(a.Viewer, overlappingFields())},
		{name: "fragments within fragments", expects: []string{"ok", rejected, unread}, times: 1, strike: a.sends(a.Viewer, fragmentBomb())},
		{name: "deep nesting", expects: []string{rejected, unread}, times: 1, strike: a.sends(a.Viewer, strings.Repeat("{a", 20_000))},
		{name: "keys with 100 recipients and many limits", expects: []string{"ok"}, times: 1, strike: a.createKeys},
	}
}

func (a *Attack) sends(token, query string) func(context.Context, *http.Client, int) (string, int64, error) {
	return func(ctx context.Context, client *http.Client, _ int) (string, int64, error) {
		return a.document(ctx, client, token, query, nil)
	}
}

// large sends variables of a number of bytes, whose length is not said beforehand.
func (a *Attack) large(token string, size int) func(context.Context, *http.Client, int) (string, int64, error) {
	const start, end = `{"query":"query Q($a: [Int!]) { viewer { role } }","variables":{"a":[`, `1]}}`
	body := start + strings.Repeat("1,", (size-len(start)-len(end))/2) + end
	return func(ctx context.Context, client *http.Client, _ int) (string, int64, error) {
		// nothing but a reader, which is sent piece by piece: net/http would copy a string of 16 MB before
		return a.post(ctx, client, token, struct{ io.Reader }{strings.NewReader(body)})
	}
}

// wrongToken presents a token as Bursar makes them, but one that it has not made.
func (a *Attack) wrongToken(ctx context.Context, client *http.Client, _ int) (string, int64, error) {
	return a.document(ctx, client, auth.NewSecret(auth.AccessTokenPrefix).Text, "{viewer{role}}", nil)
}

// slow sends a byte a second until the server has enough of it.
func (a *Attack) slow(ctx context.Context, client *http.Client, _ int) (string, int64, error) {
	return a.post(ctx, client, a.Viewer, &drip{ctx: ctx})
}

// drip is a body that comes a byte a second and has no end.
type drip struct {
	//nolint:containedctx // a reader has no other way to learn of the end
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

// aborted asks for a report and leaves before it can be there.
func (a *Attack) aborted(ctx context.Context, client *http.Client, number int) (string, int64, error) {
	impatient, cancel := context.WithTimeout(ctx, time.Duration(5+number)*time.Millisecond)
	defer cancel()
	outcome, read, err := a.reports(a.Viewer)(impatient, client, number)
	if err != nil && impatient.Err() != nil {
		return "aborted", 0, nil
	}
	return outcome, read, err
}

// reports asks for as many buckets as a report may have, and for more.
func (a *Attack) reports(token string) func(context.Context, *http.Client, int) (string, int64, error) {
	const query = `query U($f: UsageFilter!, $i: UsageInterval!, $g: [UsageDimension!]) { usage(filter: $f, interval: $i, groupBy: $g) {
		series { dimensions { dimension value } buckets { start end requests inputTokens outputTokens tokens cost } } } }`
	return func(ctx context.Context, client *http.Client, number int) (string, int64, error) {
		to := time.Now().UTC()
		interval, groups := "DAY", []string{"API_KEY", "WORKSPACE", "MODEL", "PROVIDER"}
		if number%2 == 1 { // as many buckets as one report has
			interval, groups = "HOUR", []string{"MODEL", "PROVIDER"}
		}
		return a.document(ctx, client, token, query, map[string]any{
			"f": map[string]any{"subjectId": a.Subject, "from": to.AddDate(0, 0, -90), "to": to}, "i": interval, "g": groups,
		})
	}
}

// createKeys makes API keys with as much about them as may be, as an administrator who means harm.
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

func widePages() string {
	return "{apiKeys(first:100){edges{node{id recipients{email source} budgetLimits{id type amount used reserved remaining periodStart} " +
		"rateLimits{id type limit used reserved remaining windowStart}}}}}"
}

func manyRoots() string {
	return "{" + numbered(10, "k%d:apiKeys(first:10){totalCount edges{node{id status recipients{email} budgetLimits{used} rateLimits{used}}}}") + "}"
}

func (a *Attack) manyChecks() string {
	return "{" + numbered(10, "c%d:checkUsage(input:{key:\""+a.Secret+"\"}){allowed limits{used}}") + "}"
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

// numbered repeats a text with a number in it, which counts from 0.
func numbered(number int, format string) string {
	var all bytes.Buffer
	for i := range number {
		fmt.Fprintf(&all, format+" ", i)
	}
	return all.String()
}
