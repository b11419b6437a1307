package wire

import (
	"errors"
	"io"
	"sync"

	"bursar/usage"
)

// Seen is what an answer that passed through has told.
type Seen struct {
	Parts    usage.Parts // what was used, as far as the answer has said; without HasUsage it is zero
	HasUsage bool        // whether the answer has said what was used; without Ended it may say more yet
	Ended    bool        // whether the answer is complete: a stream's terminal event, or the end of a document, has passed
	Failed   bool        // whether the answer is, or ended with, an error of the provider
	Err      error       // why usage could not be read: nonsense, an encoding that is not known, too large; nil otherwise

	Bytes       int64 // of the answer, decompressed
	OutputBytes int64 // of generated text among them, as UTF-8, for Estimate
}

// Body is an answer's body on its way to the caller: what is read from it is what the caller gets. It is an io.ReadCloser for one goroutine; Seen may be
// called by others.
type Body struct {
	// AtEnd, if it is not nil, is called once with what was seen: before Read returns the bytes that end the answer, or its error, or io.EOF; or by
	// Close, when the caller has left before. So the caller never has the whole answer before it is known what it costs.
	// Set it before the first Read.
	AtEnd func(Seen)

	source io.ReadCloser
	err    error // what reading the source has ended with

	mutex  sync.Mutex // guards what follows
	answer answer
	told   bool // whether AtEnd was called

	// What follows is used when chunks may have to be taken out.
	held  []byte // read and not handed on: first what may be, then the event that is not complete
	ready int    // bytes of held that may be handed on
	after bool   // whether the last event was taken out, so that a line feed that belongs to it is, too
	large bool   // whether the event that is not complete is handed on, because it is too large to be the one with the usage
}

// How much is read at once, and held of one event, where chunks may have to be taken out.
const (
	hideRead = 8 << 10
	hideMost = 64 << 10
)

// Read reads what the caller gets. It returns as soon as there is something that may be handed on.
func (b *Body) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if !b.answer.hide {
		n, err := b.pass(p)
		b.tell(err != nil)
		return n, err
	}
	for {
		if n := b.handOn(p); n > 0 {
			return n, nil
		}
		if b.err != nil {
			b.tell(true)
			return 0, b.err
		}
		b.fill(p)
		b.tell(false)
	}
}

// pass reads bytes and hands them on as they are.
func (b *Body) pass(p []byte) (int, error) {
	n, err := b.source.Read(p)
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.answer.read(p[:n])
	if errors.Is(err, io.EOF) {
		b.answer.finish()
	}
	return n, err
}

// handOn hands on what may be. A Body that hides nothing never holds anything.
func (b *Body) handOn(p []byte) int {
	n := copy(p, b.held[:b.ready])
	b.held = b.held[:copy(b.held, b.held[n:])]
	b.ready -= n
	if len(b.held) == 0 && cap(b.held) > hideMost {
		b.held = nil
	}
	return n
}

// fill reads more, and takes out the event that has to be.
func (b *Body) fill(p []byte) {
	n, err := b.source.Read(p[:min(len(p), hideRead)])
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.answer.bytes += int64(n)
	for rest := p[:n]; len(rest) > 0; {
		if rest = b.lineFeed(rest); len(rest) == 0 {
			break
		}
		read, complete := b.answer.events.next(rest)
		b.held = append(b.held, rest[:read]...)
		rest = rest[read:]
		if complete {
			b.decide(b.answer.event())
		}
	}
	if len(b.held)-b.ready > hideMost {
		b.large = true
	}
	if b.large {
		b.ready = len(b.held)
	}
	// Half an event before another error is never handed on: no client reads it, and so there is place for ErrorEvent.
	if b.err = err; errors.Is(err, io.EOF) {
		b.decide(b.answer.finish())
	}
}

// lineFeed takes a line feed that belongs to a carriage return at the end of the last piece to the event of that.
func (b *Body) lineFeed(p []byte) []byte {
	e := &b.answer.events
	if e.carriage && p[0] == '\n' {
		e.carriage = false
		if p = p[1:]; !b.after {
			b.held = append(b.held, '\n')
			if !e.open {
				b.ready = len(b.held)
			}
		}
	}
	b.after = false
	return p
}

// decide keeps the event that is complete or takes it out.
func (b *Body) decide(drop bool) {
	if drop && !b.large {
		b.held = b.held[:b.ready]
		b.after = true
	}
	b.ready, b.large = len(b.held), false
}

// tell calls AtEnd once the answer has ended.
func (b *Body) tell(over bool) {
	b.mutex.Lock()
	due := !b.told && (over || b.answer.terminal)
	var seen Seen
	if due {
		b.told = true
		seen = b.answer.seen()
	}
	b.mutex.Unlock()
	if due && b.AtEnd != nil {
		b.AtEnd(seen)
	}
}

// Close closes the body of the upstream's answer.
func (b *Body) Close() error {
	b.tell(true)
	return b.source.Close()
}

// Seen returns what has been seen so far.
func (b *Body) Seen() Seen {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.answer.seen()
}
