package sql

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// source is what an upgrade compares and makes again, besides migrations.
type source struct {
	access    []function // that policies call
	functions []function // all others, those of compatibility among them
	triggers  []trigger
	columns   []column
	kept      []string // names of the functions of compatibility
}

// function is one function of a release.
type function struct {
	name      string
	signature string // its name and the types of its arguments as the source spells them, as to_regprocedure reads it
	statement string
}

// trigger is one trigger of a release.
type trigger struct{ name, table, statement string }

// column is a column that a release adds to a shape, a table without rows that functions answer with. A migration would add it
// before the functions have it, and calls between the two would fail.
type column struct{ table, name, statement string }

// identity is the unique name of a trigger or a policy in the schema.
func (t trigger) identity() string { return t.name + " on " + t.table }

// hash returns a statement's hash.
func hash(statement string) string {
	sum := sha256.Sum256([]byte(statement))
	return hex.EncodeToString(sum[:])
}

var (
	functionHead = regexp.MustCompile(`(?i)^create\s+or\s+replace\s+function\s+(\w+)\s*(\()`)
	columnHead   = regexp.MustCompile(`(?i)^alter\s+table\s+(\w+)\s+add\s+column\s+if\s+not\s+exists\s+(\w+)\s[^,]*$`)
	triggerHead  = regexp.MustCompile(`(?is)^create\s+(?:or\s+replace\s+|constraint\s+)?trigger\s+(\w+)\s.*?\son\s+(\w+)\s`)
	defaultValue = regexp.MustCompile(`(?is)\s+default\s.*|\s*=.*`)
)

// source reads the files of a release.
func (r Release) source() (*source, error) {
	s := &source{}
	access, err := r.functionsOf("access/functions.sql", nil)
	if err != nil {
		return nil, err
	}
	s.access = access
	paths, err := fs.Glob(r.Files, "functions/*/*.sql")
	if err != nil {
		return nil, err
	}
	for _, file := range paths {
		functions, err := r.functionsOf(file, s)
		if err != nil {
			return nil, err
		}
		s.functions = append(s.functions, functions...)
	}
	kept, err := r.compatibility()
	if err != nil {
		return nil, err
	}
	for _, f := range kept {
		s.kept = append(s.kept, f.name)
	}
	s.functions = append(s.functions, kept...)
	return s, nil
}

// compatibility returns the functions that servers of releases from Oldest on call and this release does not have. Those of older
// releases are left out, and so dropped.
func (r Release) compatibility() ([]function, error) {
	paths, err := fs.Glob(r.Files, "compatibility/*/*.sql")
	if err != nil {
		return nil, err
	}
	var all []function
	for _, file := range paths {
		release, err := strconv.Atoi(path.Base(path.Dir(file)))
		if err != nil {
			return nil, fmt.Errorf("%s: its folder is named by the number of a release: %w", file, err)
		}
		functions, err := r.functionsOf(file, nil)
		if err != nil {
			return nil, err
		}
		if r.Oldest <= release && release < r.Number {
			all = append(all, functions...)
		}
	}
	return all, nil
}

// functionsOf returns the functions of a file and adds its triggers and columns to a source, or fails for them if there is none.
func (r Release) functionsOf(file string, others *source) ([]function, error) {
	script, err := fs.ReadFile(r.Files, file)
	if err != nil {
		return nil, err
	}
	all, err := statements(string(script))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var functions []function
	for _, statement := range all {
		if head := functionHead.FindStringSubmatchIndex(statement); head != nil {
			name := statement[head[2]:head[3]]
			types, err := argumentTypes(statement[head[4]:])
			if err != nil {
				return nil, fmt.Errorf("%s: the arguments of %s: %w", file, name, err)
			}
			functions = append(functions, function{name, name + "(" + strings.Join(types, ", ") + ")", statement})
		} else if head := triggerHead.FindStringSubmatch(statement); head != nil && others != nil {
			others.triggers = append(others.triggers, trigger{head[1], head[2], statement})
		} else if head := columnHead.FindStringSubmatch(statement); head != nil && others != nil {
			others.columns = append(others.columns, column{head[1], head[2], statement})
		} else {
			return nil, fmt.Errorf("%s: only functions (create or replace), their triggers and columns of what they answer with are made here: %.60s", file, statement)
		}
	}
	return functions, nil
}

// argumentTypes returns the types of the arguments that a function is called with, from the parenthesis that opens its list on.
// Each argument has a name, as everywhere in this schema.
func argumentTypes(list string) ([]string, error) {
	arguments, err := splitArguments(list)
	if err != nil {
		return nil, err
	}
	types := make([]string, 0, len(arguments))
	for _, argument := range arguments {
		words := strings.Fields(defaultValue.ReplaceAllString(argument, ""))
		if len(words) > 0 {
			switch strings.ToLower(words[0]) {
			case "out":
				continue
			case "in", "inout", "variadic":
				words = words[1:]
			}
		}
		if len(words) < 2 {
			return nil, fmt.Errorf("%q has no name and type", argument)
		}
		types = append(types, strings.Join(words[1:], " "))
	}
	return types, nil
}

// splitArguments splits a list in parentheses at its commas.
func splitArguments(list string) (arguments []string, err error) {
	depth, begin := 0, 1
	for at := 0; at < len(list); {
		length, _, err := token(list[at:])
		if err != nil {
			return nil, err
		}
		switch c := list[at]; {
		case c == '(':
			depth++
		case c == ',' && depth == 1, c == ')' && depth == 1:
			if argument := strings.TrimSpace(list[begin:at]); argument != "" {
				arguments = append(arguments, argument)
			}
			if begin = at + 1; c == ')' {
				return arguments, nil
			}
		case c == ')':
			depth--
		}
		at += length
	}
	return nil, fmt.Errorf("%.60q does not end", list)
}
