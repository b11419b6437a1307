package hostile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"bursar/bench"
)

// readMemory adds the server's memory to the report, if the system has /proc.
func (r *runner) readMemory(when string) error {
	if len(r.PIDs) == 0 {
		return nil
	}
	now, peak, err := r.residentMiB()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	r.report.Memory = append(r.report.Memory, Reading{when, now}, Reading{when + ", peak since the start", peak})
	return nil
}

// residentMiB returns the resident memory of all servers, and the sum of their peaks, which need not have been at one time.
func (r *runner) residentMiB() (now, peak float64, err error) {
	for _, pid := range r.PIDs {
		of, most, err := bench.ResidentMiB(pid)
		if err != nil {
			return 0, 0, err
		}
		now, peak = now+of, peak+most
	}
	return now, peak, nil
}

// awaitMemory waits, without any requests, until the memory is within its bar, for one and a half times the attack at most.
func (r *runner) awaitMemory(ctx context.Context) error {
	if len(r.report.Memory) == 0 {
		return r.tell("the server's memory is not read: this system does not tell it")
	}
	if err := r.tell("waiting for the server's memory to come back"); err != nil {
		return err
	}
	began, want := time.Now(), r.report.Memory[0].MiB*maxRemaining
	for {
		now, _, err := r.residentMiB()
		if err != nil {
			return err
		}
		if now <= want || time.Since(began) > 3*r.Duration/2 {
			r.report.Memory = append(r.report.Memory, Reading{fmt.Sprintf("idle for %.0f s", time.Since(began).Seconds()), now})
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}
