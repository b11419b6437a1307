package hostile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"syscall"
	"time"
)

// Yield gives this process the lowest priority, so that it takes only the processor time that the measured processes leave, as
// an attacker on another machine would. It sets the priority of all threads, which new threads inherit. With autogroup
// (sched(7)) Linux divides processors among sessions first and compares threads within a session only; the process therefore
// gets a session of its own, which gets the lowest priority too.
func Yield(ctx context.Context) error {
	// EPERM: the process leads a process group, as one that a shell started does, and is in a group of its own already
	if _, err := syscall.Setsid(); err != nil && !errors.Is(err, syscall.EPERM) {
		return fmt.Errorf("create a session: %w", err)
	}
	if err := yieldSession(ctx); err != nil {
		return err
	}
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return fmt.Errorf("find this program's threads: %w", err)
	}
	for _, thread := range threads {
		number, err := strconv.Atoi(thread.Name())
		if err != nil {
			return fmt.Errorf("find this program's threads: %w", err)
		}
		if err := syscall.Setpriority(syscall.PRIO_PROCESS, number, lowest); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("lower this program's priority: %w", err)
		}
	}
	return nil
}

// yieldSession gives this process's session the lowest priority, if the kernel has autogroup.
func yieldSession(ctx context.Context) error {
	for {
		err := writeAutogroup()
		switch {
		case errors.Is(err, syscall.EAGAIN): // the kernel accepts one change in 100 ms
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(100 * time.Millisecond):
			}
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("lower this session's priority: %w", err)
		default:
			return nil
		}
	}
}

func writeAutogroup() error {
	file, err := os.OpenFile("/proc/self/autogroup", os.O_WRONLY, 0) // without O_CREATE
	if err != nil {
		return err
	}
	_, err = file.WriteString(strconv.Itoa(lowest))
	return errors.Join(err, file.Close())
}

const lowest = 19 // nice value
