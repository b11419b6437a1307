package takeover

import (
	"errors"
	"io"
	"os"

	"bursar/terminal"

	"golang.org/x/term"
)

// errNobody is the answer to a question where nobody can be asked.
var errNobody = errors.New("standard input is no terminal to ask at; --yes does it without asking")

// confirm asks a question on the terminal, and says whether the answer is yes.
func confirm(to io.Writer, question string) (bool, error) {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return false, errNobody
	}
	return terminal.Ask(os.Stdin, to, question)
}
