package standby_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"
)

// lines is a log that can be waited for.
type lines struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (l *lines) Write(line []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.Write(line)
}

func (l *lines) await(t *testing.T, text string) {
	t.Helper()
	deadline := time.After(promptly)
	for {
		l.mutex.Lock()
		logged := l.text.String()
		l.mutex.Unlock()
		if strings.Contains(logged, text) {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("the log does not say %q:\n%s", text, logged)
		case <-time.After(5 * time.Millisecond):
		}
	}
}
