package pg

import "fmt"

// fetchable returns the version to download for a major version; 0 leaves the choice here.
func fetchable(major int) (string, error) {
	switch major {
	case 15:
		return "15.19.0", nil
	case 16:
		return "16.15.0", nil
	case 0, 17:
		return "17.11.0", nil
	case 18:
		return "18.6.0", nil
	}
	return "", fmt.Errorf("PostgreSQL %d is not offered for download", major)
}

// pinned returns the SHA-256 that the archive of a version must have for a platform. They were computed from the archives when their version
// was chosen. A new version needs new ones, of every platform.
func pinned(version, platform string) (sha256 string, err error) {
	sums := map[string]string{
		"15.19.0 linux-amd64":        "95f0b66fe72d4ca66c815773c44cb1196ea38552463e89a35f18114b3ed1565f",
		"15.19.0 linux-arm64v8":      "95baf4bd4af31b91b3050118df59388ed0064756b556b850669e0300aa7b9911",
		"15.19.0 linux-amd64-alpine": "a04a72fb429fed3624507f54244a69f43be491c67f744e58c1a3696a67262aab",
		"15.19.0 darwin-amd64":       "11d0a55e26f4c74c6ea6c72c5e4e6ac959b29a06cc6da5e5ac8162f9fd9f8055",
		"15.19.0 darwin-arm64v8":     "9bfc44d3f50298bb14fa125da4b67a36f382f8134ab2fc95349b72bcd5ec4e87",
		"16.15.0 linux-amd64":        "653abc065c682b85d3da50168fb95dc524bd85426cdec9ce3695a550ef431df2",
		"16.15.0 linux-arm64v8":      "f846a9989d686b7977d6eca9bc9d8b2b69e3f70c7eb60e032197d9c574a6136c",
		"16.15.0 linux-amd64-alpine": "6bcfdb579fae7fb11e6ea2dba2cc8086c14cc58506db49ad36ce4d70de250dd6",
		"16.15.0 darwin-amd64":       "1229188b99515d2160d5cb6222bc96d9c5f3a248268df3bc2dfe0047e6c233d8",
		"16.15.0 darwin-arm64v8":     "65b953905f0a4d46030767a6b44a52360170d69a7985f1b02aa435f2f6256a83",
		"17.11.0 linux-amd64":        "0dd7b72b6f335b8ecfb355fa24c5781e8a93edd09880bb77eb52ebbf29b3e96d",
		"17.11.0 linux-arm64v8":      "8b042e0ea418b1927d95399207950da0734d27fe01e29503ade3bdc464ad4c2b",
		"17.11.0 linux-amd64-alpine": "ace9a6f95b1c98ce84c9841267cd04ebee5d7de5dc7b8fea148ead44f145afbd",
		"17.11.0 darwin-amd64":       "d464ff178e9860ba204662ac23fa547504b7fd392392ff2fb92e3fd73b5bdb64",
		"17.11.0 darwin-arm64v8":     "a1c2786acb0c398f9b2d76806fc52f5dc8b222cbc8e9383a9b9702084daaf3a5",
		"18.6.0 linux-amd64":         "008ee189eaa7ca2b58bd01dd950291e638b998392cf982297acd4779ec898ac1",
		"18.6.0 linux-arm64v8":       "5f54e016723afa6213925a8acb939bac52944b1d348f65c7a20f0cd2928c31be",
		"18.6.0 linux-amd64-alpine":  "1568b3805c3a3b99b5f4f0d7f6cf16e2a39075462ed47a614bfbabd92508350d",
		"18.6.0 darwin-amd64":        "690941008aac9ee360820fde9bb7870a4f3dcac5e9e2f9e45e42333a436ad0f9",
		"18.6.0 darwin-arm64v8":      "8f6ed6f38195b50a40712ada8b2a12060b6193c1a6977a6eb5cff053bb5a1b89",
	}
	sum, known := sums[version+" "+platform]
	if !known {
		return "", fmt.Errorf("PostgreSQL %s is not offered for download for %s", version, platform)
	}
	return sum, nil
}
