package api

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"sync"

	"bursar/api/admission"
	"bursar/fault"
)

const (
	maxBody     = 128 << 10 // bytes of a request's body
	largeBodies = 8         // larger bodies that are held at the same time, of one organization one
)

// bodies reads the bodies of requests into memory that is used again.
type bodies struct {
	buffers sync.Pool // of *bytes.Buffer

	mutex sync.Mutex
	large map[admission.Flow]struct{} // those that have a large body here
}

func newBodies() *bodies {
	return &bodies{buffers: sync.Pool{New: func() any { return new(bytes.Buffer) }}, large: map[admission.Flow]struct{}{}}
}

var (
	errTooLarge   = errors.New("the request's body is too large")
	errUnreadable = errors.New("the request's body could not be read")
	errNoRoom     = fault.New(fault.Unavailable, "too many large requests at the same time; nothing was done, try again")
)

// read returns a request's body, valid until done is called, which must be. A body that says that it is too large, or large
// when there is no room for it, is not read.
func (b *bodies) read(w http.ResponseWriter, r *http.Request) (body []byte, done func(), err error) {
	buffer, _ := b.buffers.Get().(*bytes.Buffer)
	done = func() {
		if buffer.Cap() <= 2*admission.SmallBody {
			buffer.Reset()
			b.buffers.Put(buffer)
		}
	}
	if r.ContentLength > maxBody {
		return nil, done, errTooLarge
	}
	limited := http.MaxBytesReader(w, r.Body, maxBody)
	if r.ContentLength < admission.SmallBody {
		if _, err := buffer.ReadFrom(io.LimitReader(limited, admission.SmallBody)); err != nil {
			return nil, done, errUnreadable
		}
	}
	if r.ContentLength < admission.SmallBody && buffer.Len() < admission.SmallBody {
		return buffer.Bytes(), done, nil
	}
	whose := admission.FromContext(r.Context()).Flow()
	if !b.makeRoom(whose) {
		return nil, done, errNoRoom
	}
	recycle := done
	done = func() {
		b.giveBack(whose)
		recycle()
	}
	_, err = buffer.ReadFrom(limited)
	if _, most := errors.AsType[*http.MaxBytesError](err); most {
		return nil, done, errTooLarge
	} else if err != nil {
		return nil, done, errUnreadable
	}
	return buffer.Bytes(), done, nil
}

func (b *bodies) makeRoom(whose admission.Flow) bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if _, one := b.large[whose]; one || len(b.large) == largeBodies {
		return false
	}
	b.large[whose] = struct{}{}
	return true
}

func (b *bodies) giveBack(whose admission.Flow) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	delete(b.large, whose)
}
