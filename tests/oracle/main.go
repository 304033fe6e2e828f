// SPDX-License-Identifier: MIT

// Oracle runs scripts of context operations on Go's own context package, under the virtual time of testing/synctest,
// and prints what it observed: what `ctxlab-cli oracle` must print, byte for byte.
//
//	go run . [FILE]                       runs a script
//	go run . -random SEED [-scripts N]    writes random scripts instead
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
)

// op is one line of a script. Absent texts are nil where that differs from empty ones.
type op struct {
	Op      string     `json:"op"`
	ID      string     `json:"id,omitempty"`
	Parent  *string    `json:"parent,omitempty"`
	Kind    string     `json:"kind,omitempty"`
	Name    string     `json:"name,omitempty"`
	At      *int64     `json:"at,omitempty"`
	Ms      int64      `json:"ms,omitempty"`
	Cause   *errorDesc `json:"cause,omitempty"`
	Err     *errorDesc `json:"err,omitempty"`
	KeyType string     `json:"keyType,omitempty"`
	Key     string     `json:"key,omitempty"`
	ValType string     `json:"valType,omitempty"`
	Val     string     `json:"val,omitempty"`
	IDs     []string   `json:"ids,omitempty"`
	Ctx     string     `json:"ctx,omitempty"`
	Cancels string     `json:"cancels,omitempty"`
	A       string     `json:"a,omitempty"`
	B       string     `json:"b,omitempty"`
}

type errorDesc struct {
	Text string `json:"text,omitempty"`
	Is   string `json:"is,omitempty"`
	Wrap string `json:"wrap,omitempty"`
}

func main() {
	testing.Init()
	seed := flag.Int64("random", -1, "write random scripts that begin with this seed")
	count := flag.Int64("scripts", 100, "how many random scripts")
	flag.Parse()
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	if *seed >= 0 {
		for i := range *count {
			writeRandom(out, *seed+i)
		}
		finish(out, nil)
	}
	scripts, err := readFile(flag.Arg(0))
	if err != nil {
		finish(out, err)
	}
	// Bubbles of virtual time belong to tests, so the scripts are run by one.
	all := func(string, string) (bool, error) { return true, nil }
	testing.Main(all, []testing.InternalTest{{Name: "scripts", F: func(t *testing.T) {
		for _, ops := range scripts {
			synctest.Test(t, func(*testing.T) { err = runScript(ops, out) })
			if err != nil {
				break
			}
		}
		finish(out, err)
	}}}, nil, nil)
}

// finish ends the process.
func finish(out *bufio.Writer, err error) {
	if flushed := out.Flush(); err == nil {
		err = flushed
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(0)
}

func readFile(name string) ([][]op, error) {
	if name == "" {
		return read(os.Stdin)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return read(f)
}

// read splits the input at the ops that begin a new script.
func read(in io.Reader) (scripts [][]op, err error) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<26)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.DisallowUnknownFields()
		var o op
		if err := decoder.Decode(&o); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if o.Op == "script" || len(scripts) == 0 {
			scripts = append(scripts, nil)
		}
		last := &scripts[len(scripts)-1]
		*last = append(*last, o)
	}
	return scripts, lines.Err()
}
