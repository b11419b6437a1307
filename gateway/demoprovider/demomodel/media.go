package demomodel

import (
	"bytes"
	"encoding/binary"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
)

// side is how many pixels an image has in each direction, whatever size is asked for.
const side = 64

// Speech is silence: a tenth of a second for each token of the text.
const (
	sampleRate      = 24_000
	samplesPerToken = sampleRate / 10
	mp3FrameBytes   = 72 // MPEG 2 layer III, 24 kbit/s at 24 kHz, one channel
	mp3FramesToken  = 4  // of 24 ms
)

// Embed returns a vector of length 1 for a text, always the same one.
func Embed(text string, dimensions int) []float32 {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(text)) // never fails
	random := rand.New(rand.NewPCG(hash.Sum64(), uint64(dimensions)))
	vector, sum := make([]float32, dimensions), 0.0
	for i := range vector {
		vector[i] = float32(random.Float64()*2 - 1)
		sum += float64(vector[i]) * float64(vector[i])
	}
	for i := range vector {
		vector[i] /= float32(math.Sqrt(sum))
	}
	return vector
}

// Draw returns a PNG file, always the same one for a text: one colour, which the text determines.
func Draw(prompt string) []byte {
	of := Embed(prompt, 3)
	shade := func(x float32) uint8 { return uint8(128 + 127*x) } // x is from -1 to 1
	picture := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.RGBA{shade(of[0]), shade(of[1]), shade(of[2]), 255}})
	var file bytes.Buffer
	if err := png.Encode(&file, picture); err != nil {
		panic("demomodel: " + err.Error()) // writes to memory do not fail
	}
	return file.Bytes()
}

// Silence returns a sound file of a format; false when there is none such.
func Silence(format string, tokens int) (contentType string, file []byte, ok bool) {
	samples := make([]byte, 2*samplesPerToken*tokens)
	switch format {
	case "", "mp3":
		frame := append([]byte{0xFF, 0xF3, 0x34, 0xC4}, make([]byte, mp3FrameBytes-4)...)
		return "audio/mpeg", bytes.Repeat(frame, mp3FramesToken*tokens), true
	case "pcm":
		return "audio/pcm", samples, true
	case "wav":
		header := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(36+len(samples)))...)
		header = append(header, "WAVEfmt "...)
		for _, field := range []any{uint32(16), uint16(1), uint16(1), uint32(sampleRate), uint32(2 * sampleRate), uint16(2), uint16(16)} {
			header, _ = binary.Append(header, binary.LittleEndian, field) // numbers of fixed size have a form
		}
		header = append(append(header, "data"...), binary.LittleEndian.AppendUint32(nil, uint32(len(samples)))...)
		return "audio/wav", append(header, samples...), true
	}
	return "", nil, false
}
