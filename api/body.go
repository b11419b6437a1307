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

// What bodies may be. A large one has admission.SmallBody bytes or more.
const (
	maxBody        = 128 << 10 // bytes
	maxLargeBodies = 8         // at the same time; of one flow one

	// Those of gateways, which may have a thousand enforcement calls.
	maxGatewayBody        = 1 << 20
	maxLargeGatewayBodies = 32 // at the same time
	maxLargeOfGateways    = 16 // of the gateways of one organization
)

// bodies reads the bodies of requests into buffers that are reused.
type bodies struct {
	buffers sync.Pool // of *bytes.Buffer

	mutex           sync.Mutex
	large           map[admission.Flow]int // bodies in memory that are large
	others          int                    // of them those that are no gateway's
	largeOfGateways int
}

func newBodies() *bodies {
	return &bodies{buffers: sync.Pool{New: func() any { return new(bytes.Buffer) }}, large: map[admission.Flow]int{}}
}

var (
	errTooLarge   = errors.New("the request's body is too large")
	errUnreadable = errors.New("the request's body could not be read")
	errNoRoom     = fault.New(fault.Unavailable, "too many large requests at the same time; nothing was done, try again")
)

// read returns a request's body, which is valid until done is called; done must be called, also after an error. A body whose
// Content-Length is too large, or large while there is no room for it, is not read.
func (b *bodies) read(w http.ResponseWriter, r *http.Request) (body []byte, done func(), err error) {
	buffer, _ := b.buffers.Get().(*bytes.Buffer)
	done = func() {
		if buffer.Cap() <= 2*admission.SmallBody {
			buffer.Reset()
			b.buffers.Put(buffer)
		}
	}
	flow, most := admission.FromContext(r.Context()).Flow(), int64(maxBody)
	if flow.OfGateways() {
		most = maxGatewayBody
	}
	if r.ContentLength > most {
		return nil, done, errTooLarge
	}
	limited := http.MaxBytesReader(w, r.Body, most)
	if r.ContentLength < admission.SmallBody {
		if _, err := buffer.ReadFrom(io.LimitReader(limited, admission.SmallBody)); err != nil {
			return nil, done, errUnreadable
		}
	}
	if r.ContentLength < admission.SmallBody && buffer.Len() < admission.SmallBody {
		return buffer.Bytes(), done, nil
	}
	if !b.reserveLarge(flow) {
		return nil, done, errNoRoom
	}
	recycle := done
	done = func() {
		b.releaseLarge(flow)
		recycle()
	}
	_, err = buffer.ReadFrom(limited)
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, done, errTooLarge
	} else if err != nil {
		return nil, done, errUnreadable
	}
	return buffer.Bytes(), done, nil
}

// reserveLarge makes room for a large body of a flow, and returns false when there is none.
func (b *bodies) reserveLarge(flow admission.Flow) bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	number, most, mostOfFlow := &b.others, maxLargeBodies, 1
	if flow.OfGateways() {
		number, most, mostOfFlow = &b.largeOfGateways, maxLargeGatewayBodies, maxLargeOfGateways
	}
	if *number == most || b.large[flow] == mostOfFlow {
		return false
	}
	*number++
	b.large[flow]++
	return true
}

func (b *bodies) releaseLarge(flow admission.Flow) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if flow.OfGateways() {
		b.largeOfGateways--
	} else {
		b.others--
	}
	if b.large[flow]--; b.large[flow] == 0 {
		delete(b.large, flow)
	}
}
