package pg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// mavenCentral is the public repository that the PostgreSQL binaries of github.com/zonkyio/embedded-postgres-binaries are
// published to: builds that bring their own libraries and run on any distribution.
const mavenCentral = "https://repo1.maven.org/maven2"

// fetcher downloads PostgreSQL's programs, once per version, into a folder that all of the user's projects share.
type fetcher struct {
	cache      func() (string, error)
	repository string                 // the URL of a Maven repository, without a slash at the end
	platform   func() (string, error) // the name that the repository has for this machine
	pinned     func(version, platform string) (sha256 string, err error)
	stall      time.Duration // how long the repository may send nothing before the download fails
}

func newFetcher() fetcher {
	return fetcher{cache: cacheFolder, repository: mavenCentral, platform: machinePlatform, pinned: pinned, stall: 30 * time.Second}
}

// cacheFolder is the user's cache folder. Root's home is closed to the account that its server runs as, so root uses
// the system's.
func cacheFolder() (string, error) {
	if os.Geteuid() == 0 {
		if runtime.GOOS == "darwin" {
			return "/Library/Caches/bursar", nil
		}
		return "/var/cache/bursar", nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the folder for downloads: %w", err)
	}
	return filepath.Join(dir, "bursar"), nil
}

// machinePlatform returns the repository's name for this machine.
func machinePlatform() (string, error) {
	system := runtime.GOOS
	if _, err := os.Stat("/etc/alpine-release"); err == nil {
		system = "alpine" // a Linux with another C library
	}
	return platformName(system, runtime.GOARCH)
}

func platformName(system, architecture string) (string, error) {
	switch system + "/" + architecture {
	case "linux/amd64":
		return "linux-amd64", nil
	case "linux/arm64":
		return "linux-arm64v8", nil
	case "alpine/amd64":
		return "linux-amd64-alpine", nil
	case "darwin/amd64":
		return "darwin-amd64", nil
	case "darwin/arm64":
		return "darwin-arm64v8", nil
	}
	return "", fmt.Errorf("no PostgreSQL is offered for download for %s on %s", system, architecture)
}

// fetch returns the downloaded PostgreSQL of a major version, downloading it if this is the first time.
func (f fetcher) fetch(ctx context.Context, major int, logger *slog.Logger) (installation, error) {
	version, err := fetchable(major)
	if err != nil {
		return installation{}, err
	}
	cache, err := f.cache()
	if err != nil {
		return installation{}, err
	}
	folder := filepath.Join(cache, "postgresql-"+version)
	if _, err := os.Stat(folder); err == nil {
		return inspectFetched(ctx, folder)
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return installation{}, fmt.Errorf("make the folder for downloads: %w", err)
	}
	if err := f.fetchInto(ctx, cache, folder, version, logger); err != nil {
		return installation{}, fmt.Errorf("download PostgreSQL %s: %w", version, err)
	}
	return inspectFetched(ctx, folder)
}

func inspectFetched(ctx context.Context, folder string) (installation, error) {
	found, err := inspect(ctx, filepath.Join(folder, "bin"))
	if err != nil {
		return installation{}, fmt.Errorf("the PostgreSQL downloaded to %s, to be deleted if damaged: %w", folder, err)
	}
	return found, nil
}

// fetchInto downloads and unpacks in a folder of its own, and puts the result in place at once when it is whole and runs.
func (f fetcher) fetchInto(ctx context.Context, cache, folder, version string, logger *slog.Logger) (err error) {
	platform, err := f.platform()
	if err != nil {
		return err
	}
	sum, err := f.pinned(version, platform)
	if err != nil {
		return err
	}
	staging, err := os.MkdirTemp(cache, "downloading-")
	if err != nil {
		return fmt.Errorf("make a folder for the download: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(staging)) }()

	artifact := "embedded-postgres-binaries-" + platform
	address := fmt.Sprintf("%s/io/zonky/test/postgres/%s/%s/%s-%s.jar", f.repository, artifact, version, artifact, version)
	logger.Info("downloading PostgreSQL, as none is installed", "version", version, "from", address, "into", folder)
	archive, unpacked := filepath.Join(staging, "archive.jar"), filepath.Join(staging, "unpacked")
	if err := (download{stall: f.stall, logger: logger}).verified(ctx, address, archive, sum); err != nil {
		return err
	}
	logger.Info("unpacking PostgreSQL", "version", version)
	if err := unpack(ctx, archive, unpacked); err != nil {
		return err
	}
	if _, err := inspect(ctx, filepath.Join(unpacked, "bin")); err != nil {
		return fmt.Errorf("it does not run on this machine: %w", err)
	}
	if err := os.Rename(unpacked, folder); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("keep it: %w", err)
	}
	return nil // if the folder exists by now, another program was faster
}
