package observe

import (
	"fmt"
	"runtime/debug"

	"github.com/prometheus/client_golang/prometheus"
)

// Build says which build of the program this is.
type Build struct {
	Version   string // of the module, "(devel)" for a build from a checkout without tags
	Revision  string // of the version control, "unknown" when the build was not told
	Modified  bool   // whether the checkout had changes that were not committed
	GoVersion string
}

// ReadBuild returns what the Go toolchain noted in the binary.
func ReadBuild() Build {
	build := Build{Version: "(devel)", Revision: "unknown", GoVersion: "unknown"}
	info, known := debug.ReadBuildInfo()
	if !known {
		return build
	}
	build.GoVersion = info.GoVersion
	if info.Main.Version != "" {
		build.Version = info.Main.Version
	}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			build.Revision = setting.Value
		case "vcs.modified":
			build.Modified = setting.Value == "true"
		}
	}
	return build
}

// String is a line about the build.
func (b Build) String() string {
	modified := ""
	if b.Modified {
		modified = ", modified"
	}
	return fmt.Sprintf("bursar %s (revision %s%s, %s)", b.Version, b.Revision, modified, b.GoVersion)
}

// collector returns the metric by which dashboards tell the versions of a deployment apart.
func (b Build) collector() prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name:        "bursar_build_info",
		Help:        "Always 1; its labels say which build this is.",
		ConstLabels: prometheus.Labels{"version": b.Version, "revision": b.Revision, "go_version": b.GoVersion},
	}, func() float64 { return 1 })
}
