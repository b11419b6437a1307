package value

import (
	"fmt"
	"strings"
	"time"
)

// DatabaseURLs are those of PostgreSQL servers. The comma that separates them leaves each one host.
type DatabaseURLs []string

// UnmarshalText implements [encoding.TextUnmarshaler].
func (d *DatabaseURLs) UnmarshalText(text []byte) error {
	*d = nil
	for each := range strings.SplitSeq(string(text), ",") {
		var one DatabaseURL
		if err := one.UnmarshalText([]byte(strings.TrimSpace(each))); err != nil {
			return err
		}
		*d = append(*d, string(one))
	}
	return nil
}

// ReadLag is how much older than the primary a read may be.
type ReadLag time.Duration

// The smallest and the largest ReadLag.
const (
	minReadLag = 100 * time.Millisecond
	maxReadLag = time.Hour
)

// UnmarshalText implements [encoding.TextUnmarshaler].
func (l *ReadLag) UnmarshalText(text []byte) error {
	lag, err := time.ParseDuration(string(text))
	if err != nil || lag < minReadLag || lag > maxReadLag {
		return fmt.Errorf("want a duration from 100ms to 1h, such as 5s, got %q", text)
	}
	*l = ReadLag(lag)
	return nil
}
