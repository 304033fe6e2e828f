// SPDX-License-Identifier: MIT

// Twins of tests/bench/memory.cpp: the rows have the same names.
package memory

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"
)

type key int

const kind = "CTXLAB_FOOTPRINT" // of what: set in a process that only measures this

func TestMain(m *testing.M) {
	if f, ok := footprints[os.Getenv(kind)]; ok {
		f()
		return
	}
	os.Exit(m.Run())
}

func residentBytes() float64 {
	var total, resident int64
	text, err := os.ReadFile("/proc/self/statm")
	if err == nil {
		_, err = fmt.Sscan(string(text), &total, &resident)
	}
	if err != nil {
		panic(err)
	}
	return float64(resident) * float64(os.Getpagesize())
}

// growth prints by how much the process grew, an item; garbage does not count.
func growth(n int, build func()) {
	measure := func() (rss, heap float64) {
		debug.FreeOSMemory()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return residentBytes(), float64(m.HeapAlloc + m.StackInuse)
	}
	rss, heap := measure()
	build()
	rssAfter, heapAfter := measure()
	fmt.Println((rssAfter-rss)/float64(n), (heapAfter-heap)/float64(n))
}

const many = 1_000_000

// contexts has room for the handles before the counting starts.
func contexts(make1 func(parent context.Context, i int) (context.Context, context.CancelFunc)) func() {
	return func() {
		parent, cancel := context.WithCancel(context.Background())
		defer cancel()
		kept := make([]context.Context, many)
		cancels := make([]context.CancelFunc, many)
		for i := range kept {
			kept[i], cancels[i] = parent, cancel
		}
		growth(many, func() {
			for i := range kept {
				kept[i], cancels[i] = make1(parent, i)
			}
		})
		runtime.KeepAlive(kept)
		runtime.KeepAlive(cancels)
	}
}

func afterFuncs() {
	parent, cancel := context.WithCancel(context.Background())
	defer cancel()
	stops := make([]func() bool, many)
	for i := range stops {
		stops[i] = func() bool { return true }
	}
	growth(many, func() {
		for i := range stops {
			stops[i] = context.AfterFunc(parent, func() {})
		}
	})
	runtime.KeepAlive(stops)
}

func parkedWorkers() {
	const n = 100_000
	c, cancel := context.WithCancel(context.Background())
	defer cancel()
	growth(n, func() {
		var begun atomic.Int64
		for i := 0; i < n; i++ {
			go func() {
				begun.Add(1)
				<-c.Done()
			}()
		}
		for begun.Load() != n {
			runtime.Gosched()
		}
		time.Sleep(20 * time.Millisecond)
	})
}

var footprints = map[string]func(){
	"with_cancel": contexts(func(parent context.Context, _ int) (context.Context, context.CancelFunc) {
		return context.WithCancel(parent)
	}),
	"with_timeout": contexts(func(parent context.Context, _ int) (context.Context, context.CancelFunc) {
		return context.WithTimeout(parent, time.Hour)
	}),
	"with_value": contexts(func(parent context.Context, i int) (context.Context, context.CancelFunc) {
		return context.WithValue(parent, key(0), 1000+i), nil
	}),
	"after_func":    afterFuncs,
	"parked_worker": parkedWorkers,
}

func footprint(b *testing.B, of string) {
	var rss, heap float64
	for i := 0; i < b.N; i++ {
		process := exec.Command(os.Args[0])
		process.Env = append(os.Environ(), kind+"="+of)
		process.Stderr = os.Stderr
		text, err := process.Output()
		if err == nil {
			_, err = fmt.Sscan(string(text), &rss, &heap)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(rss, "rss")
	b.ReportMetric(heap, "heap")
}

func Benchmark_bytes_with_cancel(b *testing.B)   { footprint(b, "with_cancel") }
func Benchmark_bytes_with_timeout(b *testing.B)  { footprint(b, "with_timeout") }
func Benchmark_bytes_with_value(b *testing.B)    { footprint(b, "with_value") }
func Benchmark_bytes_after_func(b *testing.B)    { footprint(b, "after_func") }
func Benchmark_bytes_parked_worker(b *testing.B) { footprint(b, "parked_worker") }
