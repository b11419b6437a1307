package store

import "errors"

// ErrChanged says that somebody else has changed prices since they were compared: nothing was imported.
var ErrChanged = errors.New("prices were changed meanwhile, and nothing was imported")
