package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Config is what the console has to know before anybody has signed in.
type Config struct {
	// Version of the program; shown.
	Version string
	// Issuer and ClientID say where people sign in, and as which client of the issuer the console asks. Without them the console
	// takes access tokens alone.
	Issuer, ClientID string
	// Outbox says whether mail is kept and shown at /outbox.
	Outbox bool
	// GatewayURL is where callers reach the gateway, without a version at its end; "": the console does not know. Model is one that the gateway has
	// for certain; "": an example.
	GatewayURL, Model string
}

// consolePages are the first segments of the console's addresses. The application finds out what is below them; any other
// address is none of its own and is answered with 404, so that a mistyped path of the API is noticed.
func consolePages() []string {
	return []string{
		"", "access-tokens", "alert-webhooks", "alerts", "audit", "keys", "mail", "members", "operator", "organization", "policies", "prices", "raises", "sign-in", "usage", "workspaces",
	}
}

// isConsolePage tells an address of the console.
func isConsolePage(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return slices.Contains(consolePages(), first) && (first != "" || path == "/")
}

// signIn is how people sign in.
type signIn struct {
	Issuer   string `json:"issuer"`
	ClientID string `json:"clientId"`
}

// file returns what /console/config.json serves.
func (c Config) file() *file {
	var people *signIn
	if c.Issuer != "" && c.ClientID != "" {
		people = &signIn{Issuer: c.Issuer, ClientID: c.ClientID}
	}
	body, err := json.Marshal(struct {
		Version string  `json:"version"`
		SignIn  *signIn `json:"signIn"` // null: with access tokens alone
		Outbox  bool    `json:"outbox"`

		GatewayURL string `json:"gatewayUrl,omitempty"`
		Model      string `json:"model,omitempty"`
	}{c.Version, people, c.Outbox, c.GatewayURL, c.Model})
	if err != nil {
		// Texts and a flag always become JSON.
		panic(fmt.Sprintf("web: writing the console's configuration: %v", err))
	}
	return newFile(configPath, "config.json", body)
}

// configPath is where the console reads its configuration.
const configPath = "/console/config.json"

// find returns what an address serves; nil if nothing. Every address of the console serves its one page.
func find(pages map[string]*file, r *http.Request) *file {
	if found, ok := pages[r.URL.Path]; ok {
		return found
	}
	if isConsolePage(r.URL.Path) {
		return pages["/"]
	}
	return nil
}
