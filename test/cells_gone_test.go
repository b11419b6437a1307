package test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"bursar/auth/sso/ssotest"
	"bursar/mail/resend/resendtest"
)

// goneCell is an installation of which one cell is gone.
type goneCell struct {
	*cellsFleet
	t           *testing.T
	databases   map[string]*durable
	stopped     []int   // the processes of the cell that is gone, which hang; nil: it was killed
	gone, there *tenant // the organizations of the cell that is gone, and of the one that is there
	provider    *ssotest.Provider
	mail        *resendtest.Server
	environment []string
	tokens      map[*tenant]tokens
	work        string // where a worker says whether it works
}

// tokens are those of an organization that no server has seen, unless it says so.
type tokens struct{ fresh, admin, owner string }

func newGoneCell(t *testing.T, gone string, hangs bool) *goneCell {
	t.Helper()
	g := &goneCell{t: t, databases: map[string]*durable{"home": newDurable(t), "eu": newDurable(t)}, provider: ssotest.New(t), mail: resendtest.New(t), tokens: map[*tenant]tokens{}}
	home, eu := g.databases["home"].server.URL(), g.databases["eu"].server.URL()
	g.environment = []string{"DATABASE_URL=" + home, "BURSAR_CELLS=eu=" + eu, "RESEND_API_KEY=re_test", "RESEND_BASE_URL=" + g.mail.URL}
	g.cellsFleet = newCells(t, home, eu, "BURSAR_OIDC_ISSUER="+g.provider.URL, "BURSAR_OIDC_AUDIENCE="+ssotest.Portal)
	g.gone, g.there = g.eu, g.home
	if gone == "home" {
		g.gone, g.there = g.there, g.gone
	}
	for _, n := range []*tenant{g.gone, g.there} {
		made := tokens{owner: g.provider.SignIn(ssotest.Portal, "owner@"+n.slug+".test", true)}
		for role, token := range map[string]*string{"GATEWAY": &made.fresh, "ADMIN": &made.admin} {
			*token = n.once(0, rootToken, "CreateAccessToken", object{"organizationId": n.organization, "name": role, "role": role}).Data.CreateAccessToken.Secret
		}
		g.tokens[n] = made
		n.once(0, rootToken, "CreateBudgetLimit", object{"subjectId": n.organization, "type": "TOKENS", "amount": 100, "periodicReset": "NONE"})
		g.wants("enforcement, before", g.reserve(n, n.gateway), "allowed")
	}
	worker := run(t, g.environment, "work", "--metrics-addr", "127.0.0.1:0")
	g.work = worker.await(`"msg":"serving metrics","url":"(http://[^"]+)"`) + "/readyz"
	g.await(func() bool { return g.isReady(g.work, "home") && g.isReady(g.work, "eu") })
	if hangs {
		g.stopped = g.databases[gone].stop()
	} else {
		g.databases[gone].kill()
	}
	return g
}

// ask sends a query to the server, with headers as "Name: value" ("": none), and returns the answer as JSON.
func (g *goneCell) ask(token, query string, headers ...string) string {
	g.t.Helper()
	body, err := json.Marshal(object{"query": query})
	if err != nil {
		g.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(g.t.Context(), http.MethodPost, g.url()+"/graphql", bytes.NewReader(body))
	if err != nil {
		g.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	for _, header := range headers {
		if name, value, found := strings.Cut(header, ": "); found {
			request.Header.Set(name, value)
		}
	}
	_, answer := g.send(request)
	return answer
}

func (g *goneCell) get(url string) (int, string) {
	g.t.Helper()
	request, err := http.NewRequestWithContext(g.t.Context(), http.MethodGet, url, nil)
	if err != nil {
		g.t.Fatal(err)
	}
	return g.send(request)
}

// isReady tells whether a process says that it is ready for a cell.
func (g *goneCell) isReady(url, cell string) bool {
	g.t.Helper()
	_, body := g.get(url)
	return strings.Contains(body, `"cell":"`+cell+`","ready":true`)
}

func (g *goneCell) send(request *http.Request) (status int, body string) {
	g.t.Helper()
	response, err := g.home.http.Do(request)
	if err != nil {
		g.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	return response.StatusCode, string(content)
}

func (g *goneCell) url() string { return *g.home.urls[0].Load() }

func (g *goneCell) reserve(n *tenant, token string) string {
	g.t.Helper()
	return g.ask(token, fmt.Sprintf(`mutation { reserveUsage(input: {secret: %q}) { decision { allowed } } }`, n.wide))
}

// wants fails the test unless an answer is the wanted one: the code of an error, or what is in it.
func (g *goneCell) wants(what, answer, want string) {
	g.t.Helper()
	if !strings.Contains(answer, want) || want != "UNAVAILABLE" && strings.Contains(answer, `"errors"`) {
		g.t.Errorf("%s: want %s, got %s", what, want, answer)
	}
}

// await waits until something is so.
func (g *goneCell) await(is func() bool) {
	g.t.Helper()
	for deadline := time.After(waitTimeout); !is(); {
		select {
		case <-g.t.Context().Done():
			return
		case <-deadline:
			g.t.Fatal("it does not come to be so")
		case <-time.After(20 * time.Millisecond):
		}
	}
}
