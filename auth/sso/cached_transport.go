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
	defaultMinInterval = 2 * time.Second
	staleFor           = time.Hour // how long the last good answer is used while the issuer fails
	maxAnswer          = 1 << 20   // bytes
)

// cachedTransport sends at most one request for each URL in minInterval. A token with an invented key id makes the key set
// fetch the keys anew, and so does every caller while an issuer is down. Within the interval the last answer or the last
// failure is returned. While the issuer fails, its last good answer is used for an hour.
type cachedTransport struct {
	next        http.RoundTripper
	minInterval time.Duration

	mutex   sync.Mutex
	entries map[string]*cachedAnswer // by URL: the discovery document and the keys
}

// cachedAnswer is the last answer for one URL.
type cachedAnswer struct {
	mutex     sync.Mutex
	asked     time.Time // the last request
	err       error     // of the last request
	succeeded time.Time // the last answer with status 200
	body      []byte    // of that answer
}

// RoundTrip implements [http.RoundTripper].
func (t *cachedTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	answer := t.entry(request.URL.String())
	answer.mutex.Lock()
	defer answer.mutex.Unlock()
	if time.Since(answer.asked) >= t.minInterval {
		body, err := t.fetch(request)
		answer.asked, answer.err = time.Now(), err
		if err == nil {
			answer.succeeded, answer.body = answer.asked, body
		}
	}
	if answer.err != nil && (answer.body == nil || time.Since(answer.succeeded) > staleFor) {
		return nil, answer.err
	}
	return &http.Response{
		Status: http.StatusText(http.StatusOK), StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(answer.body)),
		ContentLength: int64(len(answer.body)), Request: request,
	}, nil
}

func (t *cachedTransport) entry(url string) *cachedAnswer {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.entries[url] == nil {
		t.entries[url] = &cachedAnswer{}
	}
	return t.entries[url]
}

// fetch returns the body of an answer, which must be a 200 of at most 1 MiB.
func (t *cachedTransport) fetch(request *http.Request) ([]byte, error) {
	response, err := t.next.RoundTrip(request)
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
