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

// connection is one keep-alive connection to a server's /graphql. It replaces net/http's client, which takes more processor
// time than the server that is measured. It supports neither redirects nor compression nor chunked encoding.
type connection struct {
	net     net.Conn
	reader  *bufio.Reader
	header  []byte // of each request, up to the value of Content-Length
	request []byte // the last one; its memory is reused
	answer  []byte // the body of the last one; its memory is reused
	stop    func() bool
}

// dial connects to the server at an http:// URL. The end of ctx closes the connection.
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
	c.stop = context.AfterFunc(ctx, func() { _ = conn.Close() }) // the request in flight fails
	return c, nil
}

func (c *connection) close() error {
	if !c.stop() { // ctx has ended, which closes the connection
		return nil
	}
	return c.net.Close()
}

// post sends a body and returns the body of the answer, which is valid until the next call. A status other than 200 is an
// error.
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

// readHeader reads an answer up to its body and returns the status and the length of the body.
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

// maxAnswer bounds the body of an answer, in bytes. The benchmark's answers have a few hundred.
const maxAnswer = 1 << 20
