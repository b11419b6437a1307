package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
)

// connection is one keep-alive connection to a server's /graphql. It stands in for net/http's client, which would take
// more of the machine than the server that is measured: it knows no redirects, no compression and no chunks.
type connection struct {
	net     net.Conn
	reader  *bufio.Reader
	header  []byte // of every request, up to its Content-Length
	request []byte // the last one; kept so that its memory is used again
	answer  []byte // the body of the last one
	stop    func() bool
}

// dial connects to the server at an http:// URL. The end of ctx breaks the connection.
func dial(ctx context.Context, server, token string) (*connection, error) {
	parsed, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", parsed.Host)
	if err != nil {
		return nil, err
	}
	c := &connection{net: conn, reader: bufio.NewReader(conn)}
	c.header = fmt.Appendf(nil, "POST /graphql HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n"+
		"Accept: application/json\r\nContent-Type: application/json\r\nContent-Length: ", parsed.Host, token)
	c.stop = context.AfterFunc(ctx, func() { _ = conn.Close() }) // makes the request in flight fail; close reports it
	return c, nil
}

func (c *connection) close() error {
	if !c.stop() { // ctx has ended and closes it
		return nil
	}
	return c.net.Close()
}

// post sends a body and returns the answer's, which is valid until the next. Any status but 200 is an error.
func (c *connection) post(body []byte) ([]byte, error) {
	c.request = append(c.request[:0], c.header...)
	c.request = strconv.AppendInt(c.request, int64(len(body)), 10)
	c.request = append(c.request, "\r\n\r\n"...)
	c.request = append(c.request, body...)
	if _, err := c.net.Write(c.request); err != nil {
		return nil, err
	}
	status, length, err := c.readHeader()
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if cap(c.answer) < length {
		c.answer = make([]byte, length)
	}
	c.answer = c.answer[:length]
	if _, err := io.ReadFull(c.reader, c.answer); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if status != "200" {
		return nil, fmt.Errorf("HTTP status %s: %s", status, c.answer)
	}
	return c.answer, nil
}

// readHeader reads up to the body and returns the status and the body's length.
func (c *connection) readHeader() (status string, length int, err error) {
	line, err := c.reader.ReadSlice('\n')
	if err != nil {
		return "", 0, err
	}
	if len(line) < len("HTTP/1.1 200") || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return "", 0, fmt.Errorf("want HTTP/1.1, got %q", line)
	}
	status = string(line[9:12])
	for length = -1; ; {
		if line, err = c.reader.ReadSlice('\n'); err != nil {
			return "", 0, err
		}
		if line = bytes.TrimRight(line, "\r\n"); len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		if bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return "", 0, err
			}
		}
	}
	if length < 0 || length > maxAnswer {
		return "", 0, errors.New("want an answer whose Content-Length is set and reasonable")
	}
	return status, length, nil
}

// maxAnswer bounds an answer's body, in bytes; those of the benchmark have a few hundred.
const maxAnswer = 1 << 20
