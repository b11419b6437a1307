package apply_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"bursar/apiclient"
	"bursar/apply"
	"bursar/apply/document"
	"bursar/graph/graphtest"
)

var kit *graphtest.Kit

func TestMain(m *testing.M) { graphtest.Main(m, func(k *graphtest.Kit) { kit = k }) }

type object = graphtest.Object

// bench is a server, files of an organization on it, and who applies them.
type bench struct {
	*graphtest.API
	secrets string // the file
	*apply.Applier
	proxy *proxy
}

func newBench(t *testing.T) *bench {
	t.Helper()
	a := kit.NewAPI(t)
	b := &bench{API: a, secrets: filepath.Join(t.TempDir(), "secrets.jsonl"), proxy: newProxy(t, a.URL)}
	b.Applier = b.by(a.Admin)
	return b
}

// by returns an applier with a token, and the bench's file of secrets.
func (b *bench) by(token string) *apply.Applier {
	client := apiclient.New(apiclient.Config{URL: b.proxy.URL, Token: token, Wait: time.Millisecond, Connections: 4})
	b.T.Cleanup(client.Close)
	file := &apply.File{Path: b.secrets}
	b.T.Cleanup(func() { _ = file.Close() })
	return &apply.Applier{API: client, Parallel: 4, Secrets: file}
}

// documents reads a file in which SLUG, WORKSPACE and KEY stand for the tenant's.
func (b *bench) documents(text string) []*document.Document {
	b.T.Helper()
	text = strings.NewReplacer("SLUG", b.Tenant.Organization.Slug, "WORKSPACE", b.Tenant.Workspace.Slug, "KEY", b.KeyID()).Replace(text)
	documents, err := document.Load([]string{"-"}, strings.NewReader(text))
	if err != nil {
		b.T.Fatal(err)
	}
	return documents
}

// plan plans a file.
func (b *bench) plan(text string) *apply.Plan {
	b.T.Helper()
	plan, err := b.Plan(b.T.Context(), b.documents(text))
	if err != nil {
		b.T.Fatal(err)
	}
	return plan
}

// apply applies a file, which must work, and whose next plan must have no change.
func (b *bench) apply(text string) *apply.Plan {
	b.T.Helper()
	plan := b.plan(text)
	if done, err := b.Execute(b.T.Context(), plan); err != nil || done != plan.Changes() {
		b.T.Fatalf("%d of %d changes: %v\n%s", done, plan.Changes(), err, printed(b.T, plan))
	}
	b.wantNothing(text)
	return plan
}

func (b *bench) wantNothing(text string) {
	b.T.Helper()
	if again := b.plan(text); again.Changes() > 0 {
		b.T.Fatalf("the next plan has changes:\n%s", printed(b.T, again))
	}
}

func printed(t testing.TB, plan *apply.Plan) string {
	t.Helper()
	var text strings.Builder
	if err := plan.Print(&text); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// lines returns the secrets of the file.
func (b *bench) lines() []apply.Secret {
	b.T.Helper()
	content, err := os.ReadFile(b.secrets)
	if err != nil {
		b.T.Fatal(err)
	}
	var lines []apply.Secret
	for line := range bytes.Lines(content) {
		var secret apply.Secret
		if err := json.Unmarshal(line, &secret); err != nil {
			b.T.Fatalf("%s: %v", line, err)
		}
		lines = append(lines, secret)
	}
	return lines
}

// wantWorks checks that a secret is that of a key that may be used.
func (b *bench) wantWorks(secret apply.Secret) {
	b.T.Helper()
	answer := b.Run(b.Gateway, "CheckUsage", object{"input": object{"secret": secret.Secret}})
	answer.Equal(true, "checkUsage", "allowed")
	answer.Equal(secret.ID, "checkUsage", "apiKeyId")
}

// count counts rows.
func (b *bench) count(rows string, arguments ...any) (number int) {
	b.T.Helper()
	if err := b.Pool.QueryRow(context.Background(), "select count(*) from "+rows, arguments...).Scan(&number); err != nil {
		b.T.Fatal(err)
	}
	return number
}

// proxy stands before a server, counts requests, and loses answers.
type proxy struct {
	*httptest.Server
	mutex       sync.Mutex
	requests    int
	now, most   int                                 // requests at the same time
	lose        func(document string, nth int) bool // whether the answer to the nth request with a document's text is lost
	before      func(document string)
	occurrences map[string]int
}

func newProxy(t *testing.T, target string) *proxy {
	t.Helper()
	to, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{occurrences: map[string]int{}}
	forward := httputil.NewSingleHostReverseProxy(to)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		p.mutex.Lock()
		p.requests++
		p.now++
		p.most = max(p.most, p.now)
		var sent struct{ Query string }
		_ = json.Unmarshal(body, &sent) // what is none has no answer to lose
		p.occurrences[sent.Query]++
		nth, lose, before := p.occurrences[sent.Query], p.lose, p.before
		p.mutex.Unlock()
		defer func() {
			p.mutex.Lock()
			p.now--
			p.mutex.Unlock()
		}()
		if before != nil {
			before(sent.Query)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := httptest.NewRecorder()
		forward.ServeHTTP(answer, r)
		if lose != nil && lose(sent.Query, nth) {
			panic(http.ErrAbortHandler)
		}
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	t.Cleanup(p.Close)
	return p
}

// set sets what happens to requests from now on.
func (p *proxy) set(lose func(document string, nth int) bool, before func(document string)) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.lose, p.before, p.occurrences, p.requests, p.most = lose, before, map[string]int{}, 0, 0
}
