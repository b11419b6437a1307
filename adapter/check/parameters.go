package check

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"bursar/fault"
)

// kind says how the value of a parameter stands in JSON.
type kind byte

const (
	text kind = iota
	number
	boolean
)

// checked returns the parameters of a check: fields of ReserveUsageInput by their paths. Those of metadata stand beside.
func checked() map[string]kind {
	return map[string]kind{
		"secret": text, "key": text, "requestId": text, "provider": text, "model": text, "serviceTier": text, "ttlSeconds": number,
		"estimate.requests": number, "estimate.tokens": number, "estimate.cost": number, "estimate.inputTokens": number,
		"estimate.maxOutputTokens": number, "estimate.images": number, "estimate.webSearches": number,
		"hold": boolean, "method": text, "uri": text, // our own, and no fields
	}
}

// settled returns the parameters of a report: fields of RecordUsageInput.
func settled() map[string]kind {
	return map[string]kind{
		"reservationId": text, "secret": text, "key": text, "requestId": text, "provider": text, "model": text, "serviceTier": text, "occurredAt": text,
		"requests": number, "inputTokens": number, "outputTokens": number, "cachedInputTokens": number, "cacheWriteTokens": number,
		"cacheWrite1hTokens": number, "reasoningTokens": number, "images": number, "webSearches": number, "cost": number,
		"status": number, "release": boolean, // our own
	}
}

const metadata = "metadata."

// parameters are what the query string of a request says, which the operator of a proxy writes into its configuration. A value that begins with
// "@" names a header of the request, whose value it is; a header that is absent or empty leaves the parameter out. No other header is believed: a
// proxy passes on what its callers send.
type parameters map[string]string

// read reads the query string of a request. A secret has to come in a header: others would stand in logs.
func read(r *http.Request, known map[string]kind) (parameters, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fault.New(fault.BadUserInput, "the query string is malformed")
	}
	p := parameters{}
	for name, values := range query {
		label, isMetadata := strings.CutPrefix(name, metadata)
		if _, isKnown := known[name]; !isKnown && (!isMetadata || label == "") {
			return nil, fault.BadInput(name, "there is no such parameter")
		}
		if len(values) != 1 {
			return nil, fault.BadInput(name, "is given %d times", len(values))
		}
		header, isHeader := strings.CutPrefix(values[0], "@")
		switch {
		case isHeader:
			value, err := headerValue(r.Header, name, header)
			if err != nil {
				return nil, err
			}
			if value != "" {
				p[name] = value
			}
		case name == "secret":
			return nil, fault.BadInput(name, "must name a header, as @Authorization: a secret in a URL is kept in logs")
		default:
			p[name] = values[0]
		}
	}
	return p, nil
}

// headerValue returns the value of a header that a parameter names, without "Bearer" in Authorization.
func headerValue(header http.Header, parameter, name string) (string, error) {
	values := header.Values(name)
	if len(values) > 1 {
		return "", fault.BadInput(parameter, "the request has the header %s %d times", http.CanonicalHeaderKey(name), len(values))
	}
	if len(values) == 0 {
		return "", nil
	}
	value := strings.TrimSpace(values[0])
	if strings.EqualFold(name, "Authorization") {
		return bearer(value), nil
	}
	return value, nil
}

// bearer returns the token of an Authorization header; "" for another scheme.
func bearer(value string) string {
	scheme, token, _ := strings.Cut(value, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// take removes a parameter and returns its value.
func (p parameters) take(name string) string {
	value := p[name]
	delete(p, name)
	return value
}

// has tells whether one of the parameters with a prefix is given.
func (p parameters) has(prefix string) bool {
	for name := range p {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// json returns the parameters as the JSON text of an input.
func (p parameters) json(known map[string]kind) string {
	root := map[string]any{}
	for name, value := range p {
		object, field := root, name
		if outer, inner, nested := strings.Cut(name, "."); nested {
			if root[outer] == nil {
				root[outer] = map[string]any{}
			}
			object, _ = root[outer].(map[string]any) // no field has the name of an object
			field = inner
		}
		object[field] = valueOf(known[name], value)
	}
	body, err := json.Marshal(root)
	if err != nil {
		panic(err) // texts, numbers and maps of them always encode
	}
	return string(body)
}

// valueOf returns a parameter's value as JSON has it: a text where it is no number or boolean, which the input's rules refuse by its name.
func valueOf(of kind, value string) any {
	switch {
	case of == number && json.Valid([]byte(value)) && strings.Trim(value, "0123456789.-+eE") == "":
		return json.RawMessage(value)
	case of == boolean && slices.Contains([]string{"true", "false"}, value):
		return value == "true"
	}
	return value
}
