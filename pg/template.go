package pg

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Keep stops the server, as Stop does, and copies its cluster and its password to a new folder, for [Config.Template]. When it fails,
// what is in the folder is no template. It is called instead of Stop; Stop after it only returns its result.
func (s *Server) Keep(template string) error {
	s.template = template
	return s.stop()
}

// copyTo copies what a template is made of into a new folder.
func (f *folder) copyTo(template string) error {
	if err := os.Mkdir(template, 0o700); err != nil {
		return fmt.Errorf("keep the cluster: %w", err)
	}
	target := templateFolder(template)
	if err := errors.Join(copyFile(f.password(), target.password()), copyFolder(f.cluster(), target.cluster())); err != nil {
		return fmt.Errorf("keep the cluster: %w", err)
	}
	return nil
}

// copyTemplate makes the folder's cluster of a template, whole or not at all, and returns its password.
func copyTemplate(folder *folder, account account, template string) (password string, err error) {
	source := templateFolder(template)
	if password, err = readPassword(source.password()); err != nil {
		return "", err
	}
	making, err := os.MkdirTemp(folder.path, initializingPrefix)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, removeFolder(making)) }()
	whole := filepath.Join(making, "cluster")
	if err := copyFolder(source.cluster(), whole); err != nil {
		return "", err
	}
	if err := account.takeOver(whole); err != nil {
		return "", err
	}
	if err := keepPassword(folder.password(), password); err != nil {
		return "", err
	}
	return password, os.Rename(whole, folder.cluster())
}

func templateFolder(path string) *folder { return &folder{path: path} }

// copyFolder copies a folder that does not change meanwhile. The copy is this program's account's alone.
func copyFolder(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, relative)
		switch {
		case entry.IsDir():
			return os.Mkdir(target, 0o700)
		case entry.Type().IsRegular():
			return copyFile(path, target)
		default:
			return fmt.Errorf("%s is neither a file nor a folder", path)
		}
	})
}

// copyFile copies a file to a new one.
func copyFile(from, to string) (err error) {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }() // was only read
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	_, err = io.Copy(target, source)
	return err
}
