package pg

import (
	"errors"
	"fmt"
)

// URL returns the address of the database "bursar" with its password, for pgx, libpq (psql) and the user alike. It
// works for any process of this machine and changes from run to run, because the port does.
func (s *Server) URL() string { return s.url }

// Version returns the server's version as PostgreSQL writes it, "15.18" for one.
func (s *Server) Version() string { return s.installation.version }

// Major returns the number of the server's major version, 15 for one.
func (s *Server) Major() int { return s.installation.major }

// PID returns the process id of the postmaster, for tests of crashes that kill it.
func (s *Server) PID() int { return s.process.pid }

// LogFile returns the path of the file with what the server wrote to its standard error.
func (s *Server) LogFile() string { return s.folder.log() }

// Done returns a channel that is closed when the server ended though nobody called Stop: it crashed or was killed.
// It stays open after Stop. The folder remains locked, and a temporary one in place, until Stop is called.
func (s *Server) Done() <-chan struct{} { return s.done }

// Err says, after Done is closed, how the server ended, with the end of its log; before that it returns nil.
func (s *Server) Err() error {
	select {
	case <-s.done:
	default:
		return nil
	}
	ended := fmt.Errorf("PostgreSQL ended by itself (%s)", s.process.outcome())
	tail, err := readTail(s.folder.log(), s.logOffset)
	if err != nil {
		return errors.Join(ended, err)
	}
	return fmt.Errorf("%w; the end of its log:\n%s", ended, tail)
}

// Stop shuts the server down and waits until it is gone: clients are disconnected and transactions rolled back
// (PostgreSQL's fast shutdown). If that takes too long, an immediate shutdown follows, which needs a recovery at the
// next start. Then the folder is unlocked, or removed if temporary. Further calls wait for the first and return
// its result; Stop after the server ended by itself tidies up.
func (s *Server) Stop() error { return s.stop() }

func (s *Server) shutdown(limits stopLimits) error {
	close(s.stopping)
	err := s.process.stop(limits)
	if err == nil && s.template != "" {
		err = s.folder.copyTo(s.template)
	}
	if err = errors.Join(err, s.folder.close()); err != nil {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	s.logger.Info("PostgreSQL stopped", "folder", s.folder.path)
	return nil
}

// watch tells the end of the process that Stop asked for from the end that nobody did.
func (s *Server) watch() {
	<-s.process.exited
	select {
	case <-s.stopping:
	default:
		s.logger.Error("PostgreSQL ended by itself", "folder", s.folder.path, "outcome", s.process.outcome())
		close(s.done)
	}
}
