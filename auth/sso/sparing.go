package sso

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

const (
	defaultPause = 2 * time.Second
	staleFor     = time.Hour // an answer stands in for an issuer that does not answer
	maxAnswer    = 1 << 20   // bytes
)

// sparing asks for one URL at most once in a pause, whatever tokens come: one with a made-up key id makes the key set ask
// anew, and while an issuer does not answer every caller would. In between the last answer is given again, or the last
// failure. An issuer that fails is answered for by what it last said, for an hour.
type sparing struct {
	next  http.RoundTripper
	pause time.Duration

	mutex sync.Mutex
	known map[string]*known // by URL: discovery, and the keys
}

// known is what is known of one URL.
type known struct {
	mutex    sync.Mutex
	asked    time.Time
	err      error // of the last time
	answered time.Time
	body     []byte // of the last time that it was answered with 200
}

// RoundTrip implements [http.RoundTripper].
func (s *sparing) RoundTrip(request *http.Request) (*http.Response, error) {
	k := s.of(request.URL.String())
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if time.Since(k.asked) >= s.pause {
		body, err := s.ask(request)
		k.asked, k.err = time.Now(), err
		if err == nil {
			k.answered, k.body = k.asked, body
		}
	}
	if k.err != nil && (k.body == nil || time.Since(k.answered) > staleFor) {
		return nil, k.err
	}
	return &http.Response{
		Status: http.StatusText(http.StatusOK), StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(k.body)),
		ContentLength: int64(len(k.body)), Request: request,
	}, nil
}

func (s *sparing) of(url string) *known {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.known[url] == nil {
		s.known[url] = &known{}
	}
	return s.known[url]
}

// ask returns the body of an answer, which must be a 200 of at most 1 MiB.
func (s *sparing) ask(request *http.Request) ([]byte, error) {
	response, err := s.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }() // it has been read, or is not wanted
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", request.URL, response.Status)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		err = fmt.Errorf("%s answered more than 1 MiB", request.URL)
	}
	return body, err
}
