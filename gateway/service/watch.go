package service

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"bursar/gateway/proxy"
)

// lookEvery is how soon a change of the file of settings is seen.
const lookEvery = 2 * time.Second

// Watch takes over the settings of a file whenever it has changed, and whenever a signal comes, until ctx ends. A file with mistakes is logged, and the
// gateway goes on with what it has.
func (s *Service) Watch(ctx context.Context, file string, read func() (*proxy.Settings, error), signals <-chan os.Signal) {
	ticks := time.NewTicker(lookEvery)
	defer ticks.Stop()
	seen := stampOf(file)
	for {
		select {
		case <-ctx.Done():
			return
		case <-signals:
			seen = stampOf(file)
		case <-ticks.C:
			now := stampOf(file)
			if now == seen || now == (stamp{}) { // an editor that writes it anew leaves it out for a moment
				continue
			}
			seen = now
		}
		s.reload(read)
	}
}

// reload reads the settings and has new calls see them.
func (s *Service) reload(read func() (*proxy.Settings, error)) {
	settings, err := read()
	if err == nil {
		err = s.Proxy.Change(settings)
	}
	if mistakes, ok := errors.AsType[proxy.Mistakes](err); ok {
		for _, each := range mistakes {
			s.logger.Error("the settings have a mistake, and the earlier ones stay in force", "mistake", each.String())
		}
		return
	}
	if err != nil {
		s.logger.Error("the settings were not taken over, and the earlier ones stay in force", "error", err)
		return
	}
	names := make([]string, len(settings.Providers))
	for i, provider := range settings.Providers {
		names[i] = provider.Name
	}
	s.logger.Info("the settings were taken over", "providers", strings.Join(names, ", "))
}

// stamp tells one version of a file from another.
type stamp struct {
	modified time.Time
	size     int64
}

// stampOf returns the stamp of a file; the zero one when it is not there.
func stampOf(file string) stamp {
	info, err := os.Stat(file)
	if err != nil {
		return stamp{}
	}
	return stamp{info.ModTime(), info.Size()}
}
