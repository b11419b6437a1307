package auth

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// The log names each GATEWAY token that names API keys by their ids, once an hour however often it does, and tokens that are forgotten
// again with their next use.
func TestKeyIDUsesAreThrottled(t *testing.T) {
	t.Parallel()
	log, now := &bytes.Buffer{}, time.Now()
	uses := NewKeyIDUses(slog.New(slog.NewTextHandler(log, nil)), func() time.Time { return now })
	token := func(actor string) *Principal {
		return &Principal{TokenID: uuid.NewSHA1(uuid.Nil, []byte(actor)), Actor: actor}
	}
	logged := func(actor string) int { return strings.Count(log.String(), "access_token="+actor+" ") }
	for range 1000 {
		uses.Note(token("tok_a"), "org_a")
		uses.Note(token("tok_b"), "org_a")
	}
	if logged("tok_a") != 1 || logged("tok_b") != 1 {
		t.Errorf("1000 uses by each of two tokens: %s", log)
	}
	now = now.Add(time.Hour - 1)
	uses.Note(token("tok_a"), "org_a")
	if logged("tok_a") != 1 {
		t.Errorf("within the hour: %s", log)
	}
	now = now.Add(1)
	uses.Note(token("tok_a"), "org_a")
	uses.Note(token("tok_a"), "org_a")
	if logged("tok_a") != 2 {
		t.Errorf("after an hour: %s", log)
	}
	for i := range maxKeyIDUsesOf {
		uses.Note(token("tok_"+strings.Repeat("x", i+1)), "org_a")
	}
	uses.Note(token("tok_a"), "org_a")
	if logged("tok_a") != 3 {
		t.Errorf("%d uses of a token that was forgotten are logged", logged("tok_a"))
	}
	if !strings.Contains(log.String(), "level=WARN") || !strings.Contains(log.String(), "acceptsKeyIds") {
		t.Errorf("not told what to do: %s", log)
	}
}
