package gateway

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// Bounds of requests that several calls share.
const (
	DefaultShared = 4 // requests of a kind that are under way to a server before further calls share one

	maxGathered   = 256             // calls in a request: as many as Bursar decides in one statement
	minGathered   = 32              // calls in a request, if so many wait, of which it takes its share otherwise
	gatheredBytes = 512 << 10       // of their inputs: Bursar takes twice as much from a gateway
	unknownBytes  = 32 << 10        // the same until a server has answered such a request: the release before takes no large ones
	knownFor      = 1 * time.Minute // how long a server that does not know such requests is sent none
)

// gather has the calls of one kind at one server share HTTP requests, as Bursar has them share statements: a call goes at once, alone, unless
// enough requests are under way; those that arrive meanwhile go together when the next of these is answered. Nothing waits for others to come.
type gather[P payload] struct {
	client    *Client
	endpoint  string
	one, many *operation
	list      string // of the input of many
	most      int    // requests that are under way

	mu       sync.Mutex
	waiting  []*gathered[P]
	underway int
	known    bool      // the server has answered a request of many
	single   time.Time // until when it is sent none
}

// gathered is a call that waits for its answer.
type gathered[P payload] struct {
	ctx   context.Context //nolint:containedctx // of its caller, who may leave alone
	input []byte
	sent  bool          // guarded by gather.mu
	over  chan struct{} // closed when the following are set
	paid  P
	err   error
}

// do makes one attempt of a call and returns its answer. The error is an *Error.
func (g *gather[P]) do(ctx context.Context, input []byte) (P, error) {
	g.mu.Lock()
	switch {
	case g.most <= 0 || time.Now().Before(g.single):
		g.mu.Unlock()
		return g.alone(ctx, input)
	case g.underway < g.most:
		g.underway++
		g.mu.Unlock()
		defer g.next()
		return g.alone(ctx, input)
	}
	call := &gathered[P]{ctx: ctx, input: input, over: make(chan struct{})}
	g.waiting = append(g.waiting, call)
	g.mu.Unlock()
	select {
	case <-call.over:
		return call.paid, call.err
	case <-ctx.Done():
		g.mu.Lock()
		defer g.mu.Unlock()
		left := unreachable(ctx.Err())
		left.unknown = call.sent
		var none P
		return none, left
	}
}

// alone sends a call by itself.
func (g *gather[P]) alone(ctx context.Context, input []byte) (P, error) {
	var answer struct{ ReserveUsage, RecordUsage P }
	err := g.client.send(ctx, g.endpoint, g.one.body(input), maxAnswerBytes, &answer)
	if g.one == &g.client.operations.reserve {
		return answer.ReserveUsage, err
	}
	return answer.RecordUsage, err
}

// next lets those that wait follow a request that has ended.
func (g *gather[P]) next() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if batch := g.take(); len(batch) > 0 {
		go g.run(batch)
		return
	}
	g.underway--
}

// take removes calls that go together, without those whose callers have left. The mutex must be held. Of many it takes the share of one of the requests
// that may be under way: else all callers would end up in the same request, and client, server and PostgreSQL would work in turn.
func (g *gather[P]) take() (batch []*gathered[P]) {
	most := min(max(len(g.waiting)/g.most, minGathered), maxGathered)
	room := unknownBytes
	if g.known {
		room = gatheredBytes
	}
	for len(g.waiting) > 0 && len(batch) < most {
		call := g.waiting[0]
		if call.ctx.Err() == nil {
			if room -= len(call.input); room < 0 && len(batch) > 0 {
				break
			}
			call.sent = true
			batch = append(batch, call)
		}
		g.waiting[0], g.waiting = nil, g.waiting[1:]
	}
	return batch
}

// run sends calls together, and has those that wait follow them.
func (g *gather[P]) run(batch []*gathered[P]) {
	defer g.next()
	if len(batch) == 1 || g.isSingle() {
		g.settleAlone(batch)
		return
	}
	answers, err := g.together(batch)
	failed, isError := errors.AsType[*Error](err)
	g.mu.Lock()
	refused := isError && failed.refusesMany()
	if refused {
		g.single = time.Now().Add(knownFor)
	}
	g.known = g.known || err == nil
	g.mu.Unlock()
	if refused {
		g.settleAlone(batch)
		return
	}
	for i, call := range batch {
		switch {
		case isError:
			own := *failed // which its own attempts change
			call.err = &own
		case answers[i].failure() != nil:
			call.err = answers[i].failure().of(g.list, i)
		default:
			call.paid = answers[i]
		}
		close(call.over)
	}
}

// isSingle tells whether the server is sent no requests of many calls for now.
func (g *gather[P]) isSingle() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return time.Now().Before(g.single)
}

// settleAlone sends calls that wait each by itself, at the same time.
func (g *gather[P]) settleAlone(batch []*gathered[P]) {
	var running sync.WaitGroup
	for _, call := range batch {
		running.Go(func() {
			call.paid, call.err = g.alone(call.ctx, call.input)
			close(call.over)
		})
	}
	running.Wait()
}

// together sends calls in one request, which none of their callers ends. The error is an *Error.
func (g *gather[P]) together(batch []*gathered[P]) ([]P, error) {
	var input bytes.Buffer
	input.WriteString(`{"` + g.list + `":[`)
	for i, call := range batch {
		if i > 0 {
			input.WriteByte(',')
		}
		input.Write(call.input)
	}
	input.WriteString("]}")
	type many struct{ Answers []P }
	var answer struct{ ReserveUsages, RecordUsages *many }
	ctx := context.WithoutCancel(batch[0].ctx) // for its trace
	if err := g.client.send(ctx, g.endpoint, g.many.body(input.Bytes()), maxAnswerBytes*int64(len(batch)), &answer); err != nil {
		return nil, err
	}
	if answer.ReserveUsages == nil {
		answer.ReserveUsages = answer.RecordUsages
	}
	if answer.ReserveUsages == nil || len(answer.ReserveUsages.Answers) != len(batch) {
		return nil, malformed("not %d answers", len(batch))
	}
	return answer.ReserveUsages.Answers, nil
}

// refusesMany tells whether a request of many calls was refused, and not carried out, for being one: by a server of the release before, by
// one that executes trusted documents alone, or by a proxy that takes no such bodies.
func (e *Error) refusesMany() bool {
	switch e.Code {
	case CodeBadUserInput, CodeForbidden, "QUERY_TOO_COMPLEX", "PERSISTED_QUERY_NOT_FOUND":
		return true
	}
	return e.status == http.StatusRequestEntityTooLarge || e.status == http.StatusBadRequest
}
