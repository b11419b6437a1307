package db

// Texts returns values of an enumeration as texts; nil for nil.
func Texts[T ~string](values []T) []string {
	if values == nil {
		return nil
	}
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return texts
}
