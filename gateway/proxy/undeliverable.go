package proxy

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
)

// undeliverableFile is beside the spool's files, for an operator: a line of JSON for each report that Bursar refuses for good.
const undeliverableFile = "undeliverable.jsonl"

// undeliverable moves a report out of the spool to a file, and says so in the log. False: it stays where it is.
func (r *reporter) undeliverable(id string, payload []byte, reason error) bool {
	r.proxy.logger.Error("Bursar refuses a report; it is in "+undeliverableFile, "request", id, "error", reason)
	line, err := json.Marshal(map[string]any{"request": id, "error": reason.Error(), "report": json.RawMessage(valid(payload))})
	if err == nil {
		err = appendLine(filepath.Join(r.proxy.Settings().Spool.Dir, undeliverableFile), line)
	}
	if err != nil { // it stays where it is
		r.proxy.logger.Error(undeliverableFile+" cannot be written", "error", err)
		return false
	}
	if err := r.proxy.spool.Done(id); err != nil {
		r.proxy.logger.Error("the spool cannot be written", "request", id, "error", err)
	}
	r.proxy.observer.Undeliverable()
	return true
}

// valid returns what is JSON, and other bytes as a text.
func valid(payload []byte) []byte {
	if json.Valid(payload) {
		return payload
	}
	text, err := json.Marshal(payload) // in base 64
	if err != nil {
		return []byte("null")
	}
	return text
}

func appendLine(name string, line []byte) error {
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(line, '\n'))
	return errors.Join(err, file.Sync(), file.Close())
}

// seal encrypts an API key for the spool, so that its files alone are no way to use it. The key is made of the gateway's access token.
func seal(box cipher.AEAD, secret string) ([]byte, error) {
	nonce := make([]byte, box.NonceSize(), box.NonceSize()+len(secret)+box.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return box.Seal(nonce, nonce, []byte(secret), nil), nil
}

// unseal decrypts what seal has encrypted with the same token.
func unseal(box cipher.AEAD, sealed []byte) (string, error) {
	if len(sealed) < box.NonceSize() {
		return "", errors.New("too short")
	}
	secret, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], nil)
	return string(secret), err
}

// sealer returns what seals with a token.
func sealer(token string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, []byte(token), nil, "bursar gateway spool", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
