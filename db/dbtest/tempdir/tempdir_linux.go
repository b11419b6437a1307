package tempdir

import (
	"os"
	"regexp"
	"strconv"

	"golang.org/x/sys/unix"
)

// folder is where Linux keeps shared memory. In a container it is often too small.
const folder = "/dev/shm"

func isMemory(path string) bool {
	var system unix.Statfs_t
	return unix.Statfs(path, &system) == nil && system.Type == unix.TMPFS_MAGIC
}

// hasRoom reports whether everybody may write and run files there, and whether file system and machine have enough left.
func hasRoom(path string) bool {
	var system unix.Statfs_t
	info, err := os.Stat(path)
	if err != nil || info.Mode()&(os.ModeSticky|0o777) != os.ModeSticky|0o777 || unix.Statfs(path, &system) != nil {
		return false
	}
	free := system.Bavail * uint64(system.Bsize) //nolint:gosec // a block's size is positive
	return free >= room && available() >= room && system.Flags&(unix.ST_NOEXEC|unix.ST_RDONLY) == 0
}

// available returns how many bytes of memory the machine could give to programs, 0 when it does not say.
func available() uint64 {
	told, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	found := regexp.MustCompile(`(?m)^MemAvailable: +(\d+) kB$`).FindSubmatch(told)
	if found == nil {
		return 0
	}
	kilobytes, _ := strconv.ParseUint(string(found[1]), 10, 54) // digits alone
	return kilobytes << 10
}
