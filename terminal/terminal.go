// Package terminal talks to whoever runs a command: it asks questions, and shows how much of long work is done.
package terminal

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Ask asks a question. Everything but yes is no, and so is the end of the input.
func Ask(from io.Reader, to io.Writer, question string) (bool, error) {
	if _, err := fmt.Fprintf(to, "%s? (yes/no) ", question); err != nil {
		return false, err
	}
	answer, err := bufio.NewReader(from).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	return strings.EqualFold(strings.TrimSpace(answer), "yes"), nil
}

// Progress shows how much of long work is done: as a bar on a terminal, elsewhere as a line every few seconds.
type Progress struct {
	to    io.Writer
	what  string
	total int
	bar   *progressbar.ProgressBar // nil without a terminal
	shown time.Time
	err   error // the first of writing
}

// progressLines is how often a line is written where there is no terminal.
const progressLines = 5 * time.Second

// ShowProgress begins to show progress.
func ShowProgress(to io.Writer, what string, total int) *Progress {
	p := &Progress{to: to, what: what, total: total, shown: time.Now()}
	if file, ok := to.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(to), progressbar.OptionSetDescription(what), progressbar.OptionSetWidth(30),
			progressbar.OptionShowCount())
	}
	return p
}

// At shows that a number is done.
func (p *Progress) At(done int) {
	switch {
	case p.err != nil:
	case p.bar != nil:
		p.err = p.bar.Set(done)
	case time.Since(p.shown) >= progressLines:
		_, p.err = fmt.Fprintf(p.to, "%s: %d of %d\n", p.what, done, p.total)
		p.shown = time.Now()
	}
}

// End takes the bar away, and returns the first error of writing.
func (p *Progress) End() error {
	if p.bar != nil && p.err == nil {
		p.err = p.bar.Clear()
	}
	if p.err != nil {
		return fmt.Errorf("show the progress: %w", p.err)
	}
	return nil
}
