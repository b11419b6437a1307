package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"golang.org/x/time/rate"

	"bursar/api/admission"
	"bursar/api/requestid"
	"bursar/auth"
	"bursar/db"
	"bursar/fault"
)

// presenter turns every error into one with a code of the contract, and logs what clients must not see.
type presenter struct {
	logger    *slog.Logger
	rootToken string          // redacted besides what auth.Redact knows by its form; "": there is none
	busyLog   *rate.Sometimes // limits log lines about admission.ErrBusy, of which there may be any number
	observer  Observer        // nil: none
}

// present is gqlgen's error presenter. It answers several faults of one input as the first, which withEveryError puts the others behind.
func (p presenter) present(ctx context.Context, err error) *gqlerror.Error {
	errs := apart(err)
	shown, code := p.presentOne(ctx, errs[0])
	if code != fault.Unavailable || !errors.Is(ctx.Err(), context.Canceled) { // the caller has left
		p.observe(ctx, code)
	}
	if len(errs) > 1 {
		others := make(others, len(errs)-1)
		for i, err := range errs[1:] {
			others[i], _ = p.presentOne(ctx, err)
		}
		shown.Err = others
	}
	return shown
}

// presentOne presents an error that is one fault, and logs what the client must not see.
func (p presenter) presentOne(ctx context.Context, err error) (*gqlerror.Error, fault.Code) {
	shown := &gqlerror.Error{Path: graphql.GetPath(ctx)}
	var library *gqlerror.Error
	if errors.As(err, &library) {
		shown.Path, shown.Locations = library.Path, library.Locations
	}
	f := classify(ctx, err, library)
	if shown.Path = responsePath(ctx, shown.Path); len(shown.Path) == 0 {
		shown.Path = nil
	}
	shown.Message = p.redact(f.Message) // messages of libraries repeat the input
	shown.Extensions = map[string]any{"code": string(f.Code), "requestId": requestid.FromContext(ctx)}
	if f.Field != "" {
		shown.Extensions["field"] = p.redact(f.Field)
		shown.Extensions["reason"] = p.redact(f.Reason())
	}
	maps.Copy(shown.Extensions, f.Extensions)
	switch {
	case f == admission.ErrBusy:
		p.busyLog.Do(func() {
			p.logger.WarnContext(ctx, "requests are refused: portals ask for more than they may have while gateways call")
		})
	case f.Code == fault.Unavailable && errors.Is(ctx.Err(), context.Canceled): // the caller has left
	case f.Code == fault.Internal || f.Code == fault.Unavailable:
		p.logger.ErrorContext(ctx, "request failed", "code", f.Code, "requestId", requestid.FromContext(ctx), "path", shown.Path.String(), "error", err)
	}
	return shown, f.Code
}

// redact removes secrets from what a client is told: others may read the client's log or screen.
func (p presenter) redact(text string) string {
	if p.rootToken != "" {
		text = strings.ReplaceAll(text, p.rootToken, auth.Hidden)
	}
	return auth.Redact(text)
}

// holdsSecret tells whether redact would change a text.
func (p presenter) holdsSecret(text string) bool { return p.redact(text) != text }

// classify returns the fault that an error is.
func classify(ctx context.Context, err error, library *gqlerror.Error) *fault.Fault {
	var known *fault.Fault
	field := ""
	if library != nil {
		field = inputField(ctx, library.Path)
	}
	switch {
	case errors.As(err, &known):
		if known.Field != "" || field == "" {
			return known
		}
		return &fault.Fault{Code: known.Code, Field: field, Message: field + ": " + known.Message}
	case library != nil && (library.Extensions["code"] == errcode.ValidationFailed || library.Extensions["code"] == errcode.ParseFailed):
		return &fault.Fault{Code: fault.BadUserInput, Field: field, Message: library.Message}
	case library != nil && field != "":
		return &fault.Fault{Code: fault.BadUserInput, Field: field, Message: field + ": " + plain(library)}
	case library != nil && library.Extensions["code"] == string(fault.PersistedQueryNotFound):
		return &fault.Fault{Code: fault.PersistedQueryNotFound, Message: library.Message}
	case library != nil && library.Err == nil && graphql.GetFieldContext(ctx) == nil: // of automatic persisted queries
		return &fault.Fault{Code: fault.BadUserInput, Message: library.Message}
	}
	errors.As(db.Fault(err), &known)
	return known
}

// plain returns the message of a scalar that refused its input, without the path that gqlerror adds.
func plain(library *gqlerror.Error) string {
	if library.Err != nil {
		return library.Err.Error()
	}
	return library.Message
}

// inputField returns the part of an error's path that lies in the operation's input, as in budgetLimits.0.amount: behind the field
// that is being resolved, or behind the variable's name, without a leading "input". "": the path is that of the response.
func inputField(ctx context.Context, path ast.Path) string {
	var rest ast.Path
	if field := graphql.GetFieldContext(ctx); field != nil {
		if own := field.Path(); len(path) > len(own) {
			rest = path[len(own):]
		}
	} else if len(path) > 1 && path[0] == ast.PathName("variable") {
		rest = path[1:]
	}
	if len(rest) > 1 && rest[0] == ast.PathName("input") {
		rest = rest[1:]
	}
	names := make([]string, len(rest))
	for i, element := range rest {
		names[i] = fmt.Sprint(element)
	}
	return strings.Join(names, ".")
}

// responsePath returns an error's path without the part that lies in the operation's input.
func responsePath(ctx context.Context, path ast.Path) ast.Path {
	if field := graphql.GetFieldContext(ctx); field != nil {
		return path[:min(len(path), len(field.Path()))]
	}
	return nil
}

// recovered logs a panic with its stack, and returns the error that the client is told.
func (p presenter) recovered(ctx context.Context, value any) error {
	p.logger.ErrorContext(ctx, "panic", "requestId", requestid.FromContext(ctx), "value", fmt.Sprint(value), "stack", string(debug.Stack()))
	return fault.ErrInternal
}
