package command_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"bursar/apply"
	"bursar/graph/graphtest"
)

// killer is a way to a server on which the program is killed: before a request of a mutation is passed on, or after it was done and before it is answered.
type killer struct {
	mutex    sync.Mutex
	mutation string
	after    bool
	left     int // requests of the mutation until then
	process  *os.Process
}

func (k *killer) strikes(document string, after bool) bool {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if k.process == nil || after != k.after || !strings.Contains(document, k.mutation+"(") {
		return false
	}
	k.left--
	return k.left == 0
}

func (k *killer) serve(t *testing.T, target string) string {
	t.Helper()
	to, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(to)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler) // the program was killed while it sent
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if k.strikes(string(body), false) {
			_ = k.process.Kill() // it may have been killed by another request
			panic(http.ErrAbortHandler)
		}
		answer := httptest.NewRecorder()
		forward.ServeHTTP(answer, r)
		if k.strikes(string(body), true) {
			_ = k.process.Kill()
			panic(http.ErrAbortHandler)
		}
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // the program may be gone
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// Guarantee: a run that is killed (SIGKILL), wherever it is, is finished by the next one: each key, workspace and policy is there once, and the last secret in the file of each key works.
func TestKill(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, point := range []struct {
		mutation string
		after    bool
		nth      int
	}{
		{"createApiKey", false, 3}, {"createApiKey", true, 1}, {"createApiKey", true, 5}, {"updateApiKey", false, 2}, {"updateApiKey", true, 4}, {"createWorkspace", true, 1}, {"createPolicy", true, 1},
	} {
		t.Run(fmt.Sprint(point), func(t *testing.T) {
			t.Parallel()
			api := kit.NewAPI(t)
			var text strings.Builder
			fmt.Fprintf(&text, "owner: o\norganization: {slug: %s}\npolicies: [{name: p, groupBy: [model]}]\nworkspaces:\n- slug: w\n  name: W\n  apiKeys:\n", api.Tenant.Organization.Slug)
			for i := range 8 {
				fmt.Fprintf(&text, "  - {externalId: k%d, name: key, budgetLimits: [{type: COST, amount: 5}]}\n", i)
			}
			file := filepath.Join(t.TempDir(), "file.yaml")
			if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			k := &killer{mutation: point.mutation, after: point.after, left: point.nth}
			server := k.serve(t, api.URL)
			run := func() error {
				process := exec.CommandContext(t.Context(), program) // #nosec G204 -- it is this test
				process.Env = append(os.Environ(), asProgram+"="+file, "BURSAR_TOKEN="+api.Admin, "BURSAR_URL="+server)
				k.mutex.Lock()
				err := process.Start()
				k.process = process.Process
				k.mutex.Unlock()
				if err != nil {
					t.Fatal(err)
				}
				return process.Wait()
			}
			if err := run(); err == nil || !strings.Contains(err.Error(), "killed") {
				t.Fatalf("the first run was not killed: %v", err)
			}
			if err := run(); err != nil {
				t.Fatalf("the second run: %v", err)
			}
			wantAllOnce(t, api, file+".secrets")
		})
	}
}

// wantAllOnce checks what there is, and the last secret of each key in a file.
func wantAllOnce(t *testing.T, api *graphtest.API, secrets string) {
	t.Helper()
	var counts string
	err := api.Pool.QueryRow(t.Context(), `select format('%s keys, %s workspaces, %s policies, %s marks', (select count(*) from api_keys where metadata ? 'bursar.apply/id'),
		(select count(*) from workspaces where slug = 'w'), (select count(*) from policies), (select count(*) from api_keys where metadata ? 'bursar.apply/secret'))`).Scan(&counts)
	if err != nil || counts != "8 keys, 1 workspaces, 1 policies, 0 marks" {
		t.Errorf("there are %s, %v", counts, err)
	}
	content, err := os.ReadFile(secrets)
	if err != nil {
		t.Fatal(err)
	}
	last := map[string]apply.Secret{}
	for line := range bytes.Lines(content) {
		var secret apply.Secret
		if err := json.Unmarshal(line, &secret); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		last[secret.ExternalID] = secret
	}
	if len(last) != 8 {
		t.Errorf("%d keys have a secret", len(last))
	}
	for _, secret := range last {
		answer := api.Run(api.Gateway, "CheckUsage", map[string]any{"input": map[string]any{"secret": secret.Secret}})
		answer.Equal(secret.ID, "checkUsage", "apiKeyId")
		answer.Equal(true, "checkUsage", "allowed")
	}
}
