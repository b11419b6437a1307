package overhead

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"bursar/bench"
)

// Memory is what open streams take of a gateway's memory.
type Memory struct {
	Target   string    `json:"target"`
	IdleMiB  float64   `json:"idleMiB"` // resident, before
	Readings []Reading `json:"readings"`
	Void     []string  `json:"void,omitempty"`

	leases bool // it is of a gateway with leases
}

// Reading is the memory that a number of streams take, for each of them. A KB has 1,000 bytes.
type Reading struct {
	Streams    int     `json:"streams"`
	ResidentKB float64 `json:"residentKB"` // by which the process's resident memory has grown, garbage included
	UsedKB     float64 `json:"usedKB"`     // by which heap and stacks in use have grown, after a collection of garbage; 0: unknown
}

func (m *Memory) find(streams int) *Reading {
	for i := range m.Readings {
		if m.Readings[i].Streams == streams {
			return &m.Readings[i]
		}
	}
	return nil
}

const (
	manyStreams     = 5                      // memory is measured at the number of streams that was asked for, and at so many times as many
	memoryInterval  = 100 * time.Millisecond // between two tokens of a stream, so that even many streams leave the processors idle
	maxMemoryTime   = 5 * time.Second        // of such a stream
	memoryWarmUp    = 200                    // calls before anything is measured
	wantCollections = 6                      // of garbage while all streams are open: each halves stacks that need less than a quarter of what they have
	residentEvery   = 20 * time.Millisecond
)

// measureMemory measures a gateway that has not had much to do before: what a process has once taken it may keep.
func (r *runner) measureMemory(ctx context.Context, target *Target) error {
	memory := &Memory{Target: target.Name, leases: target.Leases}
	r.report.Memory = append(r.report.Memory, memory)
	if _, _, err := bench.ResidentMiB(target.PID); target.PID == 0 || errors.Is(err, fs.ErrNotExist) {
		return r.tell("the memory of %s is not read: its process is not known", target.Name)
	}
	if err := r.hold(ctx, target, 1, newChat(false, callTokens, 0), memoryWarmUp, nil); err != nil {
		return err
	}
	idle, err := r.readMemory(ctx, target, r.memoryTime()*3/4)
	if err != nil {
		return err
	}
	memory.IdleMiB = math.Round(float64(idle.resident)/(1<<20)*10) / 10
	length := r.memoryTime()
	for _, streams := range []int{r.Streams, manyStreams * r.Streams} {
		if err := r.tell("%s: memory of %d open streams", target.Name, streams); err != nil {
			return err
		}
		chat := newChat(true, int(length/memoryInterval), memoryInterval)
		err := r.hold(ctx, target, streams, chat, 1, func(open *atomic.Int64) error {
			busy, err := r.readMemory(ctx, target, length*3/4)
			if still := open.Load(); still < int64(streams) {
				memory.Void = append(memory.Void, fmt.Sprintf("%s: %d of %d streams were open when memory was read", target.Name, still, streams))
			}
			each := func(now, before int64) float64 { return math.Round(float64(now-before)/float64(streams)/100) / 10 }
			reading := Reading{Streams: streams, ResidentKB: each(busy.resident, idle.resident)}
			if target.Metrics != "" {
				reading.UsedKB = each(busy.used, idle.used)
			}
			memory.Readings = append(memory.Readings, reading)
			return err
		})
		if errors.Is(err, errNotOpen) {
			memory.Void, err = append(memory.Void, fmt.Sprintf("%s: %d streams were not open at the same time within %s", target.Name, streams, timeout)), nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// errNotOpen is the error of streams that ended before all had begun: the machine is slow.
var errNotOpen = errors.New("the streams were not open at the same time")

// memoryTime is how long streams are held open.
func (r *runner) memoryTime() time.Duration {
	return max(5*memoryInterval, min(maxMemoryTime, 2*r.Duration))
}

// hold has a number of callers make some calls each, one after the other, and calls a function, which may be nil, when all have the first byte of an answer. It is told how
// many answers are open.
func (r *runner) hold(ctx context.Context, target *Target, callers int, chat *chat, calls int, held func(*atomic.Int64) error) error {
	return r.booking(ctx, target, func() error {
		var open atomic.Int64
		var running sync.WaitGroup
		failures, all := make(chan error, callers), make(chan struct{})
		for i := range callers {
			w := &worker{target: target, data: r.Data, random: rand.New(rand.NewPCG(2, uint64(i)))} //nolint:gosec // picks keys
			running.Go(func() {
				for range calls {
					_, err := w.call(ctx, chat, func() {
						if open.Add(1) == int64(callers) && held != nil {
							close(all)
						}
					})
					if open.Add(-1); err != nil {
						failures <- err
						return
					}
				}
				w.connection.close()
			})
		}
		var err error
		if held != nil {
			select {
			case <-all:
				err = held(&open)
			case err = <-failures:
			case <-time.After(timeout):
				err = errNotOpen
			}
		}
		running.Wait()
		select {
		case failed := <-failures:
			return errors.Join(err, failed)
		default:
			return err
		}
	})
}

// memoryBytes are what a process has of memory.
type memoryBytes struct{ resident, used int64 }

// readMemory watches a process for a time, and returns the most that was resident and the least that was in use, which is that after a collection of
// garbage. Reading metrics makes garbage, so that there are some. It ends when there were enough.
func (r *runner) readMemory(ctx context.Context, target *Target, duration time.Duration) (memoryBytes, error) {
	ctx, cancel := context.WithTimeout(ctx, duration)
	defer cancel()
	var m memoryBytes
	var reading sync.WaitGroup
	var failed error
	if target.Metrics != "" {
		reading.Go(func() {
			m.used, failed = leastInUse(ctx, target.Metrics)
			cancel()
		})
	}
	for ctx.Err() == nil {
		now, _, err := bench.ResidentMiB(target.PID)
		if err != nil {
			cancel()
			failed = errors.Join(failed, err)
			break
		}
		m.resident = max(m.resident, int64(now*(1<<20)))
		select {
		case <-ctx.Done():
		case <-time.After(residentEvery):
		}
	}
	reading.Wait()
	return m, failed
}

// leastInUse reads metrics until ctx ends, or garbage was collected often enough.
func leastInUse(ctx context.Context, url string) (least int64, err error) {
	for first := -1.0; ctx.Err() == nil; {
		values, err := scrape(ctx, url)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			return 0, err
		}
		if used := int64(values["go_memstats_heap_alloc_bytes"] + values["go_memstats_stack_inuse_bytes"]); least == 0 || used < least {
			least = used
		}
		collections := values["go_gc_duration_seconds_count"]
		if first < 0 {
			first = collections
		}
		if collections >= first+wantCollections {
			break
		}
	}
	return least, nil //nolint:nilerr // the time is over, which interrupts a scrape
}

// scrape reads the metrics without labels of a process.
func scrape(ctx context.Context, url string) (values map[string]float64, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("read metrics: %w", err)
	}
	defer func() { _ = response.Body.Close() }() // it has been read
	values = map[string]float64{}
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		name, number, _ := strings.Cut(lines.Text(), " ")
		if value, err := strconv.ParseFloat(number, 64); err == nil {
			values[name] = value
		}
	}
	return values, lines.Err()
}
