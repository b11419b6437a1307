package db_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"pgregory.net/rapid"

	"bursar/db"
)

// importPrices imports a list, and returns what was done with each price of it, in its order.
func (g *gateway) importPrices(list string) (changes string, err error) {
	rows, err := db.New().ImportPrices(context.Background(), g.Pool, &db.ImportPricesParams{Prices: []byte(list), Now: &g.now})
	if err != nil {
		return "", err
	}
	done := make([]string, len(rows))
	for _, row := range rows {
		done[row.Ordinal-1] = row.Change
	}
	return strings.Join(done, " "), nil
}

func imported(model, more string, input, output int64) string {
	return fmt.Sprintf(`{"provider": "OpenAI", "model": %q%s, "rates": [{"unit": "INPUT_TOKENS", "picos": %d}, {"unit": "OUTPUT_TOKENS", "picos": %d,
		"service_tier": "STANDARD", "above_input_tokens": 0}]}`, model, more, input, output)
}

// An import makes what is new, closes what differs from now on, and touches nothing else: not even the day on which a price was read. History
// of the list is made where there was none, and left alone where there is.
func TestImportPrices(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	list := func(list ...string) string { return "[" + strings.Join(list, ",") + "]" }
	old := `, "effective_from": "2025-01-01T00:00:00Z", "effective_to": "2026-01-01T00:00:00Z"`
	since := `, "effective_from": "2026-01-01T00:00:00Z", "source": "catalogue", "checked_at": "2026-02-01T00:00:00Z", "max_output_tokens": 32768`
	ahead := `, "effective_from": "2027-01-01T00:00:00Z"`
	first := list(imported("gpt-4.1", since, 10, 20), imported("gpt-4.1", old, 11, 20), imported("gpt-4*", "", 1, 2), imported("gpt-4*", ahead, 1, 1))
	got, err := g.importPrices(first)
	must(t, 0, err)
	equal(t, "first", got, "NEW NEW NEW NEW")
	for at, want := range map[string]string{"2025-06-01": "11", "2026-01-01": "10", "2026-06-01": "10"} {
		equal(t, "input in "+at, query[string](g, `select p.rates -> 0 ->> 'picos' from find_price(null, 'openai', 'GPT-4.1',
			$1::text::timestamptz) f join prices p on p.id = f.id where p.source = case when $1 < '2026' then '' else 'catalogue' end`, at), want)
	}
	before := query[string](g, `select string_agg(p::text, ' ' order by id) from prices p`)
	later := g.after(time.Hour)
	got, err = later.importPrices(strings.ReplaceAll(first, "2026-02-01", "2026-03-01"))
	must(t, 0, err)
	equal(t, "again", got, "UNCHANGED KEPT UNCHANGED UNCHANGED")
	equal(t, "prices", query[string](g, `select string_agg(p::text, ' ' order by id) from prices p`), before)

	got, err = later.importPrices(list(imported("gpt-4.1", since, 12, 20), imported("o3", "", 0, 0)))
	must(t, 0, err)
	equal(t, "changed", got, "CHANGED NEW")
	equalTime(t, "from now on", query[time.Time](g, `select max(effective_from) from prices where model = 'gpt-4.1'`), later.now)
	equal(t, "audited", query[int](g, `select count(*)::integer from audit_log where target_type = 'prc'
		and organization_id = '00000000-0000-0000-0000-000000000000'`), 4+3)
}

// An import with anything wrong in it imports nothing.
func TestImportIsAllOrNothing(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	good := imported("good", "", 1, 2)
	for what, wrong := range map[string]string{
		"a negative price":   imported("bad", "", -1, 2),
		"a fraction":         strings.Replace(good, `"picos": 1`, `"picos": 1.5`, 1),
		"a text":             strings.Replace(good, `"picos": 1`, `"picos": "free"`, 1),
		"not a number":       strings.Replace(good, `"picos": 1`, `"picos": "NaN"`, 1),
		"too large a number": strings.Replace(good, `"picos": 1`, `"picos": 1e400`, 1),
		"no price":           strings.Replace(good, `, "picos": 1`, ``, 1),
		"an unknown unit":    strings.Replace(good, `INPUT_TOKENS`, `INPUT`, 1),
		"a unit twice":       strings.Replace(good, `OUTPUT_TOKENS`, `INPUT_TOKENS`, 1),
		"no rate":            `{"provider": "x", "model": "y", "rates": []}`,
		"no rates":           `{"provider": "x", "model": "y"}`,
		"no model":           `{"provider": "x", "rates": [{"unit": "REQUESTS", "picos": 1}]}`,
		"an empty model":     imported("", "", 1, 2),
		"two stars":          imported("a**", "", 1, 2),
		"no provider":        `{"model": "x", "rates": [{"unit": "REQUESTS", "picos": 1}]}`,
		"twice the same":     good,
		"ends as it begins":  imported("bad", `, "effective_from": "2026-01-01T00:00:00Z", "effective_to": "2026-01-01T00:00:00Z"`, 1, 1),
		"an output of 0":     imported("bad", `, "max_output_tokens": 0`, 1, 1),
	} {
		_, err := g.importPrices("[" + good + "," + wrong + "]")
		if refused, is := errors.AsType[*pgconn.PgError](err); !is || refused.Code[:2] != "22" && refused.Code[:2] != "23" {
			t.Errorf("%s: %v", what, err)
		}
		equal(t, "prices with "+what, query[int](g, `select count(*)::integer from prices`), 0)
	}
	for what, malformed := range map[string]string{"no list": `{}`, "a truncated file": `[` + good + `,{"provider"`, "a list of numbers": `[1]`} {
		if got, err := g.importPrices(malformed); err == nil {
			t.Errorf("%s: %s", what, got)
		}
	}
}

// A list does what its prices do one after the other, by their beginnings: whatever there is before, prices are the same afterwards, and so is what was
// done with each.
func TestListIsItsPricesOneByOne(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	type listed struct {
		Provider string           `json:"provider"`
		Model    string           `json:"model"`
		From     *time.Time       `json:"effective_from,omitempty"`
		To       *time.Time       `json:"effective_to,omitempty"`
		Output   int              `json:"max_output_tokens,omitempty"`
		Rates    []map[string]any `json:"rates"`
	}
	rapid.Check(t, func(rt *rapid.T) {
		g.exec(`delete from prices`)
		list := rapid.Custom(func(rt *rapid.T) (l []listed) {
			for _, model := range []string{"one", "two", "two*"} {
				from := g.now.AddDate(0, 0, -3)
				for range rapid.IntRange(0, 3).Draw(rt, "prices") {
					from = from.AddDate(0, 0, rapid.IntRange(1, 2).Draw(rt, "days"))
					p := listed{Provider: "Acme", Model: model, From: new(from), Output: rapid.SampledFrom([]int{0, 0, 5}).Draw(rt, "output"),
						Rates: []map[string]any{{"unit": "REQUESTS", "picos": rapid.IntRange(1, 2).Draw(rt, "picos")}}}
					if rapid.Bool().Draw(rt, "ends") {
						from = from.AddDate(0, 0, 1)
						p.To = new(from)
					}
					l = append(l, p)
				}
			}
			return rapid.Permutation(l).Draw(rt, "order")
		})
		first, second := list.Draw(rt, "first"), list.Draw(rt, "second")
		rows := func() string {
			return query[string](g, `select coalesce(string_agg(concat_ws(' ', model, is_prefix, effective_from, effective_to, max_output_tokens, rates, step_rates), '; '
				order by model, is_prefix, effective_from, effective_to), '') from prices`)
		}
		play := func(list []listed) (changes string) {
			encoded, err := json.Marshal(append([]listed{}, list...))
			changes, err = g.importPrices(string(must(t, encoded, err)))
			return must(t, changes, err)
		}
		want, wantRows := play(first)+" | "+play(second), rows()
		g.exec(`delete from prices`)
		one := func(list []listed) string {
			changes := make([]string, len(list))
			order := slices.SortedFunc(maps.Keys(maps.Collect(slices.All(list))), func(a, b int) int { return list[a].From.Compare(*list[b].From) })
			for _, i := range order {
				p := list[i]
				for _, next := range order { // as the list says, a price ends where the next one begins
					if q := list[next]; q.Model == p.Model && q.From.After(*p.From) && p.To == nil {
						p.To = q.From
					}
				}
				changes[i] = play([]listed{p})
			}
			return strings.Join(changes, " ")
		}
		if got := one(first) + " | " + one(second); got != want || rows() != wantRows {
			rt.Fatalf("one by one: %s\n%s\nas a list: %s\n%s", got, rows(), want, wantRows)
		}
	})
}
