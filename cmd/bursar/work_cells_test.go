package main

import (
	"net/http"
	"strings"
	"testing"
)

// Guarantee: one worker works the jobs of home and of all cells, says so of each, and labels what it measures with the cell; one that is down or unfit does not
// keep it from the others, and is worked as soon as it can be. With --cell it leaves the others alone.
func TestWorkWorksEveryCell(t *testing.T) {
	t.Parallel()
	f := newCells(t)
	gate, us := newGate(t, f.urls[2])
	f.environment["RESEND_API_KEY"], f.environment["RESEND_BASE_URL"] = "re_test", "http://127.0.0.1:1"
	f.environment["BURSAR_CELLS"] = "eu=" + f.urls[1] + ",us=" + us

	working := start(t, f.environment, "work", "--metrics-addr", "127.0.0.1:0")
	served := working.await(`"msg":"serving metrics","url":"([^"]+)"`)
	eventually(t, "home or eu is not worked", func() bool {
		said := working.stderr.String()
		return strings.Contains(said, `"msg":"working","cell":"home"`) && strings.Contains(said, `"msg":"working","cell":"eu"`)
	})
	ready := get(t, served+"/readyz")
	wantStatus(t, "ready without us", ready, http.StatusOK)
	wantContains(t, "which is not", ready.body, `us`)
	if strings.Contains(working.stderr.String(), `"msg":"working","cell":"us"`) {
		t.Error("us is worked, and is down")
	}
	gate.set(true)
	working.await(`"msg":"working","cell":"us"`)
	wantContains(t, "the metrics", get(t, served+"/metrics").body, `bursar_rollup_lag_rows{cell="home"} 0`, `bursar_rollup_lag_rows{cell="eu"} 0`)
	working.stop()
	if code := working.finish(); code != exitDone {
		t.Errorf("exit code: %d", code)
	}

	regional := start(t, f.environment, "work", "--cell", "eu")
	regional.await(`"msg":"working"`)
	regional.stop()
	if code := regional.finish(); code != exitDone || strings.Contains(regional.stderr.String(), `"msg":"working","cell":"home"`) {
		t.Errorf("exit code %d, said %q", code, regional.stderr)
	}

	f.wantPrinted("eu is closed: servers and workers ask it no more within ten seconds, until bursar cells open eu\n", "cells", "close", "eu")
	refused := start(t, f.environment, "work", "--cell", "eu") // one that is the only one is waited for as well
	refused.await(`"msg":"the jobs of a cell are not worked"`)
	refused.stop()
	if code := refused.finish(); code != exitDone {
		t.Errorf("exit code of the worker of a closed cell: %d, said %q", code, refused.stderr)
	}
	f.environment["BURSAR_CELLS"] = ""
	f.wantFailed(exitMisused, `no cell "eu"`, "work", "--cell", "eu")
}
