package value

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"bursar/db/cells"
)

// Cells are further databases by their names, beside the one in DATABASE_URL: NAME=URL,NAME=URL. The comma that separates them leaves each one host.
type Cells map[string]string

// UnmarshalText implements [encoding.TextUnmarshaler].
func (c *Cells) UnmarshalText(text []byte) error {
	*c = Cells{}
	if strings.TrimSpace(string(text)) == "" {
		return nil
	}
	for each := range strings.SplitSeq(string(text), ",") {
		name, url, found := strings.Cut(strings.TrimSpace(each), "=")
		if !found {
			return errors.New("want NAME=URL,NAME=URL, and found no name")
		}
		switch {
		case !isCellName(name):
			return fmt.Errorf("a cell's name is 1 to 32 lower-case letters, digits and hyphens, and begins with a letter, got %q", name)
		case name == cells.Home:
			return fmt.Errorf("%s is the name of the database in DATABASE_URL", cells.Home)
		case (*c)[name] != "":
			return fmt.Errorf("%s is named twice", name)
		}
		var one DatabaseURL
		if err := one.UnmarshalText([]byte(url)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		(*c)[name] = string(one)
	}
	return nil
}

// Names returns the names of the cells, sorted.
func (c Cells) Names() []string { return slices.Sorted(maps.Keys(c)) }

// isCellName is the constraint cells_name_check.
func isCellName(name string) bool {
	return regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`).MatchString(name)
}
