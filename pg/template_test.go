package pg

import (
	"path/filepath"
	"testing"
)

// Temporary servers begin with what is in a template, at the same time, and change nothing in it. Whoever keeps a template has stopped.
func TestTemplate(t *testing.T) {
	t.Parallel()
	template := filepath.Join(t.TempDir(), "template")
	first := startServer(t, Config{Temporary: true})
	execute(t, first.URL(), "CREATE TABLE kept AS SELECT 'still here' AS word")
	must(t, first.Keep(template))
	if processExists(first.PID()) {
		t.Error("the server runs on")
	}
	for range 2 {
		server := startServer(t, Config{Temporary: true, Template: template})
		if word := query(t, server.URL(), "SELECT word FROM kept"); word != "still here" {
			t.Errorf("a server on the template reads %q", word)
		}
		execute(t, server.URL(), "DROP TABLE kept")
	}
}

// A template that is none is an error, and so is a kept server on one.
func TestBadTemplate(t *testing.T) {
	t.Parallel()
	_, err := Start(t.Context(), Config{Temporary: true, Template: t.TempDir()})
	wantError(t, err, "copy the template")
	_, err = Start(t.Context(), Config{DataDir: t.TempDir(), Template: t.TempDir()})
	wantError(t, err, "only a temporary server")
}
