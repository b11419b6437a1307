package pg

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// stopLimits is how long each way of stopping may take before the next is tried.
type stopLimits struct {
	fast      time.Duration // disconnects the clients and writes everything down
	immediate time.Duration // leaves the writing to the recovery at the next start
}

// defaultStopLimits are eight seconds in all, so that a program that must end within ten has two for its other work. In an
// immediate shutdown PostgreSQL kills its own children after five seconds, which is within the limit.
func defaultStopLimits() stopLimits {
	return stopLimits{fast: 8 * time.Second, immediate: 7 * time.Second}
}

// stop ends the server and waits for it. A server that has already ended, whichever way, is no error.
func (p *process) stop(limits stopLimits) error {
	for _, way := range []struct {
		signal os.Signal
		limit  time.Duration
	}{{syscall.SIGINT, limits.fast}, {syscall.SIGQUIT, limits.immediate}} {
		if err := p.signal(way.signal); err != nil {
			return err
		}
		limit := time.NewTimer(way.limit)
		select {
		case <-p.exited:
			limit.Stop()
			return nil
		case <-limit.C:
		}
	}
	if err := p.signal(syscall.SIGKILL); err != nil {
		return err
	}
	<-p.exited
	return nil
}

func (p *process) signal(signal os.Signal) error {
	if err := p.child.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("send %s to the server (process %d): %w", signal, p.pid, err)
	}
	return nil
}

// processExists reports whether a process of the id exists, of whichever account, dead and not reaped included.
func processExists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
