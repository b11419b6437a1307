package pg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the operating system's account that the server runs as. PostgreSQL refuses to run as root: root starts it under
// another account. Every other account runs it itself.
type account struct {
	name     string
	uid, gid uint32
	switched bool // the account is not this program's own
}

// accountFor chooses the account for a cluster: the one that owns it already, else "postgres", else "nobody". A
// cluster of root's, copied by hand for one, is handed to the account.
func accountFor(cluster string) (account, error) {
	owner, exists, err := ownerOf(cluster)
	if err != nil {
		return account{}, err
	}
	if euid := os.Geteuid(); euid != 0 {
		if exists && int(owner.Uid) != euid {
			return account{}, fmt.Errorf("the cluster %s belongs to uid %d and this is uid %d: "+
				"run as that account or name another folder", cluster, owner.Uid, euid)
		}
		return account{name: "uid " + strconv.Itoa(euid)}, nil
	}
	if exists && owner.Uid != 0 {
		return account{name: "uid " + strconv.Itoa(int(owner.Uid)), uid: owner.Uid, gid: owner.Gid, switched: true}, nil
	}
	chosen, err := unprivilegedAccount()
	if err != nil {
		return account{}, err
	}
	if exists {
		return chosen, chosen.takeOver(cluster)
	}
	return chosen, nil
}

func ownerOf(path string) (syscall.Stat_t, bool, error) {
	var status syscall.Stat_t
	err := syscall.Stat(path, &status)
	if errors.Is(err, fs.ErrNotExist) {
		return status, false, nil
	}
	if err != nil {
		return status, false, fmt.Errorf("look at %s: %w", path, err)
	}
	return status, true, nil
}

func unprivilegedAccount() (account, error) {
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if _, unknown := errors.AsType[user.UnknownUserError](err); unknown {
			continue
		}
		if err != nil {
			return account{}, fmt.Errorf("look up the account %s: %w", name, err)
		}
		uid, err := strconv.ParseUint(found.Uid, 10, 32)
		if err != nil {
			return account{}, fmt.Errorf("the account %s: %w", name, err)
		}
		gid, err := strconv.ParseUint(found.Gid, 10, 32)
		if err != nil {
			return account{}, fmt.Errorf("the account %s: %w", name, err)
		}
		if uid != 0 {
			return account{name: name, uid: uint32(uid), gid: uint32(gid), switched: true}, nil
		}
	}
	return account{}, errors.New("PostgreSQL refuses to run as root, and the accounts postgres and nobody do not exist: " +
		"run as an ordinary user")
}

// credential is what a process of the account is started with; nil keeps this program's own.
func (a account) credential() *syscall.Credential {
	if !a.switched {
		return nil
	}
	return &syscall.Credential{Uid: a.uid, Gid: a.gid} // without root's supplementary groups
}

// takeOver gives path and all below it to the account. Links are not followed.
func (a account) takeOver(path string) error {
	if !a.switched {
		return nil
	}
	return filepath.WalkDir(path, func(entry string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(entry, int(a.uid), int(a.gid))
	})
}

// mayExecute refuses binaries in a place that the account cannot reach, below /root for one.
func (a account) mayExecute(installation installation) error {
	barrier, err := a.barrier(installation.program("postgres"))
	if err != nil || barrier == "" {
		return err
	}
	return fmt.Errorf("as root, PostgreSQL runs as %s, and %s does not let that account through to %s: "+
		"install PostgreSQL elsewhere, or run as an ordinary user", a.name, barrier, installation.dir)
}
