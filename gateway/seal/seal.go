// Package seal encrypts the API keys of callers for files that wait for Bursar, so that these alone are no way to use a key.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
)

// Box seals with a key that is made of a gateway's access token: who has the token can use keys anyway.
type Box struct{ aead cipher.AEAD }

// New returns what seals with a token.
func New(token string) (*Box, error) {
	key, err := hkdf.Key(sha256.New, []byte(token), nil, "bursar gateway spool", 32)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return &Box{aead}, nil
}

// Seal encrypts an API key.
func (b *Box) Seal(secret string) ([]byte, error) {
	nonce := make([]byte, b.aead.NonceSize(), b.aead.NonceSize()+len(secret)+b.aead.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return b.aead.Seal(nonce, nonce, []byte(secret), nil), nil
}

// Open decrypts what Seal has encrypted with the same token.
func (b *Box) Open(sealed []byte) (string, error) {
	if len(sealed) < b.aead.NonceSize() {
		return "", errors.New("seal: too short")
	}
	secret, err := b.aead.Open(nil, sealed[:b.aead.NonceSize()], sealed[b.aead.NonceSize():], nil)
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	return string(secret), nil
}
