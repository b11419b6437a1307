package worker

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"bursar/worker/job"
)

// mailSweep enqueues [job.DispatchAlerts] from every worker, not from the leader alone: a leader that was killed is
// replaced after a quarter of a minute, and mail shall be on its way sooner, as long as any worker lives.
type mailSweep struct {
	client   *river.Client[pgx.Tx]
	interval time.Duration
	options  *river.InsertOpts
	logger   *slog.Logger

	mutex  sync.Mutex
	cancel context.CancelFunc // nil when it does not run
	ended  chan struct{}
}

func newMailSweep(client *river.Client[pgx.Tx], config Config) *mailSweep {
	return &mailSweep{
		client: client, interval: config.DispatchInterval, logger: config.Logger,
		options: every(job.DispatchAlerts{}, config.DispatchInterval).insertOpts(),
	}
}

func (s *mailSweep) start(ctx context.Context) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.cancel != nil {
		return
	}
	ctx, s.cancel = context.WithCancel(ctx)
	s.ended = make(chan struct{})
	go func() {
		defer close(s.ended)
		s.run(ctx)
	}()
}

func (s *mailSweep) run(ctx context.Context) {
	ticker := time.NewTicker(s.interval)
	defer ticker.Stop()
	for {
		if _, err := s.client.Insert(ctx, job.DispatchAlerts{}, s.options); err != nil && ctx.Err() == nil {
			s.logger.WarnContext(ctx, "no run of the mail was enqueued", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (s *mailSweep) stop() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.cancel == nil {
		return
	}
	s.cancel()
	<-s.ended
	s.cancel = nil
}
