// Package deliverytest is the kit for tests of mail and of jobs: a tenant whose budgets raise alerts, and a provider of mail that
// keeps what it is given.
package deliverytest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"bursar/mail"
)

// ErrOutage is an error that says nothing of what became of a call.
var ErrOutage = errors.New("the provider is away")

// Sender is a provider of mail in memory: it keeps what it is given and gives the answer that a test sets.
type Sender struct {
	mutex sync.Mutex
	calls []Call
	// Answer decides about a call, outside the lock; nil accepts all.
	Answer func(ctx context.Context, messages []mail.Message) ([]mail.Result, error)
}

// Call is a call that was made.
type Call struct {
	Key      string
	Messages []mail.Message
}

// Send implements [mail.Sender].
func (s *Sender) Send(ctx context.Context, key string, messages []mail.Message) ([]mail.Result, error) {
	s.mutex.Lock()
	s.calls = append(s.calls, Call{key, messages})
	answer := s.Answer
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

// SetAnswer changes Answer while calls may be made.
func (s *Sender) SetAnswer(answer func(ctx context.Context, messages []mail.Message) ([]mail.Result, error)) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.Answer = answer
}

// Calls returns the calls so far.
func (s *Sender) Calls() []Call {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return append([]Call{}, s.calls...)
}

// Messages returns the messages of all calls so far.
func (s *Sender) Messages() []mail.Message {
	var all []mail.Message
	for _, call := range s.Calls() {
		all = append(all, call.Messages...)
	}
	return all
}

// Failing answers every call with an error.
func Failing(err error) func(context.Context, []mail.Message) ([]mail.Result, error) {
	return func(context.Context, []mail.Message) ([]mail.Result, error) { return nil, err }
}

// Received returns how many mails an address has got.
func (s *Sender) Received(address string) (mails int) {
	for _, message := range s.Messages() {
		if message.To == address {
			mails++
		}
	}
	return mails
}

// AssertSameCall fails the test unless the calls are so many and all the same, key and contents.
func (s *Sender) AssertSameCall(t testing.TB, times int) {
	t.Helper()
	calls := s.Calls()
	for _, call := range calls {
		if fmt.Sprint(call) != fmt.Sprint(calls[0]) {
			t.Errorf("the calls differ: %+v and %+v", calls[0], call)
		}
	}
	if len(calls) != times {
		t.Errorf("%d calls, want %d", len(calls), times)
	}
}
