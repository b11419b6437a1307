package worker

import (
	"context"
	"log/slog"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// failureLog logs failed jobs as errors; River itself mentions them at level info. It changes nothing about what becomes
// of them.
type failureLog struct{ logger *slog.Logger }

var _ river.ErrorHandler = (*failureLog)(nil)

// HandleError implements [river.ErrorHandler].
func (f *failureLog) HandleError(ctx context.Context, row *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	f.logger.ErrorContext(ctx, "job failed", "job", row.Kind, "job_id", row.ID, "error", err)
	return nil
}

// HandlePanic implements [river.ErrorHandler].
func (f *failureLog) HandlePanic(ctx context.Context, row *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	f.logger.ErrorContext(ctx, "job panicked", "job", row.Kind, "job_id", row.ID, "panic", value, "trace", trace)
	return nil
}
