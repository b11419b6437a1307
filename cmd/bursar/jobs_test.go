package main

import (
	"net/http"
	"testing"

	"bursar/auth"
	"bursar/db/dbtest"
)

// Guarantee: the jobs are shown to the holder of the root token alone, and another site cannot use the browser's login.
func TestJobsAreTheOperators(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "starts what other tests start, and looks at what is printed")
	databaseURL := database.NewURL(t)
	_, url := startServe(t, databaseURL, variables{"BURSAR_ROOT_TOKEN": rootTokenOfTests})
	anonymous := get(t, url+"/jobs/")
	wantStatus(t, "an anonymous caller", anonymous, http.StatusUnauthorized)
	wantContains(t, "the challenge", anonymous.header.Get("WWW-Authenticate"), "Basic")
	for _, path := range []string{"/jobs", "/jobs/", "/jobs/api/jobs", "/jobs/assets/x.js"} {
		for _, wrong := range []string{"", rootTokenOfTests + "x", rootTokenOfTests[1:], auth.NewSecret(auth.AccessTokenPrefix).Text} {
			wantStatus(t, path+" with a wrong token", request(t, http.MethodGet, url+path, "", operator(wrong)), http.StatusUnauthorized)
		}
	}
	page := request(t, http.MethodGet, url+"/jobs/", "", operator(rootTokenOfTests))
	wantStatus(t, "the operator", page, http.StatusOK)
	wantContains(t, "the page", page.body, "/jobs/assets/")
	wantStatus(t, "the operator's API", request(t, http.MethodGet, url+"/jobs/api/states", "", operator(rootTokenOfTests)), http.StatusOK)
	wantStatus(t, "another site's request", request(t, http.MethodPost, url+"/jobs/api/jobs/cancel", `{"ids":["1"]}`, func(r *http.Request) {
		operator(rootTokenOfTests)(r)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
	}), http.StatusForbidden)

	_, without := startServe(t, databaseURL, nil)
	for _, password := range []string{"", rootTokenOfTests} {
		refused := request(t, http.MethodGet, without+"/jobs/", "", operator(password))
		wantStatus(t, "a server without an operator", refused, http.StatusForbidden)
		wantContains(t, "the explanation", refused.body, "BURSAR_ROOT_TOKEN")
	}
}

// Guarantee: whoever keeps guessing at the password is not listened to for a while, at /graphql neither.
func TestGuessesAtJobsAreSlowed(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "starts what other tests start, and looks at what is printed")
	_, url := startServe(t, database.NewURL(t), variables{"BURSAR_ROOT_TOKEN": rootTokenOfTests})
	wantStatus(t, "the operator", request(t, http.MethodGet, url+"/jobs/", "", operator(rootTokenOfTests)), http.StatusOK)
	spent := func(path string) bool { // a guess a second is listened to, and this machine may have slept for one
		for range 10 {
			for request(t, http.MethodGet, url+"/jobs/", "", operator("wrong")).status != http.StatusTooManyRequests {
			}
			if request(t, http.MethodGet, url+path, "", func(r *http.Request) {
				operator(rootTokenOfTests)(r)
				if path == "/graphql" {
					r.Header.Set("Authorization", "Bearer "+rootTokenOfTests)
				}
			}).status == http.StatusTooManyRequests {
				return true
			}
		}
		return false
	}
	for _, path := range []string{"/jobs/", "/graphql"} {
		if !spent(path) {
			t.Errorf("%s: the right guess after too many wrong ones is listened to", path)
		}
	}
}
