package wire

import "bytes"

// events reads a stream of server-sent events as it passes, in pieces of any size: lines end with LF, CR or CR LF, an event may have several
// lines of data, and comments count for nothing. Data go into a sieve; nothing else is kept.
type events struct {
	sieve *sieve

	field    [5]byte // the first bytes of a line that is no data yet
	length   int     // how many
	state    lineState
	carriage bool // whether the last line ended with CR, so that LF belongs to it
	data     bool // whether the event has data
	open     bool // whether bytes of an event have passed that is not complete
}

// lineState says where in a line the reader is.
type lineState byte

const (
	lineStart lineState = iota // in its name
	lineData                   // in its data, or at the space before them
	lineOther                  // in a line that does not matter
)

// next reads bytes until an event is complete or there are no more. It returns how many it has read, and whether an event is complete.
func (e *events) next(p []byte) (n int, complete bool) {
	if e.carriage && len(p) > 0 {
		e.carriage = false
		if p[0] == '\n' {
			n = 1
		}
	}
	for n < len(p) {
		at := bytes.IndexByte(p[n:], '\n')
		line := p[n:]
		if at >= 0 {
			line = line[:at]
		}
		if cr := bytes.IndexByte(line, '\r'); cr >= 0 {
			line, at = line[:cr], cr
		}
		e.part(line)
		n += len(line)
		if at < 0 {
			break
		}
		e.carriage = p[n] == '\r'
		n++
		if e.lineEnd() {
			if e.carriage && n < len(p) {
				e.carriage = false
				if p[n] == '\n' {
					n++
				}
			}
			return n, true
		}
		if e.carriage && n < len(p) {
			e.carriage = false
			if p[n] == '\n' {
				n++
			}
		}
	}
	return n, false
}

// part reads a part of a line.
func (e *events) part(p []byte) {
	if len(p) > 0 {
		e.open = true
	}
	for len(p) > 0 {
		switch e.state {
		case lineOther:
			return
		case lineData:
			e.sieve.write(p)
			return
		case lineStart:
			p = p[e.start(p[0]):]
		}
	}
}

// start reads a byte of a line's name and returns 1.
func (e *events) start(c byte) int {
	if e.length < len(e.field) {
		e.field[e.length] = c
		e.length++
	}
	switch {
	case e.length == 5 && string(e.field[:]) == "data:":
		if e.data {
			e.sieve.write([]byte{'\n'})
		}
		e.state, e.data = lineData, true
	case e.length == 5, c == ':':
		e.state = lineOther
	case e.length == 3 && string(e.field[:3]) == "\xEF\xBB\xBF": // a mark of UTF-8, which may begin the stream
		e.length = 0
	}
	return 1
}

// lineEnd ends a line, and says whether it was the empty one that ends an event.
func (e *events) lineEnd() bool {
	empty := e.state == lineStart && e.length == 0
	if e.state == lineStart && e.length == 4 && string(e.field[:4]) == "data" { // a line of data without a colon is an empty one
		e.data = true
	}
	e.state, e.length = lineStart, 0
	if empty {
		e.open = false
	}
	return empty
}

// begin begins the next event.
func (e *events) begin() {
	e.data = false
	e.sieve.reset()
}
