package report

import (
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// smallBuckets is how many buckets a report has at most that counts half: 30 days of 32 series, or 41 days by hour of one.
const smallBuckets = 1_000

// Weight returns how many values a report counts when an operation's complexity is counted: its weight, or half of that when its arguments alone
// say that it is small, so that a page may show several. One that is compared with another time counts twice as much. Arguments that are not what
// the schema says, which are refused later, count in full.
func Weight(weight int, arguments map[string]any) int {
	if arguments["compareWith"] != nil {
		weight *= 2
	}
	if series := seriesIn(arguments); series > 0 && series <= smallBuckets {
		if buckets := bucketsIn(arguments); buckets > 0 && buckets <= smallBuckets/series {
			return weight / 2 //nolint:mnd // half
		}
	}
	return weight
}

// seriesIn returns how many series a report has at most by its arguments; 0 when they do not say.
func seriesIn(arguments map[string]any) int {
	if dimensions, isList := arguments["groupBy"].([]any); arguments["groupBy"] == nil || (isList && len(dimensions) == 0) {
		return 1
	}
	if top, err := graphql.UnmarshalInt(arguments["top"]); err == nil && arguments["top"] != nil && top > 0 {
		return top + 1
	}
	return 0
}

// bucketsIn returns how many buckets a series has at most by the arguments of a report; 0 when they do not say.
func bucketsIn(arguments map[string]any) int {
	interval, _ := arguments["interval"].(string)
	filter, _ := arguments["filter"].(map[string]any)
	length := map[string]time.Duration{"HOUR": time.Hour, "DAY": 24 * time.Hour, "WEEK": 7 * 24 * time.Hour, "MONTH": 28 * 24 * time.Hour}[interval]
	from, fromErr := graphql.UnmarshalTime(filter["from"])
	to, toErr := graphql.UnmarshalTime(filter["to"])
	if length == 0 || fromErr != nil || toErr != nil || !to.After(from) {
		return 0
	}
	return int(to.Sub(from)/length) + 2 //nolint:mnd // those that contain from and to may be cut
}
