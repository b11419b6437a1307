package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/auth"
	"bursar/db/dbtest"
)

// startDev starts `bursar dev` on a free port and returns it with its URL when it is ready.
func startDev(t *testing.T, dataDir string, environment variables) (*run, string) {
	t.Helper()
	r := start(t, environment, "dev", "--addr", "127.0.0.1:0", "--data-dir", dataDir)
	return r, r.await(`(?m)^ready at (http://\S+) `)
}

const adminQuery = "{ viewer { role organization { slug } } }"

// Guarantee: dev starts from nothing to a server with a demo organization whose printed tokens work, keeps all of it in its
// folder, readable by its owner alone, tells of its progress in a few lines, is found there by the other commands, and comes back with the same data and tokens.
func TestDev(t *testing.T) {
	t.Parallel()
	dataDir := filepath.Join(t.TempDir(), "data")
	first, url := startDev(t, dataDir, nil)
	admin, root := first.await(`Admin token +(bst_\w+)`), first.await(`Root token +(root_\w+)`)
	gateway := first.await(`Gateway token +(bst_\w+)`)
	wantContains(t, "the admin", graphQL(t, url, admin, adminQuery), `"ADMIN"`, `"demo"`)
	wantContains(t, "the operator", graphQL(t, url, root, "{ viewer { role } }"), `"ROOT"`)
	wantContains(t, "the gateway", graphQL(t, url, gateway, "{ viewer { role } }"), `"GATEWAY"`)
	wantContains(t, "the banner", first.stdout.String(), url+"/#token="+admin, url+"/graphiql#token="+admin, url+"/outbox", url+"/jobs",
		"go run ./cmd/bursar replay data/azure-llm-2023-conversation.csv --url "+url+" --data-dir "+dataDir)
	for _, path := range []string{"/", "/graphiql", "/docs/", "/outbox", "/readyz", "/metrics"} {
		wantStatus(t, path, get(t, url+path), http.StatusOK)
	}
	wantStatus(t, "/jobs/", request(t, http.MethodGet, url+"/jobs/", "", operator(root)), http.StatusOK)
	wantPrivate(t, dataDir, "demo.json", "root-token", "postgres.url")
	if log := first.stderr.String(); strings.Count(log, "\n") > 12 || strings.Contains(log, "msg=migrated") {
		t.Errorf("before the addresses there is too much to read:\n%s", log)
	}

	toolsFind(t, dataDir, url)
	taken := strings.TrimPrefix(url, "http://")
	for _, addr := range []string{"127.0.0.1:0", taken} {
		wantOneLine(t, start(t, nil, "dev", "--data-dir", dataDir, "--addr", addr), exitFailed, dataDir, "in use by process")
	}
	other := filepath.Join(t.TempDir(), "other")
	wantOneLine(t, start(t, nil, "dev", "--data-dir", other, "--addr", taken), exitFailed, taken, "--addr")
	if _, err := os.Stat(other); err == nil {
		t.Error("a dev that cannot listen makes a folder")
	}

	first.stop()
	if code := first.finish(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	if strings.Contains(first.stderr.String(), root) {
		t.Error("the root token is in the log")
	}
	toolsFind(t, dataDir, "")
	second, url := startDev(t, dataDir, nil)
	if second.await(`Admin token +(bst_\w+)`) != admin || second.await(`Root token +(root_\w+)`) != root {
		t.Error("the tokens are others than before")
	}
	wantContains(t, "the admin", graphQL(t, url, admin, adminQuery), `"demo"`)
}

// Guarantee: with the key that dev prints, the demo models answer through the gateway that dev prints, in the dialect of whichever SDK calls, and what they
// used is booked under that key at the demo models' prices. A key of Bursar's own in the environment makes no provider.
func TestDevHasAGateway(t *testing.T) {
	t.Parallel()
	address := database.NewURL(t)
	r, _ := startDev(t, filepath.Join(t.TempDir(), "data"), variables{"DATABASE_URL": address, "OPENAI_API_KEY": auth.NewSecret(auth.APIKeyPrefix).Text})
	base, key := r.await(`Gateway +(http://\S+)`), r.await(`API key +(bsr_\w+)`)
	wantContains(t, "the banner", r.stdout.String(), "export OPENAI_BASE_URL="+base+"/v1 OPENAI_API_KEY="+key, "(in front of a demo provider)")
	call := func(path, body string) answer {
		return request(t, http.MethodPost, base+path, body, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+key) })
	}
	const question = `"max_tokens": 5, "messages": [{"role": "user", "content": "Hello"}]}`
	wantStatus(t, "a chat", call("/v1/chat/completions", `{"model": "demo-small", `+question), http.StatusOK)
	wantStatus(t, "a message", call("/v1/messages", `{"model": "demo-large", `+question), http.StatusOK)
	wantStatus(t, "contents", call("/v1beta/models/demo-reasoning:generateContent",
		`{"contents": [{"parts": [{"text": "Hello"}]}], "generationConfig": {"maxOutputTokens": 5}}`), http.StatusOK)
	wantStatus(t, "another provider's model", call("/v1/chat/completions", `{"model": "gpt-4.1", `+question), http.StatusNotFound)
	wantStatus(t, "probes", get(t, base+"/readyz"), http.StatusOK)
	wantContains(t, "metrics", get(t, base+"/metrics").body, `bursar_gateway_calls_total{dialect="anthropic"`)
	r.stop() // which waits for reports that are on their way
	if code := r.finish(); code != exitDone {
		t.Fatalf("exit code %d", code)
	}
	pool, err := pgxpool.New(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	const ledger = `select string_agg(u.model || ' ' || u.input_tokens || ' ' || u.output_tokens || ' ' || u.cost_nanos || ' ' || k.name, ', ' order by u.model)
		from usage_events u join api_keys k on k.id = u.api_key_id where u.provider = 'demo'`
	var booked string
	if err := pool.QueryRow(t.Context(), ledger).Scan(&booked); err != nil {
		t.Fatal(err)
	}
	const want = "demo-large 4 5 145000 Your first calls, demo-reasoning 4 5 48000 Your first calls, demo-small 4 5 9600 Your first calls"
	if booked != want {
		t.Errorf("the ledger has %q, want %q", booked, want)
	}
}

// toolsFind checks that the other commands work on a folder's database, whether dev is running (at url) or not ("").
func toolsFind(t *testing.T, dataDir, url string) {
	t.Helper()
	for command, want := range map[string]string{
		"migrate status": "functions   current",
		"migrate up":     "the schema is current",
		"verify":         "verified 1 organization, ",
		"token create --organization demo --role VIEWER --name test": "bst_",
	} {
		r := start(t, nil, append(strings.Fields(command), "--data-dir", dataDir)...)
		if code := r.finish(); code != exitDone {
			t.Errorf("%s: exit code %d", command, code)
		}
		wantContains(t, command, r.stdout.String(), want)
		if want == "bst_" && url != "" {
			wantContains(t, "the viewer", graphQL(t, url, strings.TrimSpace(r.stdout.String()), adminQuery), `"VIEWER"`)
		}
	}
}

func wantPrivate(t *testing.T, dataDir string, names ...string) {
	t.Helper()
	if info, err := os.Stat(dataDir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v, %v", info.Mode(), err)
	}
	for _, name := range names {
		info, err := os.Stat(filepath.Join(dataDir, name))
		if err != nil {
			t.Error(err)
		} else if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %s", name, info.Mode())
		}
	}
}

// Guarantee: dev on a database of the user's own starts none, takes the root token that it is given, and with a key for mail
// shows no outbox.
func TestDevOnAGivenDatabase(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about PostgreSQL and flags, on one goroutine")
	dataDir := t.TempDir()
	_, url := startDev(t, dataDir, variables{
		"DATABASE_URL": database.NewURL(t), "BURSAR_ROOT_TOKEN": rootTokenOfTests,
		"RESEND_API_KEY": "re_test", "RESEND_BASE_URL": "http://127.0.0.1:1",
	})
	wantContains(t, "the operator", graphQL(t, url, rootTokenOfTests, "{ viewer { role } }"), `"ROOT"`)
	wantStatus(t, "/outbox", get(t, url+"/outbox"), http.StatusNotFound)
	for _, name := range []string{"postgres", "postgres.url", "root-token"} {
		if _, err := os.Stat(filepath.Join(dataDir, name)); err == nil {
			t.Errorf("%s was made", name)
		}
	}
}

// Guarantee: dev ends, with the reason, when its PostgreSQL does.
func TestDevEndsWithItsPostgreSQL(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "starts a PostgreSQL of its own")
	dataDir := t.TempDir()
	r, _ := startDev(t, dataDir, nil)
	content, err := os.ReadFile(filepath.Join(dataDir, "postgres", "cluster", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.SplitN(string(content), "\n", 2)[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if code := r.finish(); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	wantContains(t, "the reason", r.stderr.String(), "bursar: the embedded PostgreSQL ended by itself", "postgresql.log")
}

// Guarantee: a kept root token that somebody shortened is refused rather than used.
func TestDevRefusesABadKeptToken(t *testing.T) {
	t.Parallel()
	dataDir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dataDir, "root-token"), []byte("short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantOneLine(t, start(t, nil, "dev", "--addr", "127.0.0.1:0", "--data-dir", dataDir), exitFailed, "root-token", "16")
}
