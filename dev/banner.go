package dev

import (
	"bytes"
	"fmt"
	"io"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"bursar/demo"
)

// trafficFile is the recorded traffic in the repository.
const trafficFile = "data/azure-llm-2023-conversation.csv"

// Banner is what `bursar dev` prints when it is ready.
type Banner struct {
	URL       string // of the server
	RootToken string
	Demo      *demo.Demo
	DataDir   string
	Outbox    bool     // whether mail is shown at /outbox
	Gateway   *Gateway // nil: none
	Cells     []*Cell  // beside home; none: there is one database
	Took      time.Duration
}

// Print writes the banner in one call, so that no log line comes in between. Its last line begins with "ready".
func (b Banner) Print(w io.Writer) error {
	var text bytes.Buffer
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	row := func(name, value, note string) {
		// writes to memory do not fail
		_, _ = fmt.Fprintln(table, strings.TrimRight("  "+name+"\t"+value+"\t"+note, "\t"))
	}
	row("Console", b.URL+"/#token="+url.QueryEscape(b.Demo.AdminToken), "")
	row("GraphiQL", b.URL+"/graphiql#token="+url.QueryEscape(b.Demo.AdminToken), "")
	if b.Outbox {
		row("Mail outbox", b.URL+"/outbox", "")
	}
	row("Jobs", b.URL+"/jobs", "(log in with any user name and the root token as password)")
	row("Manual", b.URL+"/docs/", "")
	row("Metrics", b.URL+"/metrics", "")
	row("", "", "")
	if b.Gateway != nil {
		row("Gateway", b.Gateway.URL, "(in front of "+strings.Join(append([]string{"a demo provider"}, b.Gateway.Providers...), ", ")+")")
		row("Demo provider", b.Gateway.ProviderURL+"/demo/requests", "(what has reached it)")
		row("API key", b.Demo.APIKey, "(for the gateway: $1 a week)")
	}
	row("Root token", b.RootToken, "(operator: every organization)")
	row("Admin token", b.Demo.AdminToken, "(organization demo, "+b.Demo.OrganizationID+")")
	row("Gateway token", b.Demo.GatewayToken, "(organization demo)")
	for _, c := range b.Cells {
		row("Cell "+c.Name, "Bursar-Cell: "+c.Name, "(organization "+c.Slug+", "+c.OrganizationID+"; its jobs: "+b.URL+"/cells/"+c.Name+"/jobs)")
	}
	_ = table.Flush()

	_, err := fmt.Fprintf(w, `
Bursar is running; its data is in %s.

%s%s
Then, in another terminal, play recorded traffic through it, then prove every counter against the ledger:

  go run ./cmd/bursar replay %s%s
  go run ./cmd/bursar verify%s

ready at %s after %s; Ctrl-C stops it
`, b.DataDir, text.String(), b.firstCall(), trafficFile, b.options(true), b.options(false), b.URL, b.Took.Round(10*time.Millisecond))
	return err
}

// firstCall returns how a model is called through the gateway.
func (b Banner) firstCall() string {
	if b.Gateway == nil {
		return ""
	}
	return fmt.Sprintf(`
In another terminal, call a model through the gateway, with curl or any SDK of OpenAI; nothing leaves this machine:

  export OPENAI_BASE_URL=%s/v1 OPENAI_API_KEY=%s
  curl $OPENAI_BASE_URL/chat/completions -H "Authorization: Bearer $OPENAI_API_KEY" \
    -d '{"model": "demo-large", "messages": [{"role": "user", "content": "Hello"}]}'
`, b.Gateway.URL, b.Demo.APIKey)
}

// options returns the flags that another command needs because the URL or the data folder is not the default.
func (b Banner) options(withURL bool) string {
	var options string
	if defaults := "http://127.0.0.1:8080"; withURL && b.URL != defaults {
		options += " --url " + b.URL
	}
	if b.DataDir != ".bursar" {
		options += " --data-dir " + quoted(b.DataDir)
	}
	return options
}

// quoted returns a word quoted for a shell, if it has to be.
func quoted(word string) string {
	if strings.ContainsFunc(word, func(r rune) bool { return !strings.ContainsRune("/._-+:@%", r) && !isAlphanumeric(r) }) {
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return word
}

func isAlphanumeric(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}
