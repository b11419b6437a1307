package overhead

import (
	"errors"
	"io/fs"
	"time"

	"bursar/bench"
	"bursar/bench/gauge"
)

// load is what the processors had done when a phase began.
type load struct {
	machine gauge.Machine
	process time.Duration // of the target
}

func (r *runner) load(target *Target) (l load, err error) {
	if l.process, err = processorTime(target); err != nil {
		return l, err
	}
	l.machine, err = gauge.ReadMachine()
	return l, err
}

// end adds to a phase what the processors have done meanwhile, for a number of calls.
func (l load) end(phase *Phase, target *Target, calls int64) error {
	machine, err := gauge.ReadMachine()
	if err != nil {
		return err
	}
	phase.Machine = machine.BusySince(l.machine)
	process, err := processorTime(target)
	if calls > 0 {
		phase.ProcessorMicros = float64((process - l.process).Microseconds() / calls)
	}
	return err
}

// processorTime returns the processor time of a target's process; 0 where it is not known.
func processorTime(target *Target) (time.Duration, error) {
	if target.PID == 0 {
		return 0, nil
	}
	used, err := bench.ProcessorTime(target.PID)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	return used, err
}
