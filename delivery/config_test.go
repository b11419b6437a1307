package delivery

import (
	"testing"
	"time"

	"bursar/delivery/deliverytest"
)

// A configuration that cannot work is refused when the dispatcher is made, not with the first mail.
func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for name, spoil := range map[string]func(*Config){
		"no pool":         func(c *Config) { c.Pool = nil },
		"no sender":       func(c *Config) { c.Sender = nil },
		"no from":         func(c *Config) { c.From = "" },
		"negative rate":   func(c *Config) { c.CallsPerSecond = -1 },
		"too many mails":  func(c *Config) { c.MailsPerCall = 101 },
		"too long a call": func(c *Config) { c.Timeout = time.Minute },
		"negative retry":  func(c *Config) { c.RetryAfter = -1 },
	} {
		config := f.config(&deliverytest.Sender{})
		spoil(&config)
		if _, err := New(config); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
