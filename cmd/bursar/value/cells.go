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

// Cells are further databases by their names, beside the one in DATABASE_URL: NAME=URL,NAME=URL. A URL may name several hosts.
type Cells map[string]string

// UnmarshalText implements [encoding.TextUnmarshaler].
func (c *Cells) UnmarshalText(text []byte) error {
	*c = Cells{}
	if strings.TrimSpace(string(text)) == "" {
		return nil
	}
	for _, each := range perCell(string(text)) {
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

// perCell splits a list where a cell begins, and not between the hosts of a URL: what has no name before an equals sign belongs to the URL before.
func perCell(text string) (all []string) {
	for part := range strings.SplitSeq(text, ",") {
		before, _, named := strings.Cut(strings.TrimSpace(part), "=")
		isURL := strings.Contains(before, "://") || before == ""
		if isHost := !isURL && (!named || strings.ContainsAny(before, "/:.?[ ")); isHost && len(all) > 0 {
			all[len(all)-1] += "," + part
			continue
		}
		all = append(all, part)
	}
	return all
}

// Names returns the names of the cells, sorted.
func (c Cells) Names() []string { return slices.Sorted(maps.Keys(c)) }

// isCellName is the constraint cells_name_check.
func isCellName(name string) bool {
	return regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`).MatchString(name)
}
