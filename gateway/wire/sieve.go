package wire

import "errors"

// Bounds of what is kept of an answer while it passes. A usage object, with all that stands around it, needs less than 10 KB.
const (
	keptText    = 128     // bytes of each text
	keptNumbers = 8       // of each array
	keptMost    = 1 << 20 // bytes of a document or an event in all
	keptDepth   = 64
)

// errTooLarge says that an answer has more structure than is kept.
var errTooLarge = errors.New("the answer, without its long texts and lists of numbers, is too large to be read for usage")

// sieve reads JSON as it passes, in pieces of any size, and keeps a document that says the same but for long texts, which are cut, and lists
// of numbers, of which the first are kept. So an answer of megabytes is read for its usage in a few kilobytes. It measures the generated text.
// What is malformed stays malformed.
type sieve struct {
	out  []byte // what is kept
	text int64  // bytes of generated text, since the beginning of the answer
	err  error  // why out is not complete

	texts   []string // names of members that are generated text
	each    func()   // called with each object of an outermost array; nil: there is one document
	levels  []level
	outside level // what there is outside of all levels
	done    bool  // whether the document is complete

	inText  bool // between quotation marks
	escape  byte // characters that belong to an escape sequence yet
	unicode bool // whether that is \uXXXX
	cut     bool // whether the rest of the text is left out
	start   int  // where the text begins in out, after the quotation mark
	length  int64
	skip    bool // whether a number is left out
	comma   bool // whether a comma comes before the next value that is kept

	usage          int    // at which level the usage is, and not null: 1 is the outermost object, 2 one in it; 0 when there is none
	search, finish bool   // whether the member is there, and not null
	failure        bool   // whether the outermost object has an error
	kind           string // the outermost object's type
}

// level is an object or an array that is open.
type level struct {
	array bool
	key   bool // whether a name is due
	name  name // of the member, or of the one that the array is
	count int  // elements so far
}

// reset begins a new document.
func (s *sieve) reset() {
	if cap(s.out) > 64<<10 {
		s.out = nil // one large event does not make the stream large
	}
	*s = sieve{out: s.out[:0], text: s.text, texts: s.texts, each: s.each, levels: s.levels[:0]}
}

// write reads the next piece.
func (s *sieve) write(p []byte) {
	for len(p) > 0 {
		if s.inText {
			p = p[s.inside(p):]
			continue
		}
		s.sign(p[0])
		p = p[1:]
	}
}

// keep keeps a byte. When there are too many it begins anew, so that names are still read, and what is kept is no document.
func (s *sieve) keep(c byte) {
	if len(s.out) >= keptMost {
		s.err, s.out, s.start = errTooLarge, s.out[:0], 0
	}
	s.out = append(s.out, c)
}

// top returns the innermost level; one of its own outside of all.
func (s *sieve) top() *level {
	if len(s.levels) == 0 {
		s.outside = level{}
		return &s.outside
	}
	return &s.levels[len(s.levels)-1]
}

// sign reads a byte that is in no text.
func (s *sieve) sign(c byte) {
	switch c {
	case ' ', '\t', '\r', '\n':
	case '{', '[':
		if s.each != nil && c == '[' && len(s.levels) == 0 {
			return
		}
		s.value(c)
		s.open(c == '[')
		s.keep(c)
	case '}', ']':
		s.close(c)
	case ',':
		if s.skip = false; len(s.levels) == 0 {
			return
		}
		top := s.top()
		if top.count++; top.array {
			s.comma = true
			return
		}
		top.key = true
		s.keep(c)
	case ':':
		s.keep(c)
	case '"':
		s.value(c)
		s.keep(c)
		s.inText, s.cut, s.start, s.length = true, false, len(s.out), 0
	default:
		s.literal(c)
	}
}

// close ends an object or an array.
func (s *sieve) close(c byte) {
	s.skip, s.comma = false, false
	if len(s.levels) == 0 {
		return
	}
	s.levels = s.levels[:len(s.levels)-1]
	s.keep(c)
	if len(s.levels) == 0 {
		if s.done = true; s.each != nil {
			s.each()
		}
	}
}

// literal reads a byte of a number, of true, false or null, or one that does not belong there.
func (s *sieve) literal(c byte) {
	if s.skip {
		return
	}
	top := s.top()
	if top.array && top.count >= keptNumbers && (c == '-' || '0' <= c && c <= '9') && s.comma {
		s.skip, s.comma = true, false
		return
	}
	s.value(c)
	s.keep(c)
}

// value notes that a value begins, or goes on, with a byte.
func (s *sieve) value(c byte) {
	if s.comma {
		s.keep(',')
		s.comma = false
	}
	top := s.top()
	if top.key || c == 'n' || c == 'u' || c == 'l' { // a name, or null
		return
	}
	switch top.name {
	case nameUsage:
		if depth := len(s.levels); depth <= 2 && (s.usage == 0 || depth < s.usage) {
			s.usage = depth
		}
	case nameSearch:
		s.search = true
	case nameFinish:
		s.finish = true
	case nameError:
		s.failure = s.failure || len(s.levels) == 1
	case nameOther, nameText, nameType:
	}
}

// open opens an object or an array.
func (s *sieve) open(array bool) {
	if len(s.levels) >= keptDepth {
		s.err = errTooLarge
		return
	}
	of := level{array: array, key: !array}
	if array {
		of.name = s.top().name
	}
	s.levels = append(s.levels, of)
}

// inside reads bytes of a text and returns how many.
func (s *sieve) inside(p []byte) int {
	for i, c := range p {
		switch {
		case s.escape == 0:
			if c == '"' {
				s.end()
				return i + 1
			}
			s.cut = s.cut || len(s.out)-s.start >= keptText // never within an escape sequence
			s.length++
			if c == '\\' {
				s.escape = 1
			}
		case c == 'u' && !s.unicode:
			s.escape, s.unicode = 4, true
			s.length++ // two bytes of UTF-8, as most have
		default:
			if s.escape--; s.escape == 0 {
				s.unicode = false
			}
		}
		if !s.cut {
			s.keep(c)
		}
	}
	return len(p)
}

// end ends a text: a name, or a value.
func (s *sieve) end() {
	content := s.out[s.start:]
	top := s.top()
	switch {
	case top.key:
		top.key, top.name = false, s.named(content)
	case top.name == nameText:
		s.text += s.length
	case top.name == nameType && len(s.levels) == 1:
		s.kind = string(content)
	}
	s.keep('"')
	s.inText = false
}
