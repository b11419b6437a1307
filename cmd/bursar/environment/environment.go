// Package environment has flags of the command line set by environment variables.
package environment

import (
	"errors"
	"reflect"

	"github.com/alecthomas/kong"
)

// Tag is the struct tag with the name of the environment variable that sets a flag which is not given.
const Tag = "variable"

// Resolver resolves flags from environment variables. It replaces kong's own support, which reads the process's variables
// whatever a caller passes, and names the flag in errors of a variable's value. An empty variable counts as unset.
type Resolver struct {
	// Lookup returns a variable, and whether it is set. Required.
	Lookup func(string) (string, bool)
}

// Validate implements [kong.Resolver].
func (Resolver) Validate(*kong.Application) error { return nil }

// Resolve implements [kong.Resolver].
func (r Resolver) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	variable := flag.Tag.Get(Tag)
	if variable == "" {
		return nil, nil
	}
	value, _ := r.Lookup(variable)
	if value == "" {
		return nil, nil
	}
	scan := kong.Scan().PushTyped(value, kong.FlagValueToken)
	trial := reflect.New(flag.Target.Type()).Elem()
	if err := flag.Mapper.Decode(&kong.DecodeContext{Value: flag.Value, Scan: scan}, trial); err != nil {
		return nil, &variableError{variable, err}
	}
	return value, nil
}

// variableError is an invalid value of an environment variable.
type variableError struct {
	variable string
	err      error
}

func (e *variableError) Error() string { return e.variable + ": " + e.err.Error() }
func (e *variableError) Unwrap() error { return e.err }

// Explain returns the error of a command line. For an invalid variable that is an error without the flag's name.
func Explain(err error) error {
	if variable, blamed := errors.AsType[*variableError](err); blamed {
		return variable
	}
	return err
}

// Describe is the help text of a flag with its default and its variable. No flag of a secret has a default.
func Describe(value *kong.Value) string {
	text := value.Help
	if value.HasDefault {
		text += " Default: " + value.Default + "."
	}
	if variable := value.Tag.Get(Tag); variable != "" {
		text += " [$" + variable + "]"
	}
	return text
}
