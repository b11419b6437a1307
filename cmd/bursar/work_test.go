package main

import "testing"

// Guarantee: work starts without its database, begins when that is there, and ends with 0 when asked to at any moment.
func TestWork(t *testing.T) {
	t.Parallel()
	gate, url := newGate(t, database.NewURL(t))
	environment := variables{"DATABASE_URL": url, "RESEND_API_KEY": "re_test", "RESEND_BASE_URL": "http://127.0.0.1:1"}

	waiting := start(t, environment, "work")
	waiting.await("the database cannot be reached")
	waiting.stop()
	if code := waiting.finish(); code != exitDone {
		t.Errorf("exit code of one that waits: %d", code)
	}

	working := start(t, environment, "work")
	working.await("the database cannot be reached")
	gate.set(true)
	working.await(`"msg":"working"`)
	working.stop()
	if code := working.finish(); code != exitDone {
		t.Errorf("exit code: %d", code)
	}
	working.await("the jobs have stopped")
}
