package demoprovider

import (
	"encoding/json"
	"strings"
)

// content is the content of a message: a text, or a list of parts of many kinds. Those that are not known count as nothing.
type content struct {
	text   string
	images int
	parts  []contentPart
}

// contentPart is a part of a message, in the fields of OpenAI and Anthropic.
type contentPart struct {
	Type         string        `json:"type"`
	Text         string        `json:"text"`
	Thinking     string        `json:"thinking"`
	Name         string        `json:"name"`
	Input        any           `json:"input"`
	Content      *content      `json:"content"`
	CacheControl *cacheControl `json:"cache_control"`
}

// cacheControl is Anthropic's mark of what is to be kept in a cache.
type cacheControl struct {
	TTL string `json:"ttl"` // "5m" is the default
}

// UnmarshalJSON reads a text, null, or a list of parts.
func (c *content) UnmarshalJSON(body []byte) error {
	*c = content{}
	if len(body) > 0 && body[0] == '"' {
		return json.Unmarshal(body, &c.text)
	}
	if len(body) > 0 && body[0] == '{' { // one part, as tools of Anthropic may answer
		var one contentPart
		if err := json.Unmarshal(body, &one); err != nil {
			return err
		}
		c.parts = []contentPart{one}
	} else if err := json.Unmarshal(body, &c.parts); err != nil {
		return err
	}
	var texts []string
	for i := range c.parts {
		switch part := &c.parts[i]; part.Type {
		case "image", "image_url", "input_image":
			c.images++
		default:
			if part.Text != "" {
				texts = append(texts, part.Text)
			}
		}
	}
	c.text = strings.Join(texts, "\n")
	return nil
}
