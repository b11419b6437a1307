package pg

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// startWatchdog starts a shell that waits on a pipe for the end of this program, which closes the pipe however it
// ends, and then tells the process to shut down at once. It serves systems without a signal for a parent's death.
// Release ends the watchdog; call it as soon as the process has been reaped, because its id may then be given to
// another. A program killed between starting the process and its watchdog leaves the process behind.
func startWatchdog(pid int) (release func() error, err error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make the pipe of the watchdog: %w", err)
	}
	shell := exec.Command("/bin/sh", "-c", `read -r nothing; kill -QUIT "$1"`, "watchdog", strconv.Itoa(pid))
	shell.Stdin = reader
	shell.Dir = "/"
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // it must survive a Ctrl-C that ends this program
	if err := shell.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start the watchdog: %w", err), reader.Close(), writer.Close())
	}
	if err := reader.Close(); err != nil {
		return nil, errors.Join(err, shell.Process.Kill(), writer.Close())
	}
	return func() error {
		err := shell.Process.Kill() // before the pipe is closed, on which the shell would stop PostgreSQL
		if errors.Is(err, os.ErrProcessDone) {
			err = nil
		}
		var killed *exec.ExitError
		if waited := shell.Wait(); waited != nil && !errors.As(waited, &killed) {
			err = errors.Join(err, waited)
		}
		return errors.Join(err, writer.Close())
	}, nil
}
