package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/db/dbtest/usercache"
	"bursar/pg"
	schema "bursar/sql"
)

// keptClusters is how many clusters are kept: of the checkouts that were tested last. Each has some 60 MB, and takes some 3 s of processor time to make.
const keptClusters = 8

// StartPostgreSQL starts a throw-away PostgreSQL that has the template of this checkout already. It is a copy of a cluster in the user's
// cache, which is made when something that it consists of has changed. Where there is no cache, the template is made each time.
func StartPostgreSQL(ctx context.Context, logger *slog.Logger) (*pg.Server, error) {
	template, err := templateName()
	if err != nil {
		return nil, err
	}
	config := pg.Config{Temporary: true, BinDir: os.Getenv("BURSAR_POSTGRES_BIN"), Logger: logger, Settings: map[string]string{
		// it takes a tenth of PostgreSQL's processor time, and a database that it has analyzed is not used again (see kept)
		"autovacuum": "off",
	}}
	server, copied, err := startCopy(ctx, config, template)
	if err != nil || copied {
		return server, err
	}
	return startWith(ctx, config, template)
}

// StartKept starts a PostgreSQL that keeps what it commits, in the configuration's new folder; the database that its URL names has the
// schema. Later starts are pg.Start's.
func StartKept(ctx context.Context, config pg.Config) (*pg.Server, error) {
	template, err := templateName()
	if err != nil {
		return nil, err
	}
	server, copied, err := startCopy(ctx, config, template)
	if err == nil && !copied {
		server, err = pg.Start(ctx, config)
	}
	if err != nil {
		return nil, err
	}
	if copied {
		err = takeTemplate(ctx, server.URL(), template)
	} else {
		err = migrate(ctx, server.URL())
	}
	if err != nil {
		return nil, errors.Join(err, server.Stop())
	}
	return server, nil
}

// takeTemplate puts the template in the place of the server's empty database.
func takeTemplate(ctx context.Context, server, template string) error {
	parsed, err := pgx.ParseConfig(server)
	if err != nil {
		return err
	}
	empty := pgx.Identifier{parsed.Database}.Sanitize()
	for _, statement := range []string{"drop database " + empty, "alter database " + template + " rename to " + empty} {
		if err := administer(ctx, urlOf(server, "postgres"), statement); err != nil {
			return err
		}
	}
	return nil
}

// startCopy starts a PostgreSQL on a copy of the cluster with the template, or tells that there is no cache for one.
func startCopy(ctx context.Context, config pg.Config, template string) (server *pg.Server, copied bool, err error) {
	clusters, err := usercache.Open("test-clusters", keptClusters)
	if err != nil {
		return nil, false, nil // it costs time alone
	}
	dir, version, err := pg.Find(ctx, config.BinDir)
	if err != nil {
		return nil, false, err
	}
	config.BinDir = dir
	program := sha256.Sum256([]byte(dir + " " + version))
	err = clusters.With(template+"-"+hex.EncodeToString(program[:6]), func(folder string) error {
		made, err := startWith(ctx, pg.Config{Temporary: true, BinDir: dir, Logger: config.Logger}, template)
		if err != nil {
			return err
		}
		return made.Keep(folder)
	}, func(folder string) error {
		config.Template = folder
		server, err = pg.Start(ctx, config)
		return err
	})
	return server, true, err
}

// startWith starts a PostgreSQL with a new cluster and makes the template.
func startWith(ctx context.Context, config pg.Config, template string) (*pg.Server, error) {
	server, err := pg.Start(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := makeTemplate(ctx, server.URL(), template); err != nil {
		return nil, errors.Join(err, server.Stop())
	}
	return server, nil
}

// makeTemplate makes a database with this binary's schema.
func makeTemplate(ctx context.Context, server, name string) error {
	if err := administer(ctx, server, "create database "+pgx.Identifier{name}.Sanitize()); err != nil {
		return fmt.Errorf("create the template database: %w", err)
	}
	return migrate(ctx, urlOf(server, name))
}

// migrate gives a database this binary's schema.
func migrate(ctx context.Context, database string) error {
	pool, err := db.NewPool(ctx, db.PoolConfig{URL: database, MaxConnections: 4})
	if err != nil {
		return err
	}
	defer pool.Close()
	return schema.Up(ctx, pool, slog.New(slog.DiscardHandler))
}

// templateName returns the name of the template database of this checkout: it has a hash of what determines what is in it. The month does,
// for the ledger has partitions of this one and of the next.
func templateName() (string, error) {
	module, err := moduleFolder()
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	fmt.Fprintln(hash, time.Now().UTC().Format("2006-01"))
	// the schema is that of the binary: its files may have been edited since it was built
	if err := addFiles(hash, schema.ThisRelease().Files, "."); err != nil {
		return "", err
	}
	for _, part := range []string{"go.mod", "pg", "db/dbtest"} { // go.mod: River has migrations, too
		if err := addFiles(hash, os.DirFS(module), part); err != nil {
			return "", err
		}
	}
	return "bursar_template_" + hex.EncodeToString(hash.Sum(nil)[:8]), nil
}

// moduleFolder returns the folder of the module, in one of whose packages the program runs.
func moduleFolder() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return "", errors.New("tests with a database run in the module's folder or below it")
		}
		folder = parent
	}
}

// addFiles adds the files below a folder to a hash, but for tests and their data.
func addFiles(hash io.Writer, files fs.FS, folder string) error {
	return fs.WalkDir(files, folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "testdata":
			return fs.SkipDir
		case entry.IsDir() || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		content, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(hash, "%s %d\n%s", entry.Name(), len(content), content)
		return err
	})
}
