package demoprovider

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// DemandHeader is the header by which a request asks for errors and lengths: words with commas between them (see Demand).
const DemandHeader = "X-Demo"

// TagHeader is a header whose value is told with the request, so that a test finds its own.
const TagHeader = "X-Demo-Tag"

// Demand is what a request asks for in the header x-demo.
type Demand struct {
	Status     int            // "429", "500" or any other from 400 to 599: the answer is this error
	RetryAfter *int           // "retry-after=20": seconds in the header of an error. An error 429 has 1 without it
	Cut        bool           // "cut": the connection breaks in the middle of the answer
	Ends       bool           // "ends": a stream ends in the middle, without an error and without its last events
	Fails      bool           // "error": a stream has an error event in the middle, after status 200
	Holds      bool           // "hold": the answer stops in the middle until the client leaves
	Slow       bool           // "slow": the first token takes two seconds, and each other 100 ms
	NoUsage    bool           // "no-usage": the answer says nothing of usage
	Usage      string         // "usage=negative", "usage=huge" or "usage=cached": the answer's usage is nonsense
	HTML       bool           // "html": the answer is a page, with status 200
	Gzip       bool           // "gzip": an answer that is no stream is compressed, whatever Accept-Encoding says
	Tokens     *int           // "tokens=500": as many tokens of text, also before a call of a tool
	First      *time.Duration // "first=2s": how long the first token takes
	Token      *time.Duration // "token=5ms": how long each other takes
}

const (
	maxTokensDemanded  = 1_000_000
	maxDelayDemanded   = time.Minute
	slowFirst          = 2 * time.Second
	slowToken          = 100 * time.Millisecond
	demandsExplained   = "429 or any other error status, retry-after=SECONDS, cut, ends, error, hold, slow, no-usage, usage=negative|huge|cached, html, gzip, tokens=N, first=DURATION and token=DURATION"
	usageNegative      = "negative"
	usageHuge          = "huge"
	usageOverCached    = "cached"
	maxRetryAfterAsked = 1_000_000
)

// parseDemand reads the header x-demo.
func parseDemand(header http.Header) (Demand, error) {
	var d Demand
	for _, line := range header.Values(DemandHeader) {
		for word := range strings.SplitSeq(line, ",") {
			if word = strings.TrimSpace(word); word == "" {
				continue
			}
			if err := d.add(word); err != nil {
				return Demand{}, err
			}
		}
	}
	return d, nil
}

// add takes in one word.
func (d *Demand) add(word string) error {
	flags := map[string]*bool{"cut": &d.Cut, "ends": &d.Ends, "error": &d.Fails, "hold": &d.Holds, "slow": &d.Slow,
		"no-usage": &d.NoUsage, "html": &d.HTML, "gzip": &d.Gzip}
	if flag, ok := flags[word]; ok {
		*flag = true
		return nil
	}
	if status, err := strconv.Atoi(word); err == nil && status >= 400 && status <= 599 {
		d.Status = status
		return nil
	}
	name, value, _ := strings.Cut(word, "=")
	ok := false
	switch name {
	case "retry-after":
		d.RetryAfter, ok = number(value, maxRetryAfterAsked)
	case "tokens":
		d.Tokens, ok = number(value, maxTokensDemanded)
	case "first":
		d.First, ok = delay(value)
	case "token":
		d.Token, ok = delay(value)
	case "usage":
		d.Usage, ok = value, value == usageNegative || value == usageHuge || value == usageOverCached
	}
	if !ok {
		return fmt.Errorf("x-demo: %q is none of %s", word, demandsExplained)
	}
	return nil
}

func number(text string, most int) (*int, bool) {
	n, err := strconv.Atoi(text)
	return &n, err == nil && n >= 0 && n <= most
}

func delay(text string) (*time.Duration, bool) {
	d, err := time.ParseDuration(text)
	return &d, err == nil && d >= 0 && d <= maxDelayDemanded
}

// timing returns how long the answer takes: what the request asks for, or else the provider's own timing.
func (d *Demand) timing(own Timing) Timing {
	if d.Slow {
		own = Timing{First: slowFirst, Token: slowToken}
	}
	if d.First != nil {
		own.First = *d.First
	}
	if d.Token != nil {
		own.Token = *d.Token
	}
	return own
}
