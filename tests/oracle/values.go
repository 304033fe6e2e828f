// SPDX-License-Identifier: MIT

package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
)

type (
	keyA   string
	keyB   string
	keyInt int
	ptrKey struct{ _ byte }

	stringer string
)

func (k keyB) String() string     { return "B(" + string(k) + ")" }
func (s stringer) String() string { return "<" + string(s) + ">" }

// key makes the key of a type; pointers are the same for the same text within a script.
func (s *script) key(o op) (any, error) {
	switch o.KeyType {
	case "string":
		return o.Key, nil
	case "A":
		return keyA(o.Key), nil
	case "B":
		return keyB(o.Key), nil
	case "int":
		return strconv.Atoi(o.Key)
	case "keyInt":
		n, err := strconv.Atoi(o.Key)
		return keyInt(n), err
	case "ptr":
		if s.pointers[o.Key] == nil {
			s.pointers[o.Key] = new(ptrKey)
		}
		return s.pointers[o.Key], nil
	case "newptr":
		return new(ptrKey), nil
	case "nil":
		return nil, nil
	case "slice":
		return []byte(o.Key), nil
	}
	return nil, fmt.Errorf("unknown type of key %q", o.KeyType)
}

func value(o op) (any, error) {
	switch o.ValType {
	case "", "string":
		return o.Val, nil
	case "int":
		return strconv.Atoi(o.Val)
	case "stringer":
		return stringer(o.Val), nil
	case "nil":
		return nil, nil
	}
	return nil, fmt.Errorf("unknown type of value %q", o.ValType)
}

func shownValue(v any) string {
	switch v := v.(type) {
	case string:
		return quote("string:" + v)
	case int:
		return quote("int:" + strconv.Itoa(v))
	case stringer:
		return quote("stringer:" + string(v))
	}
	return "null"
}

func (d *errorDesc) err() error {
	if d == nil {
		return nil
	}
	named := func(name string) error {
		if name == "deadline" {
			return context.DeadlineExceeded
		}
		return context.Canceled
	}
	switch {
	case d.Is != "":
		return named(d.Is)
	case d.Wrap != "":
		return fmt.Errorf("%s: %w", d.Text, named(d.Wrap))
	}
	return errors.New(d.Text)
}

func quote(s string) string {
	out := []byte{'"'}
	for i := range len(s) {
		switch c := s[i]; {
		case c < 0x20:
			out = fmt.Appendf(out, "\\u%04x", c)
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		default:
			out = append(out, c)
		}
	}
	return string(append(out, '"'))
}

func shownError(err error) string {
	if err == nil {
		return "null"
	}
	return quote(err.Error())
}

func shownMatches(err error) string {
	timeout := false
	var t interface{ Timeout() bool }
	if errors.As(err, &t) {
		timeout = t.Timeout()
	}
	return fmt.Sprintf(`{"canceled":%t,"deadline":%t,"timeout":%t}`, errors.Is(err, context.Canceled),
		errors.Is(err, context.DeadlineExceeded), timeout)
}
