package pg

import (
	"archive/tar"
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ulikunitz/xz"
)

// unpack unpacks the PostgreSQL of a downloaded archive into a new folder. The archive is a jar, which is a zip file, with a
// tar file in it that xz compressed. Everybody may read and run what it unpacks: the server may run as another account.
func unpack(ctx context.Context, archive, folder string) error {
	jar, err := zip.OpenReader(archive)
	if err != nil {
		return fmt.Errorf("open the archive: %w", err)
	}
	defer func() { _ = jar.Close() }() // was only read
	at := slices.IndexFunc(jar.File, func(entry *zip.File) bool { return strings.HasSuffix(entry.Name, ".txz") })
	if at < 0 {
		return errors.New("the archive holds no PostgreSQL: nothing in it ends in .txz")
	}
	compressed, err := jar.File[at].Open()
	if err != nil {
		return fmt.Errorf("open %s in the archive: %w", jar.File[at].Name, err)
	}
	defer func() { _ = compressed.Close() }() // was only read
	if err := untar(ctx, compressed, folder); err != nil {
		return fmt.Errorf("unpack %s: %w", jar.File[at].Name, err)
	}
	return nil
}

func untar(ctx context.Context, compressed io.Reader, folder string) error {
	decompressed, err := xz.NewReader(compressed)
	if err != nil {
		return err
	}
	if err := os.Mkdir(folder, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(folder) // nothing is written outside of it, wherever names and links of the archive lead
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }() // holds no data
	if err := root.Chmod(".", 0o755); err != nil {
		return err
	}
	for entries := tar.NewReader(decompressed); ; {
		header, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if err := untarOne(root, header, entries); err != nil {
			return fmt.Errorf("%s: %w", header.Name, err)
		}
	}
}

// untarOne unpacks one entry. It sets modes itself because the umask would take some of them away.
func untarOne(root *os.Root, header *tar.Header, content io.Reader) error {
	name := path.Clean(header.Name)
	if !filepath.IsLocal(name) {
		return errors.New("its name leads out of the archive")
	}
	if err := makeFolders(root, path.Dir(name)); err != nil {
		return err
	}
	switch header.Typeflag {
	case tar.TypeDir:
		return makeFolders(root, name)
	case tar.TypeSymlink:
		return root.Symlink(header.Linkname, name)
	case tar.TypeReg:
		mode := os.FileMode(0o644)
		if header.Mode&0o100 != 0 {
			mode = 0o755
		}
		file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if err != nil {
			return err
		}
		_, err = io.Copy(file, content)
		return errors.Join(err, file.Chmod(mode), file.Close())
	}
	return fmt.Errorf("an entry of type %q is not expected", header.Typeflag)
}

// makeFolders makes a folder and those above it, for everybody to enter.
func makeFolders(root *os.Root, name string) error {
	if name == "." {
		return nil
	}
	if info, err := root.Stat(name); err == nil && info.IsDir() {
		return nil
	}
	if err := makeFolders(root, path.Dir(name)); err != nil {
		return err
	}
	if err := root.Mkdir(name, 0o755); err != nil {
		return err
	}
	return root.Chmod(name, 0o755)
}
