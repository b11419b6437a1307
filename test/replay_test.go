package test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// `bursar dev` on an empty folder becomes ready. Recorded traffic replayed through it reaches limits and sends mail. Then every counter
// is what the ledger says, also after a kill -9 and a restart on the same folder.
func TestDevReplayVerify(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	data := []string{"--data-dir", filepath.Join(folder, "data")}
	traffic := filepath.Join(folder, "traffic.csv")
	whole, err := os.ReadFile("../data/azure-llm-2023-conversation.csv")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(traffic, []byte(strings.Join(strings.SplitAfter(string(whole), "\n")[:301], "")), 0o600); err != nil {
		t.Fatal(err)
	}

	dev := append([]string{"dev", "--addr", "127.0.0.1:0", "--root-token", rootToken}, data...)
	first := run(t, nil, dev...)
	url := first.await(`(http://127\.0\.0\.1:\d+)`)
	first.await(`(?i)(ready)`)
	code, printed := run(t, nil, "replay", traffic, "--url", url, "--token", rootToken).finish()
	if code != 0 || !strings.Contains(printed, " 300 ") {
		t.Fatalf("replay exits with %d:\n%s", code, printed)
	}
	first.kill()

	second := run(t, nil, dev...)
	second.await(`(?i)(ready)`)
	if printed := verify(t, nil, data...); !strings.Contains(printed, "no difference") {
		t.Fatal(printed)
	}
	if err := second.command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if code, printed := second.finish(); code != 0 {
		t.Fatalf("dev exits with %d after an interrupt:\n%s", code, printed)
	}
}
