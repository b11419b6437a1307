package replay

import (
	"cmp"
	"fmt"
	"slices"
)

// outputStep is the multiple of tokens to which the estimate of the output is rounded up: a gateway knows only a maximum.
const outputStep = 256

// call is one request as a gateway would make it.
type call struct {
	key             apiKey
	model           *model
	user            string // in the metadata; "": neither it nor the model is in what is reserved
	inputTokens     int64
	outputTokens    int64
	maxOutputTokens int64
}

// estimatedTokens returns an upper bound of what the call uses.
func (c *call) estimatedTokens() int64 { return c.inputTokens + c.maxOutputTokens }

// estimatedNanos returns an upper bound of what the call costs, in nano-dollars.
func (c *call) estimatedNanos() int64 { return c.model.cost(c.inputTokens, c.maxOutputTokens) }

// plan assigns a key and a model to each row. It depends on the keys' names and the row's number alone, so that every replay of
// a file with the same keys sends the same calls.
type plan struct {
	keys       []apiKey
	keyWheel   wheel
	models     []model
	modelWheel wheel
	userWheel  wheel // empty: calls are of no user
}

// newPlan returns a plan over at least one key. Keys stand in the order of their names; the n-th gets 1/n of what the
// first gets (Zipf's law), as a few keys of an organization carry most of its traffic; so do users (0: calls are of none).
func newPlan(keys []apiKey, users int) *plan {
	p := &plan{keys: slices.Clone(keys), models: models()}
	slices.SortFunc(p.keys, func(a, b apiKey) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	for i := range p.keys {
		p.keyWheel.add(1_000_000 / uint64(i+1))
	}
	for i := range p.models {
		p.modelWheel.add(p.models[i].share)
	}
	for i := range users {
		p.userWheel.add(1_000_000_000 / uint64(i+1))
	}
	return p
}

// call returns the call of a row.
func (p *plan) call(row int, r request) call {
	steps := max(1, (r.outputTokens+outputStep-1)/outputStep)
	draw := 2 * uint64(row) // rows are never negative
	user := ""
	if len(p.userWheel.ends) > 0 {
		user = fmt.Sprintf("user-%d", p.userWheel.pick(scramble(^draw))+1)
	}
	return call{
		user:            user,
		key:             p.keys[p.keyWheel.pick(scramble(draw))],
		model:           &p.models[p.modelWheel.pick(scramble(draw+1))],
		inputTokens:     r.inputTokens,
		outputTokens:    r.outputTokens,
		maxOutputTokens: steps * outputStep,
	}
}

// wheel picks indexes in proportion to their weights.
type wheel struct{ ends []uint64 }

func (w *wheel) add(weight uint64) {
	if len(w.ends) > 0 {
		weight += w.ends[len(w.ends)-1]
	}
	w.ends = append(w.ends, weight)
}

func (w *wheel) pick(draw uint64) int {
	place := draw % w.ends[len(w.ends)-1]
	index, _ := slices.BinarySearch(w.ends, place+1)
	return index
}

// scramble is the finalizer of splitmix64: a fixed mapping that looks random.
func scramble(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}
