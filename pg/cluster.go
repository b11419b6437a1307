package pg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// superuser is the role that the server's address logs in as.
const superuser = "bursar"

// prepareCluster makes the folder's cluster if there is none and returns the password of its superuser.
func (s starter) prepareCluster(
	ctx context.Context, folder *folder, installation installation, account account, template string,
) (string, error) {
	if err := folder.removeInitializing(); err != nil {
		return "", err
	}
	if err := awaitPostmaster(ctx, folder.cluster(), s.leaving); err != nil {
		return "", err
	}
	major, err := folder.clusterMajor()
	if err != nil {
		return "", err
	}
	password, err := readPassword(folder.password())
	if err != nil {
		return "", err
	}
	if major == 0 && template != "" {
		if password, err = copyTemplate(folder, account, template); err != nil {
			return "", fmt.Errorf("copy the template: %w", err)
		}
		return password, nil
	}
	if major == 0 {
		return initialize(ctx, folder, installation, account, password)
	}
	if password == "" {
		return resetPassword(ctx, folder, installation, account)
	}
	return password, nil
}

// initialize makes the cluster and returns its password, for which an interrupted try may have chosen already. The
// password is kept first: a program killed in between leaves a password without a cluster, which is harmless.
func initialize(
	ctx context.Context, folder *folder, installation installation, account account, password string,
) (string, error) {
	if password == "" {
		password = newPassword()
		if err := keepPassword(folder.password(), password); err != nil {
			return "", err
		}
	}
	return password, makeCluster(ctx, folder, installation, account, password)
}

// makeCluster makes the cluster in a folder of its own and moves it into place when it is whole, so that a program
// killed half way leaves nothing that the next start takes for a cluster.
func makeCluster(
	ctx context.Context, folder *folder, installation installation, account account, password string,
) (err error) {
	making, err := os.MkdirTemp(folder.path, initializingPrefix)
	if err != nil {
		return fmt.Errorf("make a folder for the new cluster: %w", err)
	}
	defer func() { err = errors.Join(err, removeFolder(making)) }()
	if err := os.WriteFile(filepath.Join(making, "password"), []byte(password), 0o600); err != nil {
		return fmt.Errorf("hand initdb the password: %w", err)
	}
	if err := account.takeOver(making); err != nil {
		return fmt.Errorf("hand the new cluster to %s: %w", account.name, err)
	}
	route, err := account.routeTo(making)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, route.close()) }()
	if err := runInitdb(ctx, installation, account, route, !folder.temporary); err != nil {
		return fmt.Errorf("make the cluster: %w", err)
	}
	if err := os.Rename(filepath.Join(making, "cluster"), folder.cluster()); err != nil {
		return fmt.Errorf("put the new cluster in place: %w", err)
	}
	return syncFolder(folder.path)
}

// runInitdb makes a cluster whose text is UTF-8 and sorts by code point on every machine. Letters are classified by
// C.UTF-8 where the system has it; the plain C locale knows ASCII's alone.
func runInitdb(ctx context.Context, installation installation, account account, route route, durable bool) error {
	arguments := []string{
		"--pgdata=" + filepath.Join(route.path, "cluster"), "--pwfile=" + filepath.Join(route.path, "password"),
		"--username=" + superuser, "--encoding=UTF8", "--lc-collate=C",
		"--auth-host=scram-sha-256", "--auth-local=scram-sha-256", "--no-instructions",
	}
	if durable {
		arguments = append(arguments, "--data-checksums")
	} else {
		arguments = append(arguments, "--no-sync")
	}
	initdb := command{path: installation.program("initdb"), account: account, route: route}
	initdb.arguments = slices.Concat(arguments, []string{"--locale=C.UTF-8"})
	printed, err := initdb.run(ctx)
	if err != nil && strings.Contains(printed, "invalid locale") {
		initdb.arguments = slices.Concat(arguments, []string{"--locale=C"})
		_, err = initdb.run(ctx)
	}
	return err
}

// resetPassword gives the superuser a new password when the file with the old one is gone. It runs PostgreSQL in
// its single-user mode, which asks for none. The password is kept last: a program killed in between leaves no
// password, and the next start sets another.
func resetPassword(
	ctx context.Context, folder *folder, installation installation, account account,
) (string, error) {
	route, err := account.routeTo(folder.cluster())
	if err != nil {
		return "", err
	}
	password := newPassword()
	_, err = command{
		path:      installation.program("postgres"),
		arguments: []string{"--single", "-D", route.path, "-c", "exit_on_error=on", "postgres"},
		account:   account,
		route:     route,
		input:     fmt.Sprintf("ALTER ROLE %s PASSWORD '%s'\n", superuser, password),
	}.run(ctx)
	if err = errors.Join(err, route.close()); err != nil {
		return "", fmt.Errorf("the file %s is gone, and the password could not be set anew: %w", folder.password(), err)
	}
	return password, keepPassword(folder.password(), password)
}
