package demo

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// historyDays is how far the history goes back.
const historyDays = 30

// rhythm is when in a week an API key is used.
type rhythm int

// The rhythms, in UTC.
const (
	always  rhythm = iota // day and night, most in the evening
	office                // in working hours
	nightly               // from one to four at night
	mondays               // on Monday mornings
)

// weight returns how much a key is used in an hour, compared with other hours.
func (r rhythm) weight(at time.Time) float64 {
	hour, weekend := at.Hour(), at.Weekday() == time.Saturday || at.Weekday() == time.Sunday
	switch {
	case r == nightly && hour >= 1 && hour < 4:
		return 1
	case r == mondays && at.Weekday() == time.Monday && hour >= 6 && hour < 11:
		return 1
	case r == office && !weekend && hour >= 7 && hour < 18:
		return 1 - 0.12*float64(max(hour-13, 10-hour, 0)) // less early and late
	case r == office:
		return 0.02
	case r == always && weekend:
		return 0.3 + 0.02*float64(hour)
	case r == always:
		return 0.25 + 0.7*float64(max(0, 12-max(hour-19, 19-hour)))/12
	}
	return 0
}

// model is an LLM with its price in nano-dollars a token.
type model struct {
	provider, name string
	input, output  int64
	share          int  // of the requests that a mix makes, compared with the others of the mix
	reasons        bool // whether some of its output are thoughts
}

// mix is which models a key uses.
type mix func() []model

func general() []model {
	return []model{
		{"openai", "gpt-4.1-mini", 400, 1_600, 5, false}, {"anthropic", "claude-3-5-haiku", 800, 4_000, 3, false}, {"google", "gemini-2.0-flash", 100, 400, 2, false},
		{"openai", "gpt-4.1", 2_000, 8_000, 2, false},
	}
}

func cheap() []model {
	return []model{
		{"openai", "gpt-4o-mini", 150, 600, 5, false}, {"google", "gemini-2.0-flash", 100, 400, 3, false}, {"mistral", "mistral-small", 100, 300, 2, false},
	}
}

func strong() []model {
	return []model{
		{"anthropic", "claude-sonnet-4", 3_000, 15_000, 5, true}, {"openai", "gpt-4.1", 2_000, 8_000, 3, false}, {"google", "gemini-2.5-pro", 1_250, 10_000, 2, true},
	}
}

// habit is how an API key is used: when, for how much in thirty days, with how many tokens a request, and by which models.
type habit struct {
	rhythm        rhythm
	dollars       float64
	input, output int64
	models        mix
}

// usage is one row of the ledger to be, or what would have been one if it had not been denied.
type usage struct {
	at                                        time.Time
	key                                       *keyRow
	model                                     model
	requests, input, output, cached, newCache int64
	hourCache, reasoning                      int64 // of newCache, and of output
	tier                                      db.ServiceTier
	cost                                      int64 // nano-dollars
}

// price returns what the usage costs in nano-dollars: half of it in a batch.
func (u *usage) price() int64 {
	price := u.input*u.model.input + u.output*u.model.output
	if u.tier == db.ServiceTierBATCH {
		price /= 2
	}
	return price
}

// keyRow is an API key of the database with its habit.
type keyRow struct {
	id          uuid.UUID
	workspaceID *uuid.UUID
	habit       habit
	ends        ending
}

// traffic returns what keys have used until an instant, in the order of time. It is the same for the same keys and instant.
func traffic(keys []*keyRow, until time.Time) []usage {
	var all []usage
	from := until.AddDate(0, 0, -historyDays).Truncate(24 * time.Hour)
	for i, k := range keys {
		end := until
		if k.ends.how != "" {
			end = until.AddDate(0, 0, -k.ends.days)
		}
		if k.habit.dollars > 0 {
			all = append(all, k.traffic(rand.New(rand.NewPCG(1, uint64(i))), from, end)...) //nolint:gosec // it keeps no secret
		}
	}
	slices.SortStableFunc(all, func(a, b usage) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	return all
}

// traffic returns what a key has used. What an hour has too little of for a whole request is left for later ones.
func (k *keyRow) traffic(random *rand.Rand, from, until time.Time) (all []usage) {
	total := 0.0
	for at := from; at.Before(from.AddDate(0, 0, historyDays)); at = at.Add(time.Hour) {
		total += k.habit.rhythm.weight(at)
	}
	left, today := 0.0, 1.0
	for at := from; at.Before(until); at = at.Add(time.Hour) {
		if at.Hour() == 0 {
			today = 0.7 + 0.6*random.Float64()
		}
		grows := 0.8 + 0.4*at.Sub(from).Hours()/24/historyDays
		left += k.habit.dollars * dollar * k.habit.rhythm.weight(at) / total * today * grows
		for range 1 + random.IntN(2) {
			if u, some := k.use(random, at, left); some && u.at.Before(until) {
				all, left = append(all, u), left-float64(u.cost)
			}
		}
	}
	return all
}

// use returns usage in an hour that costs no more than what is left; false when that is less than one request costs.
func (k *keyRow) use(random *rand.Rand, hour time.Time, left float64) (usage, bool) {
	about := func(tokens int64) int64 { return int64(float64(tokens) * (0.6 + 0.8*random.Float64())) }
	u := usage{
		at: hour.Add(time.Duration(random.Int64N(int64(time.Hour)))).Truncate(time.Microsecond), key: k, model: pick(random, k.habit.models()),
		input: about(k.habit.input), output: about(k.habit.output), tier: db.ServiceTierSTANDARD,
	}
	if k.habit.rhythm == nightly {
		u.tier = db.ServiceTierBATCH
	}
	u.requests = int64(left / float64(u.price()))
	if u.requests == 0 {
		return usage{}, false
	}
	u.input, u.output = u.input*u.requests, u.output*u.requests
	u.cost = u.price()
	u.cached = u.input / 4 * int64(random.IntN(3)) / 2
	u.newCache = (u.input - u.cached) / 10 * int64(random.IntN(2))
	u.hourCache = u.newCache / 4 * int64(random.IntN(2))
	if u.model.reasons {
		u.reasoning = u.output / 8 * int64(random.IntN(6))
	}
	return u, true
}

// pick returns one of the models of a mix.
func pick(random *rand.Rand, models []model) model {
	sum := 0
	for _, m := range models {
		sum += m.share
	}
	draw := random.IntN(sum)
	for _, m := range models {
		if draw -= m.share; draw < 0 {
			return m
		}
	}
	return models[0] // the shares are positive, so it does not come to this
}
