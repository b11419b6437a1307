package bench

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

// Yield gives this program what others on the machine leave, as if it ran on another one: each of its threads, and so those
// that they start. Linux shares processors among sessions first, where it groups them, and heeds a thread's priority
// within its session alone (sched(7), autogroup): so the program has a session of its own, with the lowest priority too.
func Yield(ctx context.Context) error {
	// who leads a group of processes cannot, and was begun by a shell of its own
	if _, err := syscall.Setsid(); err != nil && !errors.Is(err, syscall.EPERM) {
		return fmt.Errorf("begin a session: %w", err)
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

// yieldSession lowers the priority of this program's session, where there are such priorities.
func yieldSession(ctx context.Context) error {
	for {
		err := writeAutogroup()
		switch {
		case errors.Is(err, syscall.EAGAIN): // one change in a tenth of a second is all that the system takes
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
	file, err := os.OpenFile("/proc/self/autogroup", os.O_WRONLY, 0) // not to be made where there is none
	if err != nil {
		return err
	}
	_, err = file.WriteString(strconv.Itoa(lowest))
	return errors.Join(err, file.Close())
}

const lowest = 19 // of the priorities that Linux has
