//go:build !linux

package bench

import "time"

// sleepUntil sleeps until an instant, up to 1 ms too long.
func sleepUntil(at time.Time) { <-time.After(time.Until(at)) }
