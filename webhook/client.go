package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"
)

const (
	// Timeout is how long a target has to answer, its name's look-up and the connection included.
	Timeout = 10 * time.Second
	// maxAnswer is how much of an answer is read, so that its connection can be used again.
	maxAnswer = 64 << 10
	// maxRetryAfter is the longest that a target's wish to be asked later is obeyed.
	maxRetryAfter = time.Hour
	userAgent     = "Bursar-Webhook/1.0"
)

// Client sends what webhooks are told. It follows no redirect, uses no proxy, and connects to allowed addresses alone.
type Client struct {
	bySchemes map[string]*http.Client
}

// NewClient returns a client that connects to public addresses, and to those in the networks.
func NewClient(networks Networks) *Client {
	c := &Client{bySchemes: map[string]*http.Client{}}
	for _, scheme := range []string{"https", "http"} {
		dialer := &net.Dialer{Timeout: Timeout, Control: networks.control(scheme)}
		c.bySchemes[scheme] = &http.Client{
			Timeout:       Timeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			Transport: &http.Transport{DialContext: dialer.DialContext, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 1,
				IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: maxAnswer},
		}
	}
	return c
}

// Message is what is sent to a webhook.
type Message struct {
	ID      string // the same for each attempt
	URL     string
	Body    []byte
	At      time.Time // of the attempt
	Secrets []Secret  // that sign it; one, or two while a secret is rotated
}

// Answer is what a target said.
type Answer struct {
	Status     int           // of HTTP; 0 when there was no answer
	RetryAfter time.Duration // what it asked for, at most an hour; 0: nothing
}

// Gone tells whether a target said that it is to be told no more.
func (a Answer) Gone() bool { return a.Status == http.StatusGone }

// Send sends a message. An error says why it is not delivered, in words for whoever set the webhook up: it names no address and holds nothing of the
// answer.
func (c *Client) Send(ctx context.Context, message *Message) (Answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, message.URL, bytes.NewReader(message.Body))
	if err != nil {
		return Answer{}, errors.New("its URL cannot be read")
	}
	client := c.bySchemes[request.URL.Scheme]
	if client == nil {
		return Answer{}, errors.New("its URL begins neither with https:// nor with http://")
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", userAgent)
	if err := Sign(request.Header, message.ID, message.At, message.Body, message.Secrets...); err != nil {
		return Answer{}, err
	}
	response, err := client.Do(request)
	if err != nil {
		return Answer{}, explain(err)
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.CopyN(io.Discard, response.Body, maxAnswer) // what it says does not matter, and an error neither: the status has come
	answer := Answer{Status: response.StatusCode, RetryAfter: retryAfter(response.Header, message.At)}
	switch {
	case answer.Status >= 200 && answer.Status < 300:
		return answer, nil
	case answer.Status >= 300 && answer.Status < 400:
		return answer, fmt.Errorf("answered HTTP %d, a redirect, which is not followed: set the URL that it leads to", answer.Status)
	}
	return answer, fmt.Errorf("answered HTTP %d", answer.Status)
}

// explain says why there is no answer, without the URL.
func explain(err error) error {
	if failed, ok := errors.AsType[*url.Error](err); ok {
		if failed.Timeout() {
			return fmt.Errorf("did not answer within %s", Timeout)
		}
		err = failed.Err
	}
	switch {
	case errors.Is(err, errNotAllowed):
		return errNotAllowed
	case isUnknownHost(err):
		return errors.New("its host name was not found")
	}
	if failed, ok := errors.AsType[*net.OpError](err); ok {
		err = failed.Err // without the address
	}
	if failed, ok := errors.AsType[*os.SyscallError](err); ok {
		err = failed.Err
	}
	return fmt.Errorf("no answer: %w", err)
}

// isUnknownHost tells whether a name was looked up in vain.
func isUnknownHost(err error) bool {
	_, unknown := errors.AsType[*net.DNSError](err)
	return unknown
}

// retryAfter returns for how long a target wants not to be asked again; 0 when it does not say so.
func retryAfter(header http.Header, at time.Time) time.Duration {
	value := header.Get("Retry-After")
	var wish time.Duration
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		wish = time.Duration(seconds) * time.Second
	} else if until, err := http.ParseTime(value); err == nil {
		wish = until.Sub(at)
	}
	return min(max(wish, 0), maxRetryAfter)
}
