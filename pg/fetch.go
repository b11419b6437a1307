package pg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

// fetcher downloads PostgreSQL's programs, once per version, into a folder that all of the user's projects share.
type fetcher struct {
	cache      func() (string, error)
	repository string // the Maven repository; empty means Maven Central
	freePort   func() (int, error)
}

func newFetcher() fetcher { return fetcher{cache: cacheFolder, freePort: freePort} }

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

// fetchable returns the version to download for a major version; 0 leaves the choice here.
func fetchable(major int) (embeddedpostgres.PostgresVersion, error) {
	switch major {
	case 0, 17:
		return embeddedpostgres.V17, nil
	case 15:
		return embeddedpostgres.V15, nil
	case 16:
		return embeddedpostgres.V16, nil
	case 18:
		return embeddedpostgres.V18, nil
	}
	return "", fmt.Errorf("PostgreSQL %d is not offered for download", major)
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
	folder := filepath.Join(cache, "postgresql-"+string(version))
	if _, err := os.Stat(folder); err == nil {
		return inspectFetched(ctx, folder)
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return installation{}, fmt.Errorf("make the folder for downloads: %w", err)
	}
	logger.Info("downloading PostgreSQL, as none is installed", "version", string(version), "into", folder)
	staging, err := os.MkdirTemp(cache, "downloading-")
	if err != nil {
		return installation{}, fmt.Errorf("make a folder for the download: %w", err)
	}
	failed := make(chan error, 1)
	go func() { failed <- errors.Join(f.download(version, staging, folder), os.RemoveAll(staging)) }()
	select {
	case err = <-failed:
	case <-ctx.Done(): // the library cannot be interrupted: it ends on its own and may still fill the cache
		return installation{}, context.Cause(ctx)
	}
	if err != nil {
		return installation{}, err
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

// download fetches and unpacks in the staging folder, and puts the result in place at once when it is whole.
//
// The library fetches on the way to starting a server. It is stopped short of that: given a data folder that looks
// initialized and holds no configuration, it downloads, unpacks, and fails to start. Its error therefore says
// nothing unless the programs are missing.
func (f fetcher) download(version embeddedpostgres.PostgresVersion, staging, folder string) error {
	data, unpacked := filepath.Join(staging, "data"), filepath.Join(staging, "unpacked")
	if err := os.Mkdir(data, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte(version[:2]), 0o600); err != nil {
		return err
	}
	port, err := f.freePort() // the library looks whether its port is free before all else
	if err != nil {
		return err
	}
	config := embeddedpostgres.DefaultConfig().Version(version).Port(uint32(port)).Logger(io.Discard).
		CachePath(filepath.Join(staging, "archive")).RuntimePath(unpacked).DataPath(data)
	if f.repository != "" {
		config = config.BinaryRepositoryURL(f.repository)
	}
	server := embeddedpostgres.NewDatabase(config)
	started := server.Start()
	if started == nil {
		return errors.Join(errors.New("the downloaded PostgreSQL started without a configuration"), server.Stop())
	}
	for _, program := range []string{"postgres", "initdb"} {
		if _, err := os.Stat(filepath.Join(unpacked, "bin", program)); err != nil {
			return fmt.Errorf("download PostgreSQL %s: %w", version, started)
		}
	}
	if err := os.Chmod(unpacked, 0o755); err != nil {
		return err
	}
	if err := os.Rename(unpacked, folder); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("keep the downloaded PostgreSQL: %w", err)
	}
	return nil // if the folder exists by now, another program was faster
}
