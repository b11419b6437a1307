package proxy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"

	"bursar/gateway"
)

// attemptsOfKey is how often a call with the same Idempotency-Key may fail before it costs anything and be made again.
const attemptsOfKey = 8

// reserve reserves for the call. Two requests with the same Idempotency-Key, API key, path and body are one call in Bursar: the second is
// refused while the first is under way and after it was answered, because the gateway has its answer no more. It passes when the first failed before it cost
// anything. Without that header each request is a call of its own.
func (e *exchange) reserve(ctx context.Context, request gateway.Request, key string, r *http.Request) (*gateway.Reservation, error) {
	if key == "" {
		return e.client.Reserve(ctx, request)
	}
	hash := sha256.New()
	for _, part := range []string{e.secret, key, r.Method, e.endpoint.Path, r.URL.RawQuery, string(e.call.Body)} {
		_, _ = fmt.Fprintf(hash, "%d:%s", len(part), part) // a hash takes everything
	}
	name := "idempotent-" + hex.EncodeToString(hash.Sum(nil)[:20])
	request.Once = false // the caller may ask again, also another gateway
	for attempt := range attemptsOfKey {
		request.RequestID = fmt.Sprintf("%s-%d", name, attempt)
		held, err := e.client.Reserve(ctx, request)
		if err == nil && held.Replayed {
			return nil, errUnderWay
		}
		denied, ok := errors.AsType[*gateway.Denied](err)
		if !ok || !denied.Is(gateway.ReservationClosed) || denied.Status != gateway.StatusReleased {
			return held, err
		}
	}
	return nil, errUnderWay
}

// errUnderWay is the error of a call whose Idempotency-Key has another one.
var errUnderWay = &gateway.Denied{HTTPStatus: http.StatusConflict, Denials: []gateway.Denial{{
	Reason: gateway.ReservationClosed, Message: "A request with this Idempotency-Key and the same contents is under way. Send another key for another call.",
}}}
