package bench

import (
	"context"
	"time"
)

// Gateways are clients that send operations to one server. The packages below bench measure with them.
type Gateways struct {
	Server      string // URL
	Data        *Data
	Others      []*Data // further organizations; connections are parted among all
	Connections int     // keep-alive connections, each with one request at a time
}

// ClosedLoop measures an operation that each connection starts when its last one has ended. The warm-up, of at most 1 s,
// comes before the duration. Operations that fail are counted in the row; an error means that nothing was measured.
func (g Gateways) ClosedLoop(ctx context.Context, operation Operation, duration time.Duration) (Row, error) {
	of := g.row(operation)
	m, err := measure(ctx, of.newWorker, g.Connections, min(duration, maxWarmUp), duration)
	if err != nil {
		return Row{}, err
	}
	return newRow(of, m, duration), nil
}

// OpenLoop measures an operation that starts at a constant rate, whether those before it have ended or not. Warm-up and errors
// are those of ClosedLoop; operations that the connections did not get to in time are errors.
func (g Gateways) OpenLoop(ctx context.Context, operation Operation, perSecond int, duration time.Duration) (Row, error) {
	of := g.row(operation)
	m, err := measureOpen(ctx, of.newWorker, g.Connections, perSecond, min(duration, maxWarmUp), duration)
	if err != nil {
		return Row{}, err
	}
	return newRow(of, m, duration), nil
}

func (g Gateways) row(operation Operation) row {
	all := append([]*Data{g.Data}, g.Others...)
	return row{letter: operation.letter, name: operation.letter, what: operation.what, connections: g.Connections,
		newWorker: func(ctx context.Context, number int) (*worker, error) {
			return operation.workers(all[number%len(all)], operation.letter, g.Server)(ctx, number)
		}}
}
