package command

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"bursar/apply"
	"bursar/terminal"
)

// agree asks whether a plan is to be executed, unless --yes says so.
func (a *Apply) agree(plan *apply.Plan, streams Streams) error {
	if a.Yes {
		return nil
	}
	if slices.Contains(a.File, "-") {
		return errors.New("nothing was changed: standard input has the file, so that nobody can be asked; --yes does it without asking")
	}
	if !streams.Interactive {
		return errors.New("nothing was changed: standard input is no terminal to ask at; --yes does it without asking")
	}
	question := fmt.Sprintf("Make these %d changes", plan.Changes())
	if used := plan.Used(); len(used) > 0 {
		question = fmt.Sprintf("%d API keys that were used will be revoked for good, %s first. %s", len(used), used[0], question)
	}
	yes, err := terminal.Ask(streams.In, streams.Err, question)
	if err != nil {
		return err
	}
	if !yes {
		return errors.New("nothing was changed")
	}
	return nil
}

// progressLines is how often a line is written.
const progressLines = 2 * time.Second

// progress shows how much is done, a line every few seconds; on a terminal the line stays the same.
type progress struct {
	to       io.Writer
	terminal bool
	shown    time.Time
}

func (p *progress) at(done, total int) {
	if time.Since(p.shown) < progressLines && done < total || done == total && p.shown.IsZero() {
		return
	}
	p.shown = time.Now()
	end := "\n"
	if p.terminal && done < total {
		end = "\r"
	}
	_, _ = fmt.Fprintf(p.to, "%d of %d changes%s", done, total, end) // what is done does not depend on who looks
}
