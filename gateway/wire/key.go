package wire

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Prefix is how a secret of Bursar begins.
const Prefix = "bsr_"

// keyHeaders returns the headers in which SDKs send a key. None of them is ever forwarded as it came.
func keyHeaders() []string {
	return []string{"Authorization", "X-Api-Key", "X-Goog-Api-Key", "X-Portkey-Api-Key", "X-Litellm-Api-Key", "Api-Key"}
}

// TakeKey removes every key from a request's headers and returns the one that the caller presents. SDKs send it in one of several headers,
// in any dialect, and some send a second one that they have from elsewhere: a secret of Bursar is preferred to others.
// The error is a *Problem: no key, several that differ, or a key in the URL, where logs keep it.
func TakeKey(header http.Header, query url.Values) (string, error) {
	var keys []string
	for _, name := range keyHeaders() {
		for _, value := range header.Values(name) {
			if name == "Authorization" {
				scheme, rest, _ := strings.Cut(strings.TrimSpace(value), " ")
				if !strings.EqualFold(scheme, "Bearer") {
					continue
				}
				value = rest
			}
			if value = strings.TrimSpace(value); value != "" && !slices.Contains(keys, value) {
				keys = append(keys, value)
			}
		}
		header.Del(name)
	}
	for name := range query {
		switch strings.ToLower(name) {
		case "key", "api_key", "api-key", "apikey", "access_token":
			return "", &Problem{Status: http.StatusUnauthorized, Field: name, Message: "API keys are not taken from the URL, which logs and proxies keep. " +
				"Send it as \"Authorization: Bearer\", x-api-key or x-goog-api-key, and replace a key that was in a URL."}
		}
	}
	if len(keys) > 1 {
		own := slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return !strings.HasPrefix(key, Prefix) })
		if len(own) != 1 {
			return "", &Problem{Status: http.StatusUnauthorized, Field: "Authorization",
				Message: "The request has several API keys that differ. Send one, in one of Authorization, x-api-key, x-goog-api-key and x-portkey-api-key."}
		}
		keys = own
	}
	if len(keys) == 0 {
		return "", &Problem{Status: http.StatusUnauthorized, Field: "Authorization",
			Message: "The request has no API key. Send it as \"Authorization: Bearer\", x-api-key or x-goog-api-key."}
	}
	return keys[0], nil
}
