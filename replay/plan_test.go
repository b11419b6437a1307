package replay

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// The same row is always the same call, in whatever order the server lists the keys.
func TestPlanIsDeterministic(t *testing.T) {
	t.Parallel()
	keys := someKeys(12)
	forward := newPlan(keys, 0)
	slices.Reverse(keys)
	backward := newPlan(keys, 0)
	for row := range 1000 {
		r := request{inputTokens: int64(row), outputTokens: 7}
		a, b := forward.call(row, r), backward.call(row, r)
		if a.key.ID != b.key.ID || a.model.name != b.model.name {
			t.Fatalf("row %d is %+v or %+v", row, a, b)
		}
	}
}

// A few keys get most of the requests: the n-th about 1/n of what the first gets; models get their shares.
func TestPlanIsSkewed(t *testing.T) {
	t.Parallel()
	const rows = 100_000
	p := newPlan(someKeys(12), 0)
	byKey, byModel := map[string]float64{}, map[string]float64{}
	for row := range rows {
		c := p.call(row, request{})
		byKey[c.key.ID]++
		byModel[c.model.name]++
	}
	for n := 2; n <= 12; n++ {
		ratio := byKey[keyID(n)] * float64(n) / byKey[keyID(1)]
		if math.Abs(ratio-1) > 0.05 {
			t.Errorf("key %d got %v of %v, want 1/%d of it", n, byKey[keyID(n)], byKey[keyID(1)], n)
		}
	}
	for _, m := range models() {
		if got := 100 * byModel[m.name] / rows; math.Abs(got-float64(m.share)) > 0.5 {
			t.Errorf("%s got %.1f %%, want %d", m.name, got, m.share)
		}
	}
}

// An estimate is never below what is used, and at least one step of output: a real bound cannot know that none comes.
func TestEstimateIsUpperBound(t *testing.T) {
	t.Parallel()
	p := newPlan(someKeys(1), 0)
	for output, bound := range map[int64]int64{0: 256, 1: 256, 255: 256, 256: 256, 257: 512, 1000: 1024} {
		c := p.call(0, request{inputTokens: 10, outputTokens: output})
		if c.maxOutputTokens != bound || c.estimatedTokens() != 10+bound {
			t.Errorf("output %d: bound %d, %d tokens, want %d", output, c.maxOutputTokens, c.estimatedTokens(), bound)
		}
		if c.estimatedNanos() < c.model.cost(10, output) {
			t.Errorf("output %d: %d nano-dollars are estimated for less than it costs", output, c.estimatedNanos())
		}
	}
}

// The largest row at the highest price is far from what an int64 holds, and shares are per cents.
func TestModels(t *testing.T) {
	t.Parallel()
	var shares uint64
	for _, m := range models() {
		shares += m.share
		if cost := m.cost(maxRequestTokens, maxRequestTokens+outputStep); cost < 0 || cost/m.outputPrice < maxRequestTokens {
			t.Errorf("%s: cost overflows to %d", m.name, cost)
		}
	}
	if shares != 100 {
		t.Errorf("the shares make %d %%", shares)
	}
	m := &model{inputPrice: 150, outputPrice: 600}
	if got := dollars(m.cost(1001, 7)).String(); got != "0.00015435" {
		t.Errorf("1,001 tokens in and 7 out cost $%s, want $0.00015435", got)
	}
}

func someKeys(number int) []apiKey {
	keys := make([]apiKey, number)
	for i := range keys {
		keys[i] = apiKey{ID: keyID(i + 1), Name: fmt.Sprintf("key %02d", i+1), Status: "ACTIVE"}
	}
	return keys
}

func keyID(n int) string { return fmt.Sprintf("key_%d", n) }

// Each call is of one of the users, the same for the same row; the n-th gets about 1/n of what the first gets. Without users calls are of none.
func TestPlanDrawsUsers(t *testing.T) {
	t.Parallel()
	p, again := newPlan(someKeys(3), 5), newPlan(someKeys(3), 5)
	calls := map[string]float64{}
	for row := range 100_000 {
		user := p.call(row, request{}).user
		if user != again.call(row, request{}).user {
			t.Fatalf("row %d is of %s or of another user", row, user)
		}
		calls[user]++
	}
	for n := range 5 {
		if ratio := calls[fmt.Sprintf("user-%d", n+1)] * float64(n+1) / calls["user-1"]; math.Abs(ratio-1) > 0.05 {
			t.Errorf("user %d got %v of %v, want 1/%d of it", n+1, calls[fmt.Sprintf("user-%d", n+1)], calls["user-1"], n+1)
		}
	}
	if user := newPlan(someKeys(1), 0).call(0, request{}).user; len(calls) != 5 || user != "" {
		t.Errorf("%d users, and %q without any", len(calls), user)
	}
}
