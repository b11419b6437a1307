package validate

// ValueOr returns the value that a client gave, or a default.
func ValueOr[T any](given *T, otherwise T) T {
	if given == nil {
		return otherwise
	}
	return *given
}

// Given returns an optional argument; nil for an empty text, which clients send for one that is not set. It is not for arguments
// without which a caller gets more than they asked for.
func Given(argument *string) *string {
	if argument != nil && *argument == "" {
		return nil
	}
	return argument
}
