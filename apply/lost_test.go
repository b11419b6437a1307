package apply_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"bursar/apply"
)

// Guarantee: an answer that is lost on its way changes nothing of what there is in the end: each thing is made once, whichever mutation's answer it was, and the
// secret of a key whose answer was lost is replaced by one that is delivered.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	for _, mutation := range []string{"createApiKey", "updateApiKey", "createWorkspace", "setLimits", "createPolicy", "addMember", "setPrice", "setUnpricedPolicy"} {
		t.Run(mutation, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			lost := 0
			b.proxy.set(func(document string, nth int) bool {
				if !strings.Contains(document, mutation+"(") || nth > 1 {
					return false
				}
				lost++
				return true
			}, nil)
			b.Parallel = 1
			b.apply(whole)
			if lost != 1 {
				t.Errorf("%d answers were lost", lost)
			}
			if keys, policies, workspaces := b.count("api_keys"), b.count("policies"), b.count("workspaces"); keys != 4 || policies != 2 || workspaces != 2 {
				t.Errorf("%d keys, %d policies, %d workspaces", keys, policies, workspaces)
			}
			if len(b.lines()) != 3 {
				t.Errorf("%d secrets", len(b.lines()))
			}
			for _, line := range b.lines() {
				if line.ExternalID != "staging" {
					b.wantWorks(line)
				}
			}
		})
	}
}

// sink takes secrets until it fails, as a run that is killed before it has written one.
type sink struct {
	apply.File
	left int
}

func (s *sink) Deliver(ctx context.Context, secret apply.Secret) error {
	if s.left--; s.left < 0 {
		return errors.New("killed")
	}
	return s.File.Deliver(ctx, secret)
}

// Guarantee: a run that ends after it has made a key and before anybody has its secret is finished by the next one: the key is the same, it has a new secret, and that is
// delivered. A key whose secret is in the file keeps it, also when the run ended before it could say so.
func TestKilledBeforeTheSecretIsDelivered(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const text = "owner: o\norganization: {slug: SLUG}\napiKeys: [{externalId: a, name: a}, {externalId: b, name: b, enabled: false}, {externalId: c, name: c}]\n"
	killed := &sink{File: apply.File{Path: b.secrets}, left: 1}
	b.Parallel, b.Secrets = 1, killed
	if done, err := b.Execute(t.Context(), b.plan(text)); err == nil || done != 1 {
		t.Fatalf("%d were done: %v", done, err)
	}
	if err := killed.Close(); err != nil {
		t.Fatal(err)
	}
	b.Applier = b.by(b.Admin)
	plan := b.plan(text)
	if got := printed(t, plan); !strings.Contains(got, "its secret has reached nobody") || !strings.Contains(got, "1 to create, 1 to change, 0 to delete") {
		t.Errorf("the plan is %s", got)
	}
	b.apply(text)
	lines := b.lines()
	if len(lines) != 3 || b.count("api_keys") != 4 {
		t.Fatalf("%d secrets of %d keys", len(lines), b.count("api_keys"))
	}
	for _, line := range lines {
		if line.ExternalID != "b" { // which is not enabled
			b.wantWorks(line)
		}
	}
	// the mark is there, and the secret is in the file: it is not replaced
	if _, err := b.Pool.Exec(t.Context(), `update api_keys set metadata = metadata || '{"bursar.apply/secret": "pending"}' where name = 'a'`); err != nil {
		t.Fatal(err)
	}
	b.apply(text)
	if len(b.lines()) != 3 {
		t.Error("a secret that was delivered is replaced")
	}
	b.wantWorks(b.lines()[0])
}

// Guarantee: secrets go to a file that nobody else may read, or to a command; without either, and where they could not be kept, no key is made.
func TestSinks(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const text = "organization: {slug: SLUG}\napiKeys: [{name: it's a}]\n"
	open := filepath.Join(t.TempDir(), "open")
	if err := os.WriteFile(open, []byte("cut of"), 0o644); err != nil { // #nosec G306 -- it is what the test is about
		t.Fatal(err)
	}
	for name, secrets := range map[string]apply.Sink{
		"nowhere": nil, "a file for all": &apply.File{Path: open}, "a folder": &apply.File{Path: t.TempDir()}, "no folder": &apply.File{Path: filepath.Join(t.TempDir(), "none", "f")},
	} {
		b.Secrets = secrets
		if done, err := b.Execute(t.Context(), b.plan(text)); err == nil || done != 0 || !strings.Contains(err.Error(), "nothing was changed") {
			t.Errorf("%s: %d were done, %v", name, done, err)
		}
	}
	if keys := b.count("api_keys"); keys != 1 {
		t.Errorf("%d keys", keys)
	}
	b.Secrets = &apply.Command{Line: "cat >/dev/null; exit 3"}
	if _, err := b.Execute(t.Context(), b.plan(text)); err == nil || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("a command that fails: %v", err)
	}
	if err := os.Chmod(open, 0o600); err != nil {
		t.Fatal(err)
	}
	b.Secrets = &apply.Command{Line: "cat >> " + open}
	b.apply(text)
	content, err := os.ReadFile(open)
	if err != nil || strings.Count(string(content), `"secret":"bsr_`) != 1 || b.count("api_keys") != 2 {
		t.Errorf("%s, %v", content, err)
	}
	if _, err := exec.LookPath("sh"); err != nil {
		t.Fatal(err)
	}
	// a line that was cut off does not swallow the next one
	if err := os.WriteFile(b.secrets, []byte(`{"id": "key_`), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Secrets = &apply.File{Path: b.secrets}
	b.apply("organization: {slug: SLUG}\napiKeys: [{name: b}]\n")
	if content, err := os.ReadFile(b.secrets); err != nil || !strings.HasPrefix(string(content), "{\"id\": \"key_\n{") {
		t.Errorf("%s, %v", content, err)
	}
}
