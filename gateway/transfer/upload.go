package transfer

import (
	"errors"
	"io"
	"sync"
)

// Upload is the body of the call to the provider. It is forgotten once it was sent and answered: a stream may be open for long after that, and net/http would
// keep it until then.
type Upload struct {
	mu      sync.Mutex
	content []byte // nil: forgotten
	sent    bool   // whether a reader has read all of it
}

// NewUpload returns an upload of a body, which must not be changed.
func NewUpload(content []byte) *Upload { return &Upload{content: content} }

// errForgotten is the error of a call that is sent once more after it was answered.
var errForgotten = errors.New("the request is not kept any more")

// Reader returns a new reader of the body.
func (u *Upload) Reader() io.ReadCloser { return &uploading{of: u} }

// Again is Reader, as [http.Request.GetBody] has it.
func (u *Upload) Again() (io.ReadCloser, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.content == nil {
		return nil, errForgotten
	}
	return u.Reader(), nil
}

// Forget lets go of the body if it was sent, and says whether it was.
func (u *Upload) Forget() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.sent {
		u.content = nil
	}
	return u.sent
}

// uploading reads an upload once.
type uploading struct {
	of *Upload
	at int
}

// Read implements [io.Reader].
func (r *uploading) Read(p []byte) (int, error) {
	r.of.mu.Lock()
	defer r.of.mu.Unlock()
	if r.at >= len(r.of.content) {
		r.of.sent = true
		return 0, io.EOF
	}
	n := copy(p, r.of.content[r.at:])
	if r.at += n; r.at == len(r.of.content) {
		r.of.sent = true
		return n, io.EOF
	}
	return n, nil
}

// Close implements [io.Closer].
func (*uploading) Close() error { return nil }
