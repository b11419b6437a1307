package session

import (
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Host is one of the servers that a URL names.
type Host struct {
	Name string
	Port uint16
}

// Hosts returns the hosts of a configuration, in its order.
func Hosts(config *pgx.ConnConfig) []Host {
	var hosts []Host
	for _, each := range attempts(config) {
		if h := (Host{each.Host, each.Port}); !slices.Contains(hosts, h) {
			hosts = append(hosts, h)
		}
	}
	return hosts
}

// attempts returns how pgx connects, one after the other: with sslmode=prefer to each host with TLS and then without.
func attempts(config *pgx.ConnConfig) []*pgconn.FallbackConfig {
	return append([]*pgconn.FallbackConfig{{Host: config.Host, Port: config.Port, TLSConfig: config.TLSConfig}}, config.Fallbacks...)
}

func setAttempts(config *pgx.ConnConfig, all []*pgconn.FallbackConfig) {
	config.Host, config.Port, config.TLSConfig = all[0].Host, all[0].Port, all[0].TLSConfig
	config.Fallbacks = all[1:]
}

func (h Host) is(attempt *pgconn.FallbackConfig) bool {
	return attempt.Host == h.Name && attempt.Port == h.Port
}

// First moves the host before the others of a configuration, if it is one of them.
func (h Host) First(config *pgx.ConnConfig) {
	all := attempts(config)
	slices.SortStableFunc(all, func(a, b *pgconn.FallbackConfig) int {
		switch {
		case h.is(a) == h.is(b):
			return 0
		case h.is(a):
			return -1
		}
		return 1
	})
	setAttempts(config, all)
}

// Only removes the other hosts of a configuration.
func (h Host) Only(config *pgx.ConnConfig) {
	setAttempts(config, slices.DeleteFunc(attempts(config), func(a *pgconn.FallbackConfig) bool { return !h.is(a) }))
}
