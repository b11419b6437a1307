package proxy

import (
	"net/http"
	"strings"

	"github.com/shopspring/decimal"

	"bursar/gateway"
)

// Headers of answers.
const (
	headerPrefix = "X-Bursar-"
	headerCost   = "X-Bursar-Cost" // a trailer
)

// head sets the headers that say which call this is.
func (e *exchange) head(header http.Header) {
	header.Set("X-Bursar-Request-Id", e.id)
	if e.reservation != nil && e.Headers != HeadersNone {
		header.Set("X-Bursar-Held-Cost", e.reservation.Cost)
		e.limits(header, e.reservation.Limits)
	}
}

// limits sets what remains of the limits, of each kind the least: X-Bursar-Remaining-Cost, -Tokens and -Requests.
func (e *exchange) limits(header http.Header, limits []gateway.Limit) {
	if e.Headers == HeadersNone {
		return
	}
	least := map[string]decimal.Decimal{}
	for _, limit := range limits {
		remaining, err := decimal.NewFromString(limit.Remaining)
		if err != nil {
			continue // Bursar of a later version
		}
		if before, known := least[limit.Type]; !known || remaining.LessThan(before) {
			least[limit.Type] = remaining
		}
	}
	for of, remaining := range least {
		header.Set("X-Bursar-Remaining-"+strings.ToUpper(of[:1])+strings.ToLower(of[1:]), remaining.String())
	}
}

// withoutOurs removes headers that only the gateway may set.
func withoutOurs(header http.Header) {
	for name := range header {
		if strings.HasPrefix(name, headerPrefix) {
			header.Del(name)
		}
	}
}
