//go:build !linux

package scratch

const folder = ""

func isMemory(string) bool { return false }

func hasRoom(string) bool { return false }
