package worker

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"bursar/mail"
)

var errOutage = errors.New("the provider is away")

// fakeSender is a provider of mail: it notes what it is given and answers as told.
type fakeSender struct {
	mutex sync.Mutex
	calls []sentCall
	// answer decides about a call, outside the lock; nil accepts all.
	answer func(ctx context.Context, messages []mail.Message) ([]mail.Result, error)
}

type sentCall struct {
	key      string
	messages []mail.Message
}

func (s *fakeSender) Send(ctx context.Context, key string, messages []mail.Message) ([]mail.Result, error) {
	s.mutex.Lock()
	s.calls = append(s.calls, sentCall{key, messages})
	answer := s.answer
	s.mutex.Unlock()
	if answer != nil {
		if results, err := answer(ctx, messages); results != nil || err != nil {
			return results, err
		}
	}
	results := make([]mail.Result, len(messages))
	for i := range results {
		results[i].ProviderID = fmt.Sprintf("%s/%d", key, i)
	}
	return results, nil
}

// sent returns the calls so far.
func (s *fakeSender) sent() []sentCall {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return append([]sentCall{}, s.calls...)
}

// messages returns the messages of all calls so far.
func (s *fakeSender) messages() []mail.Message {
	var all []mail.Message
	for _, call := range s.sent() {
		all = append(all, call.messages...)
	}
	return all
}

// failing answers every call with an error.
func failing(err error) func(context.Context, []mail.Message) ([]mail.Result, error) {
	return func(context.Context, []mail.Message) ([]mail.Result, error) { return nil, err }
}
