package live

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"bursar/db"
)

// Guarantee: where others listen already, a stream begins with what these know, without a look at the database, which would wait for a slot.
func TestStreamsBeginWithWhatOthersKnow(t *testing.T) {
	t.Parallel()
	h, caller := NewHub(Config{}), Caller{OrganizationID: uuid.New()}
	known := newListener(h, caller).topic
	l, err := h.Subscribe(t.Context(), caller, "", func(context.Context) (func(), error) {
		t.Error("a slot is waited for")
		return func() {}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := format("ready", known.known.eventID(caller.OrganizationID), "{}"); l.first != want || l.topic != known {
		t.Errorf("it begins with %q, want %q", l.first, want)
	}
	if _, joined := known.listeners[l]; !joined {
		t.Error("it hears of nothing")
	}
}

// Guarantee: streams are opened at a bounded rate, of all and of one organization; who would have to wait for too long is told so at once, and is not
// counted as a listener.
func TestStreamsAreOpenedAtARate(t *testing.T) {
	t.Parallel()
	once := func() *rate.Limiter { return rate.NewLimiter(rate.Every(time.Hour), 1) }
	for name, slow := range map[string]func(h *Hub, t *topic){
		"of all":             func(h *Hub, _ *topic) { h.opening = once() },
		"of an organization": func(_ *Hub, t *topic) { t.opening = once() },
	} {
		h, caller := NewHub(Config{}), Caller{OrganizationID: uuid.New()}
		slow(h, newListener(h, caller).topic)
		admit := func(context.Context) (func(), error) { return func() {}, nil }
		if _, err := h.Subscribe(t.Context(), caller, "", admit); err != nil {
			t.Errorf("%s: the first: %v", name, err)
		}
		if _, err := h.Subscribe(t.Context(), caller, "", admit); !errors.Is(err, ErrOpening) {
			t.Errorf("%s: the second: %v", name, err)
		}
		if n := h.streams[caller.OrganizationID]; n != 1 {
			t.Errorf("%s: %d streams", name, n)
		}
	}
}

// Guarantee: those who need the same look share it, and nobody shares one that began when less was known than when they joined. If who looks leaves, another
// one looks.
func TestLooksAreShared(t *testing.T) {
	t.Parallel()
	l := looks{under: map[lookKey]*sharedLook{}}
	key := lookKey{organizationID: uuid.New(), since: "heard", joined: "then"}
	shared, first := l.join(key)
	if again, second := l.join(key); !first || second || again != shared {
		t.Error("the look is not shared")
	}
	later := key
	later.joined = "now"
	if _, first := l.join(later); !first {
		t.Error("a look from before is shared")
	}
	shared.err = leftOr(left(t), errors.New("canceled"))
	l.finish(key, shared)
	row, err := l.share(t.Context(), key, func(context.Context) (*db.OrganizationChange, error) { return &db.OrganizationChange{Position: 7}, nil })
	if err != nil || row.Position != 7 {
		t.Errorf("%+v, %v", row, err)
	}
	done := make(chan error, 1)
	shared, _ = l.join(key)
	go func() {
		_, err := l.share(t.Context(), key, func(context.Context) (*db.OrganizationChange, error) { return nil, ErrNoOrganization })
		done <- err
	}()
	shared.err = leftOr(left(t), errors.New("canceled"))
	l.finish(key, shared)
	if err := <-done; !errors.Is(err, ErrNoOrganization) {
		t.Errorf("nobody looks: %v", err)
	}
}

// left returns a context of somebody who has left.
func left(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// Guarantee: many streams of one caller are looked up once.
func TestCallersAreLookedUpOnce(t *testing.T) {
	t.Parallel()
	token, other := Caller{OrganizationID: uuid.New(), TokenID: uuid.New()}, Caller{OrganizationID: uuid.New(), TokenID: uuid.New()}
	params, numbers := callersOf([]*Listener{{caller: token}, {caller: other}, {caller: token}})
	if len(params.TokenIDs) != 2 || params.TokenIDs[numbers[token]] != token.TokenID || params.TokenIDs[numbers[other]] != other.TokenID {
		t.Errorf("%+v %v", params, numbers)
	}
}
