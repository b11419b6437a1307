package proxy

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"bursar/gateway"
	"bursar/gateway/wire"
)

// Settings are what a file of settings says.
type Settings struct {
	Listen    string // host:port
	Bursar    Bursar
	Providers []*Provider
	Timeouts  Timeouts
	Paths     []Path
	// Refuse are patterns of paths that nobody may call.
	Refuse    []string
	Unbounded Unbounded
	// MaxOutputTokens is held for a call that has no bound of its own; 0: what the model writes at most, as Bursar's price says.
	MaxOutputTokens int64
	// OtherCost is held, in dollars, for calls of which nothing is known but their path.
	OtherCost string
	// DeniedStatus is the status of a call that a budget denies, 412 or 402.
	DeniedStatus int
	Headers      Headers
	Hold         time.Duration // of a reservation, between two heartbeats
	MaxBodyBytes int64
	Spool        SpoolSettings
	FailOpen     *FailOpen // nil: closed
}

// Bursar is where Bursar is.
type Bursar struct {
	URLs    []string
	Token   string
	Timeout time.Duration // of a decision with all its attempts
	// ReportWait is how long a call that is denied waits for reports of its key that are on their way.
	ReportWait time.Duration
	// Lease has the gateway decide calls of busy keys out of leases (see gateway.Config.Lease), which it asks for LeaseTTL.
	Lease    bool
	LeaseTTL time.Duration
	// Flush is how long a report of a call that a lease decided waits for others, with which it is booked. Merge has those that may be one event become one
	// (see gateway.Client.Merge).
	Flush time.Duration
	Merge bool
}

// Provider is who serves models.
type Provider struct {
	Name    string
	BaseURL *url.URL
	Dialect wire.Dialect
	Key     string // the provider's own; empty: it asks for none
	// KeyHeader is the header of the key; "bearer" is Authorization: Bearer.
	KeyHeader string
	// Models are names, or beginnings of names that end with *.
	Models []string
	// Prices is the provider's name in Bursar's prices.
	Prices string
	Header http.Header // sent with each call
	// PlainStreams keeps stream_options as the caller has it, for a provider that refuses them. Streams whose callers do not ask for usage are estimated then.
	PlainStreams bool
	Timeouts     Timeouts
}

// Timeouts bound the parts of a call; 0 is not set.
type Timeouts struct {
	Connect   time.Duration // to the provider
	FirstByte time.Duration // from the request to the answer's header
	Idle      time.Duration // between two reads of the answer
	Write     time.Duration // for the caller to take what was written
}

// over returns the times with those of others in their place that are set.
func (t Timeouts) over(others Timeouts) Timeouts {
	for _, each := range []struct{ mine, other *time.Duration }{
		{&t.Connect, &others.Connect}, {&t.FirstByte, &others.FirstByte}, {&t.Idle, &others.Idle}, {&t.Write, &others.Write},
	} {
		if *each.other > 0 {
			*each.mine = *each.other
		}
	}
	return t
}

// Path are times for the paths of a pattern.
type Path struct {
	Pattern  string
	Timeouts Timeouts
}

// Unbounded is what happens to a call whose cost the body does not bound.
type Unbounded struct {
	Refuse bool
	Cost   string // held, in dollars, if it is not refused
}

// Headers says which headers of Bursar's answers get.
type Headers string

// The sets of headers.
const (
	HeadersNone      Headers = "none"
	HeadersRemaining Headers = "remaining" // what is held and what remains
	HeadersAll       Headers = "all"       // and the cost, in a trailer: the end of an answer waits for it, 2 s at most
)

// SpoolSettings say where reports wait for Bursar.
type SpoolSettings struct {
	Dir      string
	MaxBytes int64
}

// FailOpen bounds what goes on unreserved while Bursar does not answer.
type FailOpen struct {
	Dollars string        // that calls may cost together in one outage
	For     time.Duration // from the beginning of the outage on
	// SeenWithin is how long ago Bursar must have admitted the key, at this gateway.
	SeenWithin time.Duration
	// Keys are the ids of the keys that may; empty: all keys of the organization.
	Keys []string
}

// Defaults returns the settings of an empty file. What a file must have is not in them: Bursar and Providers.
func Defaults() Settings {
	return Settings{
		Listen:    "127.0.0.1:8090",
		Timeouts:  Timeouts{Connect: 10 * time.Second, FirstByte: 10 * time.Minute, Idle: 2 * time.Minute, Write: 30 * time.Second},
		Bursar:    Bursar{Timeout: 10 * time.Second, ReportWait: gateway.DefaultReportWait, LeaseTTL: gateway.DefaultLeaseTTL, Flush: gateway.DefaultFlush},
		Unbounded: Unbounded{Cost: "1"}, OtherCost: "0.01", DeniedStatus: http.StatusPreconditionFailed, Headers: HeadersRemaining,
		Hold: 2 * time.Minute, MaxBodyBytes: 64 << 20, Spool: SpoolSettings{Dir: "bursar-gateway", MaxBytes: 64 << 20},
	}
}

// timeouts returns the times of a call of a provider to a path: the path's before the provider's, and these before everybody's.
func (s *Settings) timeouts(p *Provider, path string) Timeouts {
	t := s.Timeouts.over(p.Timeouts)
	longest := -1
	var own Timeouts
	for _, each := range s.Paths {
		if matches(each.Pattern, path) && len(each.Pattern) > longest {
			longest, own = len(each.Pattern), each.Timeouts
		}
	}
	return t.over(own)
}

// refuses says whether nobody may call a path.
func (s *Settings) refuses(path string) bool {
	for _, pattern := range s.Refuse {
		if matches(pattern, path) {
			return true
		}
	}
	return false
}

// matches says whether a pattern, which may end with *, is for a name.
func matches(pattern, name string) bool {
	if prefix, found := strings.CutSuffix(pattern, "*"); found {
		return strings.HasPrefix(name, prefix)
	}
	return pattern == name
}

// provider returns who serves a model in a dialect: the longest pattern that matches wins, a name before a beginning, and then the first
// in the file. Nil: nobody. A call without a model, such as a list, is for the first provider of the dialect.
func (s *Settings) provider(dialect wire.Dialect, model string) *Provider {
	var found *Provider
	longest := -1
	for _, p := range s.Providers {
		if p.Dialect != dialect {
			continue
		}
		if model == "" {
			return p
		}
		for _, pattern := range p.Models {
			length := 2 * len(strings.TrimSuffix(pattern, "*"))
			if !strings.HasSuffix(pattern, "*") {
				length++
			}
			if matches(pattern, model) && length > longest {
				found, longest = p, length
			}
		}
	}
	return found
}

// target returns the URL of a call at a provider. A base URL has the version at its end where SDKs write it there, and paths then begin
// with it, too.
func (p *Provider) target(path, query string) *url.URL {
	target := *p.BaseURL
	base := strings.TrimRight(target.Path, "/")
	for _, version := range []string{"/v1", "/v1beta"} {
		if rest, found := strings.CutPrefix(path, version+"/"); found && strings.HasSuffix(base, version) {
			path = "/" + rest
		}
	}
	target.Path, target.RawPath, target.RawQuery = base+path, "", query
	return &target
}

// Secrets returns what must not be logged.
func (s *Settings) Secrets() []string {
	secrets := []string{s.Bursar.Token}
	for _, p := range s.Providers {
		if p.Key != "" {
			secrets = append(secrets, p.Key)
		}
	}
	return secrets
}
