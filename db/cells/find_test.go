package cells

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// Guarantee: a cell that has many questions to answer, and answers them, is waited for however long that takes: a server that was started, whose callers name thousands of
// organizations at once, asks the directory for each, and not all cells instead. One that answers nothing for a time is given up.
func TestManyQuestionsAreNoSilence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &line{slots: make(chan struct{}, 1)}
		l.slots <- struct{}{}
		waiting := make(chan error, 1)
		go func() { waiting <- l.acquire(context.Background(), soon) }()
		for range 100 { // others are answered, and others yet have taken their slots
			<-time.After(soon / 2)
			l.answered.Add(1)
		}
		select {
		case err := <-waiting:
			t.Errorf("given up although the cell answers: %v", err)
		default:
		}
		began := time.Now()
		if err := <-waiting; !errors.Is(err, errSilent) {
			t.Errorf("a silent cell: %v", err)
		}
		if waited := time.Since(began); waited > 2*soon {
			t.Errorf("waited %s for a silent cell", waited)
		}
		<-l.slots
		if err := l.acquire(context.Background(), soon); err != nil {
			t.Error(err)
		}
	})
}
