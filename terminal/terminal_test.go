package terminal_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bursar/terminal"
)

// Guarantee: a question is answered by yes alone.
func TestAsk(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]bool{"yes\n": true, "yes": true, "YES\r\n": true, "y\n": false, "no\n": false, "\n": false, "": false, "yesno\n": false} {
		var asked strings.Builder
		if got, err := terminal.Ask(strings.NewReader(answer), &asked, "Import 5 prices"); err != nil || got != want {
			t.Errorf("%q is %t with error %v", answer, got, err)
		}
		if asked.String() != "Import 5 prices? (yes/no) " {
			t.Errorf("the question is %q", asked.String())
		}
	}
}

// Guarantee: where there is no terminal, progress is a line every few seconds and no bar, so that logs stay readable; an error of writing is told at the end.
func TestProgressWithoutTerminal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var shown strings.Builder
		p := terminal.ShowProgress(&shown, "importing", 10)
		p.At(1)
		<-time.After(6 * time.Second)
		p.At(4)
		p.At(5)
		if err := p.End(); err != nil || shown.String() != "importing: 4 of 10\n" {
			t.Errorf("shown %q, error %v", shown.String(), err)
		}
		broken := terminal.ShowProgress(failing{}, "importing", 10)
		<-time.After(6 * time.Second)
		broken.At(4)
		if err := broken.End(); !errors.Is(err, errBroken) {
			t.Errorf("error %v", err)
		}
	})
}

var errBroken = errors.New("broken")

// failing takes no line.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errBroken }
