package leasing

import "sync"

// running counts what goes on in the background. Unlike a sync.WaitGroup it may begin while somebody waits.
type running struct {
	mu     sync.Mutex
	number int
	none   chan struct{} // closed when nothing goes on; nil: nobody waits
}

func (r *running) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.number++
}

func (r *running) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.number--; r.number == 0 && r.none != nil {
		close(r.none)
		r.none = nil
	}
}

// wait waits until nothing goes on.
func (r *running) wait() {
	r.mu.Lock()
	if r.number == 0 {
		r.mu.Unlock()
		return
	}
	if r.none == nil {
		r.none = make(chan struct{})
	}
	none := r.none
	r.mu.Unlock()
	<-none
}
