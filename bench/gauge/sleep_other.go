//go:build !linux

package gauge

import "time"

// SleepUntil sleeps until an instant, up to 1 ms too long.
func SleepUntil(at time.Time) { <-time.After(time.Until(at)) }
