package pg

import (
	"path/filepath"
	"testing"
)

// Servers, temporary and kept ones, begin with what is in a template and change nothing in it. Whoever keeps a template has stopped, and a
// kept server begins with it once.
func TestTemplate(t *testing.T) {
	t.Parallel()
	template := filepath.Join(t.TempDir(), "template")
	first := startNew(t, Config{Temporary: true})
	execute(t, first.URL(), "CREATE TABLE kept AS SELECT 'still here' AS word")
	must(t, first.Keep(template))
	if processExists(first.PID()) {
		t.Error("the server runs on")
	}
	kept := t.TempDir()
	for _, config := range []Config{{Temporary: true}, {DataDir: kept}, {Temporary: true}} {
		config.Template = template
		server := startNew(t, config)
		if word := query(t, server.URL(), "SELECT word FROM kept"); word != "still here" {
			t.Errorf("a server on the template reads %q", word)
		}
		execute(t, server.URL(), "UPDATE kept SET word = 'changed'")
		must(t, server.Stop())
	}
	if word := query(t, startNew(t, Config{DataDir: kept, Template: template}).URL(), "SELECT word FROM kept"); word != "changed" {
		t.Errorf("a server that was stopped reads %q", word)
	}
}

// A template that is none is an error, and nothing of it is left.
func TestBadTemplate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := Start(t.Context(), Config{DataDir: dir, Template: t.TempDir()})
	wantError(t, err, "copy the template")
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	must(t, err)
	if len(left) != 1 { // the lock
		t.Errorf("left behind: %v", left)
	}
	startNew(t, Config{DataDir: dir})
}
