package importer

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"bursar/db"
)

// Guarantee: however an organization, its workspaces and its API keys have spent, each budget begins with what was spent of it there: an API key's
// with its own, a workspace's and the organization's with theirs, or the sum of its API keys if nothing else is known of more; nothing that is there already
// is charged again; and no API key is charged more than it has spent.
func TestOpenings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		budget := []Limit{{Kind: db.LimitKindBUDGET, Type: db.LimitTypeCOST, Period: db.LimitPeriodNONE, MaxUnits: 1}}
		limits := func(of string) []Limit {
			if rapid.Bool().Draw(rt, of+" has a budget") {
				return budget
			}
			return nil
		}
		spent := func(of string) *Amounts {
			return &Amounts{CostNanos: rapid.Int64Range(0, 20).Draw(rt, of+" spent")}
		}
		o := Organization{State: rapid.SampledFrom([]State{New, There}).Draw(rt, "organization"), Limits: limits("organization"), Opening: spent("organization")}
		for i := range rapid.IntRange(0, 2).Draw(rt, "workspaces") {
			name := fmt.Sprint("w", i)
			o.Workspaces = append(o.Workspaces, Workspace{ExternalID: name, State: rapid.SampledFrom([]State{New, There}).Draw(rt, name), Limits: limits(name), Opening: spent(name)})
		}
		for i := range rapid.IntRange(0, 4).Draw(rt, "keys") {
			name := fmt.Sprint("k", i)
			o.Keys = append(o.Keys, Key{ExternalID: name, Workspace: rapid.SampledFrom([]string{"", "w0", "w1"}).Draw(rt, "workspace"),
				State: rapid.SampledFrom([]State{New, There}).Draw(rt, name), Limits: limits(name), Opening: spent(name)})
		}
		ofKeys, ofWorkspaces, booked := map[string]int64{}, map[string]int64{}, map[string]int64{}
		var whole int64
		for _, opening := range o.Openings() {
			units := opening.Amounts.CostNanos
			if units <= 0 || !opening.OfKey && !opening.OfWorkspace && !opening.OfWhole {
				rt.Fatalf("an opening of %d that nothing counts", units)
			}
			if opening.Key != nil {
				booked[opening.Key.ExternalID] += units
			}
			if opening.OfKey {
				ofKeys[opening.Key.ExternalID] += units
			}
			if opening.OfWorkspace {
				ofWorkspaces[opening.Workspace.ExternalID] += units
			}
			if opening.OfWhole {
				whole += units
			}
		}
		expect := func(of string, got, spent int64, state State, limits []Limit) {
			want := spent
			if state == There || len(limits) == 0 {
				want = 0
			}
			if got != want {
				rt.Fatalf("%s begins with %d, want %d", of, got, want)
			}
		}
		expect("the organization", whole, o.Opening.CostNanos, o.State, o.Limits)
		for _, w := range o.Workspaces {
			expect(w.ExternalID, ofWorkspaces[w.ExternalID], w.Opening.CostNanos, w.State, w.Limits)
		}
		for _, k := range o.Keys {
			expect(k.ExternalID, ofKeys[k.ExternalID], k.Opening.CostNanos, k.State, k.Limits)
			if booked[k.ExternalID] > k.Opening.CostNanos {
				rt.Fatalf("%s is booked %d of %d", k.ExternalID, booked[k.ExternalID], k.Opening.CostNanos)
			}
		}
	})
}
