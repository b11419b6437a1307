package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"bursar/bench"
)

// buildFlags choose the build of bursar that is measured, and the programs of PostgreSQL.
type buildFlags struct {
	Bursar      string `placeholder:"FILE" type:"existingfile" help:"The build of bursar to measure; unset, it is built with go build, in the folder of a checkout."`
	PostgresBin string `env:"BURSAR_POSTGRES_BIN" placeholder:"FOLDER" type:"existingdir" help:"Folder with initdb and postgres; unset, they are searched for on this machine, else downloaded."`
}

// binary returns the path of the build, which it compiles unless --bursar is set. The caller must call remove.
func (f *buildFlags) binary(ctx context.Context, p *program) (path string, remove func() error, err error) {
	if f.Bursar != "" {
		return f.Bursar, func() error { return nil }, nil
	}
	folder, err := os.MkdirTemp("", "bursar-build-")
	if err != nil {
		return "", nil, err
	}
	remove = func() error { return os.RemoveAll(folder) }
	path = filepath.Join(folder, "bursar")
	if _, err := p.stderr.Write([]byte("building bursar\n")); err != nil {
		return "", nil, errors.Join(err, remove())
	}
	compile := bench.Program{Path: "go", Arguments: []string{"build", "-o", path, "bursar/cmd/bursar"}, Environment: os.Environ()}
	if _, err := compile.Run(ctx); err != nil {
		return "", nil, errors.Join(errors.New("build bursar, or name a build with --bursar"), err, remove())
	}
	return path, remove, nil
}
