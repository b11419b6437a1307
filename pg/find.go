package pg

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// search is where PostgreSQL is looked for when the caller names no folder.
type search struct {
	path     []string // the folders of PATH, in order
	patterns []string // the usual folders, in order of preference
	fetch    func(ctx context.Context, major int, logger *slog.Logger) (installation, error)
}

func newSearch() search {
	return search{
		path: filepath.SplitList(os.Getenv("PATH")),
		patterns: []string{
			"/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
			"/opt/homebrew/opt/postgresql@*/bin",                 // Homebrew on Apple silicon
			"/usr/local/opt/postgresql@*/bin",                    // Homebrew on Intel
			"/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
			"/usr/pgsql-*/bin",                                   // the PostgreSQL project's RPMs
			"/usr/libexec/postgresql*",                           // Alpine
			"/opt/local/lib/postgresql*/bin",                     // MacPorts
		},
		fetch: newFetcher().fetch,
	}
}

// Find returns the folder and the version of the PostgreSQL that Start runs on a new cluster for a Config's BinDir. It downloads one
// where the machine has none.
func Find(ctx context.Context, binDir string) (dir, version string, err error) {
	found, err := newSearch().find(ctx, binDir, 0, slog.New(slog.DiscardHandler))
	return found.dir, found.version, err
}

// find returns the PostgreSQL to run. A cluster asks for its own major version, 0 leaves it open. A folder named by
// the caller is the only one considered; otherwise the first that fits of PATH and the usual folders, newest major
// version first, and if the machine has none at all a downloaded one.
func (s search) find(ctx context.Context, binDir string, major int, logger *slog.Logger) (installation, error) {
	if binDir != "" {
		return s.named(ctx, binDir, major)
	}
	installed, notes := s.installed(ctx)
	if err := ctx.Err(); err != nil {
		return installation{}, err
	}
	if major == 0 && len(installed) > 0 {
		return installed[0], nil
	}
	if found, ok := ofMajor(installed, major); ok {
		return found, nil
	}
	if len(installed) > 0 {
		return installation{}, otherMajorError(major, installed[0], "")
	}
	fetched, err := s.fetch(ctx, major, logger)
	if err != nil {
		return installation{}, fmt.Errorf("no PostgreSQL %d or newer was found, and none could be downloaded: %w\n"+
			"looked at: %s, PATH\n%sinstall PostgreSQL, or set BURSAR_POSTGRES_BIN to the folder with its initdb and postgres",
			oldestMajor, err, strings.Join(s.patterns, ", "), strings.Join(notes, ""))
	}
	return fetched, nil
}

// named looks at the folder that the caller named.
func (s search) named(ctx context.Context, binDir string, major int) (installation, error) {
	dir, err := filepath.Abs(binDir)
	if err != nil {
		return installation{}, fmt.Errorf("the PostgreSQL of %s: %w", binDir, err)
	}
	found, err := inspect(ctx, dir)
	if err != nil {
		return installation{}, fmt.Errorf("the PostgreSQL of %s, named by BURSAR_POSTGRES_BIN: %w", dir, err)
	}
	if found.major < oldestMajor {
		return installation{}, fmt.Errorf("the PostgreSQL of %s is version %s, and Bursar needs %d or newer", dir, found.version, oldestMajor)
	}
	if major != 0 && found.major != major {
		installed, _ := s.installed(ctx)
		other, _ := ofMajor(installed, major)
		return installation{}, otherMajorError(major, found, other.dir)
	}
	return found, nil
}

func ofMajor(installed []installation, major int) (installation, bool) {
	at := slices.IndexFunc(installed, func(i installation) bool { return i.major == major })
	if at < 0 {
		return installation{}, false
	}
	return installed[at], true
}

// otherMajorError says that a cluster was made by another major version. suitable is a folder with that version.
func otherMajorError(major int, found installation, suitable string) error {
	if suitable == "" {
		suitable = fmt.Sprintf("the binaries of PostgreSQL %d", major)
	}
	return fmt.Errorf("the data folder was made by PostgreSQL %d and cannot be opened by PostgreSQL %s of %s: "+
		"set BURSAR_POSTGRES_BIN to %s, or convert the data with pg_upgrade or a dump, or name another folder",
		major, found.version, found.dir, suitable)
}

// installed returns the machine's installations that are new enough, and a line on each that was passed over.
func (s search) installed(ctx context.Context) (found []installation, notes []string) {
	candidates, err := s.candidates()
	if err != nil {
		return nil, []string{err.Error() + "\n"}
	}
	for _, dir := range candidates {
		installation, err := inspect(ctx, dir)
		if err == nil && installation.major < oldestMajor {
			err = fmt.Errorf("version %s is older than %d", installation.version, oldestMajor)
		}
		if err != nil {
			notes = append(notes, fmt.Sprintf("passed over %s: %v\n", dir, err))
			continue
		}
		found = append(found, installation)
	}
	return found, notes
}

// candidates returns the folders with a postgres, each once.
func (s search) candidates() ([]string, error) {
	var dirs []string
	for _, dir := range s.path {
		if filepath.IsAbs(dir) { // programs of a relative folder in PATH are not run
			dirs = append(dirs, dir)
		}
	}
	for _, pattern := range s.patterns {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			return nil, fmt.Errorf("look for %s: %w", pattern, err)
		}
		slices.SortStableFunc(matches, func(a, b string) int {
			return cmp.Compare(pathMajor(pattern, b), pathMajor(pattern, a))
		})
		dirs = append(dirs, matches...)
	}
	seen := make(map[string]bool)
	var candidates []string
	for _, dir := range dirs {
		// A link in PATH leads to the folder where the programs really are, initdb among them.
		postgres, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
		if err != nil {
			continue
		}
		if real := filepath.Dir(postgres); !seen[real] {
			seen[real] = true
			candidates = append(candidates, real)
		}
	}
	return candidates, nil
}

// pathMajor returns the number that stands for the pattern's asterisk, or -1 if that is no number ("latest").
func pathMajor(pattern, match string) int {
	before, after, _ := strings.Cut(pattern, "*")
	middle := strings.TrimSuffix(strings.TrimPrefix(match, before), after)
	number, err := strconv.Atoi(regexp.MustCompile(`^\d+`).FindString(middle))
	if err != nil {
		return -1
	}
	return number
}
