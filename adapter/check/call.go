package check

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"bursar/adapter"
	"bursar/gateway/wire"
)

// otherCost is held, in dollars, for calls of which nothing says what they cost, as by the gateway.
const otherCost = "0.01"

// call is the caller's call, as far as the proxy tells.
type call struct {
	dialect wire.Dialect
	free    bool
	fields  map[string]any // of ReserveUsageInput, that its body says
}

// path returns the method and the path of the caller's call. Whoever is not told the method takes it for one that may cost something.
func path(method, uri string) (string, string) {
	if method == "" {
		method = http.MethodPost
	}
	if u, err := url.ParseRequestURI(uri); err == nil {
		uri = u.Path
	}
	return method, uri
}

// forwarded returns what a forward-auth proxy says of the caller's call: it sets these headers itself, whatever its caller has sent.
func forwarded(h http.Header) (method, uri string) {
	return path(h.Get("X-Forwarded-Method"), h.Get("X-Forwarded-Uri"))
}

// callOf reads what is known of a caller's call. Its body bounds what the call costs; without one, nothing does. The error is a *wire.Problem: the
// call is one that a provider might read in another way.
func callOf(r *adapter.Request, method, decoded string) (*call, error) {
	if decoded == "" {
		return &call{dialect: wire.OpenAI}, nil
	}
	endpoint := wire.Match(method, decoded, r.Header)
	c := &call{dialect: endpoint.Dialect, free: endpoint.Kind == wire.Free}
	if c.free || len(r.Body) == 0 {
		if endpoint.Model != "" {
			c.fields = map[string]any{"model": endpoint.Model}
		}
		return c, nil
	}
	parsed, err := wire.Parse(endpoint, r.Header, r.Body)
	if err != nil {
		return c, err
	}
	c.fields = map[string]any{}
	if parsed.Model != "" {
		c.fields["model"] = parsed.Model
	}
	if endpoint.Kind == wire.Other || parsed.Unbounded != "" {
		c.fields["estimate"] = map[string]any{"cost": json.Number(otherCost)}
		return c, nil
	}
	c.fields["serviceTier"] = parsed.ServiceTier
	estimate := map[string]any{"inputTokens": parsed.InputTokens}
	if parsed.MaxOutputTokens != nil {
		estimate["maxOutputTokens"] = *parsed.MaxOutputTokens
	}
	if endpoint.Kind == wire.Images {
		estimate["images"] = parsed.N
	}
	c.fields["estimate"] = estimate
	return c, nil
}

// fill adds to parameters what the call says and they do not. Where neither says what the call may cost, it is otherCost.
func (c *call) fill(p parameters) {
	given := p.has("estimate.")
	for name, value := range c.fields {
		if estimate, isObject := value.(map[string]any); isObject {
			for field, amount := range estimate {
				if !given {
					p["estimate."+field] = textOf(amount)
				}
			}
		} else if _, isGiven := p[name]; !isGiven {
			p[name] = textOf(value)
		}
	}
	if !p.has("estimate.") && p["model"] == "" {
		p["estimate.cost"] = otherCost
	}
}

func textOf(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	case int64:
		return strconv.FormatInt(value, 10)
	}
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // a service tier is a text
	}
	return strings.Trim(string(text), `"`)
}
