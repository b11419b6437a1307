package export

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"bursar/api/admission"
	"bursar/auth"
	"bursar/fault"
	"bursar/graph/directive"
	"bursar/graph/lookup"
	"bursar/graph/sdl"
)

// kind is one of the exports.
type kind struct {
	field string // of Query, whose @auth says who may have it
	// prepare checks the parameters and returns the export.
	prepare func(ctx context.Context, find *lookup.Finder, q *query) (export, error)
}

// export is a checked request for an export, and where it stands.
type export interface {
	// name is the file's name.
	name() string
	// header adds the row of the columns' names.
	header(p *page)
	// next adds the next rows, and tells whether there may be more.
	next(ctx context.Context, find *lookup.Finder, p *page) (more bool, err error)
}

// ErrTooMany is the error of a request for an export for which there is no room.
var ErrTooMany = fault.New(fault.Unavailable, "too many exports at the same time; try again when one has ended")

// serve answers with an export. What fails before the first page is an error with its status; what fails later closes the connection, so
// that no client takes a part for the whole.
func (e *Exports) serve(w http.ResponseWriter, r *http.Request, k kind) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", "GET, OPTIONS")
		e.config.Refuse(w, r, fault.New(fault.BadUserInput, "exports are served to GET"))
		return
	}
	principal, err := directive.Authorize(r.Context(), sdl.Schema().Query.Fields.ForName(k.field))
	if err != nil {
		e.config.Refuse(w, r, err)
		return
	}
	ticket := admission.FromContext(r.Context())
	if !e.reserve(ticket.Flow()) {
		e.config.Refuse(w, r, ErrTooMany)
		return
	}
	defer e.release(ticket.Flow())
	s := &stream{exports: e, request: r, ticket: ticket, writer: w, control: http.NewResponseController(w), caller: principal, confirmed: time.Now()}
	more, err := s.begin(k)
	if err != nil {
		e.config.Refuse(w, r, err)
		return
	}
	for more && err == nil {
		if err = s.confirm(k); err == nil {
			more, err = s.proceed()
		}
	}
	if err != nil {
		e.config.Note(r.Context(), err)
		panic(http.ErrAbortHandler)
	}
}

// stream is an export that is being answered.
type stream struct {
	exports   *Exports
	request   *http.Request
	ticket    *admission.Ticket
	writer    http.ResponseWriter
	control   *http.ResponseController
	export    export
	caller    *auth.Principal
	confirmed time.Time // when the caller was looked up last
	page      page
}

// begin checks the parameters, and reads and writes the first page. An error means that nothing was written.
func (s *stream) begin(k kind) (more bool, err error) {
	err = s.work(func(ctx context.Context) error {
		q, err := newQuery(s.request.URL.RawQuery)
		if err != nil {
			return err
		}
		if s.export, err = k.prepare(ctx, s.exports.config.Find, q); err != nil {
			return err
		}
		s.export.header(&s.page)
		more, err = s.export.next(ctx, s.exports.config.Find, &s.page)
		return err
	})
	if err != nil {
		return false, err
	}
	header := s.writer.Header()
	header.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	header.Set("Content-Disposition", `attachment; filename="`+s.export.name()+`"`)
	// the limits of the server are those of short answers: here each page has its own
	if err := s.control.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return false, err
	}
	s.write()
	return more, nil
}

// proceed reads and writes the next page.
func (s *stream) proceed() (more bool, err error) {
	err = s.work(func(ctx context.Context) (err error) {
		more, err = s.export.next(ctx, s.exports.config.Find, &s.page)
		return err
	})
	if err == nil {
		s.write()
	}
	return more, err
}

// work reads from the database with a slot of admission, which it gives back before the page is written: its reader may be slow.
func (s *stream) work(read func(ctx context.Context) error) error {
	return s.ticket.Work(s.request.Context(), func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, s.exports.config.PageTimeout)
		defer cancel()
		return read(ctx)
	})
}

// write sends the page, and waits until the client has taken it. The connection of a client that has left, or does not take it in time, is
// closed.
func (s *stream) write() {
	err := s.control.SetWriteDeadline(time.Now().Add(s.exports.config.WriteTimeout))
	if err == nil || errors.Is(err, http.ErrNotSupported) {
		_, err = s.writer.Write(s.page.text.Bytes())
	}
	if err == nil {
		err = s.control.Flush()
	}
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		panic(http.ErrAbortHandler)
	}
	s.page.text.Reset()
}

// confirm looks the caller up again from time to time. An export ends whose caller may not have it any more.
func (s *stream) confirm(k kind) error {
	if time.Since(s.confirmed) < s.exports.config.ConfirmInterval {
		return nil
	}
	now, err := s.exports.config.Caller(s.request)
	if err != nil {
		return err
	}
	if err := directive.May(now, sdl.Schema().Query.Fields.ForName(k.field)); err != nil {
		return err
	}
	if !same(now.OwnKeysOnly(), s.caller.OwnKeysOnly()) || !same(now.OrganizationID, s.caller.OrganizationID) {
		return fault.New(fault.Forbidden, "the caller's role has changed")
	}
	s.confirmed = time.Now()
	return nil
}

func same(a, b *uuid.UUID) bool { return a == b || a != nil && b != nil && *a == *b }
