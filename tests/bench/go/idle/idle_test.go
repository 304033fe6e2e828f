// SPDX-License-Identifier: MIT

// Twins of tests/bench/idle.cpp: the rows have the same names.
package idle

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// wakeUps counts the context switches of all threads: a goroutine has no thread of its own to leave out.
func wakeUps(b *testing.B) (sum int64) {
	files, err := filepath.Glob("/proc/self/task/*/status")
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			continue // a thread that has gone
		}
		for _, line := range strings.Split(string(text), "\n") {
			if _, count, found := strings.Cut(line, "ctxt_switches:"); found {
				n, _ := strconv.ParseInt(strings.TrimSpace(count), 10, 64)
				sum += n
			}
		}
	}
	return sum
}

func Benchmark_idle_wake_ups(b *testing.B) {
	cancels := make([]context.CancelFunc, 10_000)
	for i := range cancels {
		var c context.Context
		c, cancels[i] = context.WithTimeout(context.Background(), time.Hour)
		if i < 100 {
			go func() { <-c.Done() }()
		}
	}
	time.Sleep(100 * time.Millisecond)
	var woken int64
	for i := 0; i < b.N; i++ {
		before := wakeUps(b)
		time.Sleep(time.Second)
		woken += wakeUps(b) - before
	}
	for _, cancel := range cancels {
		cancel()
	}
	b.ReportMetric(float64(woken)/float64(b.N), "wake-ups")
}
