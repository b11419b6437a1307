package overhead

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
	"time"
)

// connection is one keep-alive connection to a target. It replaces net/http's client, which takes more processor time than what is measured.
type connection struct {
	net    net.Conn
	reader *bufio.Reader
	path   string // before that of a call
	host   string
	header string
	body   []byte // of the last answer, as far as it was kept; its memory is reused
	sent   []byte
	stop   func() bool
}

// dial connects to a target. The end of ctx closes the connection.
func dial(ctx context.Context, target *Target) (*connection, error) {
	parsed, err := url.Parse(target.URL)
	if err != nil {
		return nil, err
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", parsed.Host)
	if err != nil {
		return nil, err
	}
	c := &connection{net: conn, reader: bufio.NewReader(conn), path: parsed.Path, host: parsed.Host, header: target.Header}
	c.stop = context.AfterFunc(ctx, func() { _ = conn.Close() }) // the call in flight fails
	return c, nil
}

func (c *connection) close() {
	c.stop()
	_ = c.net.Close() // there is nothing in flight whose loss would matter
}

// call sends a chat of a caller with a key, and reads the whole answer. It returns when the first byte of the answer's body has arrived. started is called
// then; it may be nil.
func (c *connection) call(chat *chat, key string, started func()) (first time.Time, err error) {
	c.sent = fmt.Appendf(c.sent[:0], "POST %s/v1/chat/completions HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n%s%sContent-Length: %d\r\n\r\n%s",
		c.path, c.host, key, c.header, chat.header, len(chat.body), chat.body)
	if _, err := c.net.Write(c.sent); err != nil {
		return first, err
	}
	status, length, err := c.readHeader()
	if err != nil {
		return first, fmt.Errorf("read the answer: %w", err)
	}
	c.body = c.body[:0]
	if length >= 0 {
		_, err = c.reader.Peek(min(1, length))
		first = time.Now()
		if started != nil {
			started()
		}
		if err == nil {
			err = c.read(length)
		}
	} else {
		first, err = c.readChunks(started)
	}
	switch {
	case err != nil:
		return first, fmt.Errorf("read the answer: %w", err)
	case status != "200":
		return first, fmt.Errorf("HTTP status %s: %s", status, c.body)
	case !bytes.HasSuffix(c.body, []byte(chat.end)):
		return first, fmt.Errorf("the answer ends with %q, want %q", c.body, chat.end)
	}
	return first, nil
}

// readHeader reads an answer up to its body and returns the status and the length of the body; -1: it comes in chunks.
func (c *connection) readHeader() (status string, length int, err error) {
	line, err := c.reader.ReadSlice('\n')
	if err != nil {
		return "", 0, err
	}
	if len(line) < len("HTTP/1.1 200") || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return "", 0, fmt.Errorf("want HTTP/1.1, got %q", line)
	}
	status, length = string(line[9:12]), -1
	chunked := false
	for {
		if line, err = c.reader.ReadSlice('\n'); err != nil {
			return "", 0, err
		}
		if line = bytes.TrimRight(line, "\r\n"); len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return "", 0, err
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = bytes.Contains(value, []byte("chunked"))
		}
	}
	if length < 0 && !chunked || length > maxAnswer {
		return "", 0, errors.New("want an answer in chunks, or one whose Content-Length is reasonable")
	}
	return status, length, nil
}

const (
	maxAnswer = 1 << 20 // bytes of an answer with a length, or of a chunk
	keptBytes = 16      // of the end of an answer in chunks
)

// readChunks reads a body in chunks, with its trailer, and keeps its end.
func (c *connection) readChunks(started func()) (first time.Time, err error) {
	for {
		line, err := c.reader.ReadSlice('\n')
		if err != nil {
			return first, err
		}
		size, err := strconv.ParseUint(string(bytes.TrimSpace(line)), 16, 31)
		if err != nil || size > maxAnswer {
			return first, fmt.Errorf("want the length of a chunk, got %q", line)
		}
		if first.IsZero() {
			if first = time.Now(); started != nil {
				started()
			}
		}
		if size == 0 {
			break
		}
		if kept := len(c.body) - keptBytes; kept > 0 {
			c.body = append(c.body[:0], c.body[kept:]...)
		}
		if err := c.read(int(size)); err != nil {
			return first, err
		}
		if _, err := c.reader.Discard(len("\r\n")); err != nil {
			return first, err
		}
	}
	for { // the trailer
		line, err := c.reader.ReadSlice('\n')
		if err != nil || len(bytes.TrimSpace(line)) == 0 {
			return first, err
		}
	}
}

// read appends bytes to the body.
func (c *connection) read(length int) error {
	before := len(c.body)
	if cap(c.body) < before+length {
		c.body = append(make([]byte, 0, 2*(before+length)), c.body...)
	}
	c.body = c.body[:before+length]
	_, err := io.ReadFull(c.reader, c.body[before:])
	return err
}
