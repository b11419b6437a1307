package replay

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

const (
	barInterval  = 100 * time.Millisecond
	lineInterval = 5 * time.Second
)

// showProgress shows how many of the total are done, as a bar on a terminal and as lines elsewhere, until the function
// that it returns is called; that returns the first error of writing. A nil writer shows nothing.
func showProgress(w io.Writer, total int64, done func() int64) (stop func() error) {
	if w == nil {
		return func() error { return nil }
	}
	show, finish, interval := lines(w, total), func() error { return nil }, lineInterval
	if file, ok := w.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		bar := newBar(w, total)
		show, finish, interval = bar.Set64, bar.Clear, barInterval
	}

	stopping, stopped := make(chan struct{}), make(chan error, 1)
	go func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				if err := show(done()); err != nil { // the writer has failed
					stopped <- fmt.Errorf("show the progress: %w", err)
					return
				}
			case <-stopping:
				stopped <- finish()
				return
			}
		}
	}()
	return func() error {
		close(stopping)
		return <-stopped
	}
}

func lines(w io.Writer, total int64) func(int64) error {
	started := time.Now()
	return func(done int64) error {
		_, err := fmt.Fprintf(w, "%s: %s of %s requests\n",
			time.Since(started).Round(time.Second), grouped(done), grouped(total))
		return err
	}
}

func newBar(w io.Writer, total int64) *progressbar.ProgressBar {
	return progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription("replaying"),
		progressbar.OptionSetWidth(30),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionSetItsString("requests"),
		progressbar.OptionSetRenderBlankState(true), // starts its clock
	)
}
