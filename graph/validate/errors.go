package validate

import (
	"errors"
	"time"

	"bursar/fault"
)

// Together returns all that is wrong with an input as one error, of which a client is told each: a form shows what is wrong in one round
// trip. Errors about something else than a value, such as FORBIDDEN, are returned alone when they come first, and left out otherwise.
func Together(errs ...error) error {
	var wrong []error
	for _, err := range errs {
		switch {
		case err == nil:
		case isAboutInput(err):
			wrong = append(wrong, err)
		case len(wrong) == 0:
			return err
		}
	}
	if len(wrong) == 1 {
		return wrong[0]
	}
	return errors.Join(wrong...)
}

func isAboutInput(err error) bool {
	code := fault.CodeOf(err)
	return code == fault.BadUserInput || code == fault.NotFound || code == fault.QueryTooComplex || code == fault.Conflict
}

// AlsoPast adds to an error that an instant is over, if it is. Whether one that is otherwise accepted is over the database decides, by its
// clock; this server's only has a form learn of it together with the rest.
func AlsoPast(err error, field string, at *time.Time) error {
	if err == nil || at == nil || !isAboutInput(err) || at.After(time.Now()) {
		return err
	}
	return Together(err, fault.BadInput(field, "must be in the future"))
}

// At prefixes the fields of an error's faults with a path; other errors are returned as they are.
func At(err error, path string) error {
	if joined, is := err.(interface{ Unwrap() []error }); is {
		var moved []error
		for _, nested := range joined.Unwrap() {
			moved = append(moved, At(nested, path))
		}
		return errors.Join(moved...)
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.At(path)
	}
	return err
}
