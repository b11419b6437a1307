package pg

import (
	"context"
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oldestMajor is the oldest PostgreSQL that Bursar supports.
const oldestMajor = 15

// installation is a folder with PostgreSQL's programs.
type installation struct {
	dir     string
	version string // "15.18"
	major   int
}

func (i installation) program(name string) string { return filepath.Join(i.dir, name) }

// inspect looks at the programs of a folder and asks them for their version.
func inspect(ctx context.Context, dir string) (installation, error) {
	for _, program := range []string{"postgres", "initdb"} {
		info, err := os.Stat(filepath.Join(dir, program))
		if err != nil {
			return installation{}, fmt.Errorf("no %s there: %w", program, errors.Unwrap(err))
		}
		if info.IsDir() || info.Mode()&0o111 == 0 {
			return installation{}, fmt.Errorf("%s is not executable", program)
		}
	}
	printed, err := command{path: filepath.Join(dir, "postgres"), arguments: []string{"--version"}}.run(ctx)
	if err != nil {
		return installation{}, err
	}
	version, major, err := parseVersion(printed)
	if err != nil {
		return installation{}, err
	}
	return installation{dir: dir, version: version, major: major}, nil
}

// parseVersion reads what `postgres --version` prints: "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)",
// "postgres (PostgreSQL) 18beta1".
func parseVersion(printed string) (version string, major int, err error) {
	found := regexp.MustCompile(`\(PostgreSQL\) ((\d+)\S*)`).FindStringSubmatch(printed)
	if found == nil {
		return "", 0, fmt.Errorf("its postgres does not say a version but %q", printed)
	}
	major, err = strconv.Atoi(found[2])
	if err != nil {
		return "", 0, fmt.Errorf("its postgres says the version %q: %w", found[1], err)
	}
	return found[1], major, nil
}

// hasLibrary reports whether the installation brings a loadable library. A server told to preload one that is
// missing does not start. The folders are where packagers put libraries beside the programs.
func (i installation) hasLibrary(name string) bool {
	dir := i.dir
	if real, err := filepath.EvalSymlinks(i.program("postgres")); err == nil {
		dir = filepath.Dir(real)
	}
	for _, libraries := range []string{"lib", "lib/postgresql", "lib64", "lib64/postgresql", "lib64/pgsql", "lib/pgsql"} {
		for _, suffix := range []string{".so", ".dylib"} {
			if _, err := os.Stat(filepath.Join(dir, "..", libraries, name+suffix)); err == nil {
				return true
			}
		}
	}
	return false
}

// hasLZ4 reports whether the installation compresses with LZ4, which needs a fifth of what its own algorithm takes. A server
// told to use it without does not start. False where programs are not of Linux's format.
func (i installation) hasLZ4() bool {
	file, err := elf.Open(i.program("postgres"))
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }() // was only read
	libraries, err := file.ImportedLibraries()
	return err == nil && slices.ContainsFunc(libraries, func(name string) bool { return strings.HasPrefix(name, "liblz4.") })
}
