// SPDX-License-Identifier: MIT

// Twins of tests/bench/workers.cpp: the rows have the same names.
package workers

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

const batch = 1000

func spawnBatches(b *testing.B, spawn func(left *atomic.Int64, all chan struct{})) {
	for done := 0; done < b.N; done += batch {
		var left atomic.Int64
		left.Store(batch)
		all := make(chan struct{})
		for i := 0; i < batch; i++ {
			spawn(&left, all)
		}
		<-all
	}
	rounded := (b.N + batch - 1) / batch * batch
	b.ReportMetric(float64(b.Elapsed())/float64(rounded), "ns/worker")
}

func Benchmark_spawn(b *testing.B) {
	spawnBatches(b, func(left *atomic.Int64, all chan struct{}) {
		go func() {
			if left.Add(-1) == 0 {
				close(all)
			}
		}()
	})
}

func Benchmark_spawn_with_context(b *testing.B) {
	c, cancel := context.WithCancel(context.Background())
	defer cancel()
	b.ResetTimer()
	spawnBatches(b, func(left *atomic.Int64, all chan struct{}) {
		go func(c context.Context) {
			select {
			case <-c.Done():
			default:
			}
			if left.Add(-1) == 0 {
				close(all)
			}
		}(c)
	})
}

func Benchmark_cancel_workers(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var exited, returned time.Duration
			for i := 0; i < b.N; i++ {
				e, r := cancelWaiting(int64(n))
				exited += e
				returned += r
			}
			b.ReportMetric(float64(exited)/float64(b.N)/1e6, "ms")
			b.ReportMetric(float64(returned)/float64(b.N)/1e6, "cancel_ms")
		})
	}
}

// cancelWaiting tells how long it took until n waiting goroutines had run to their ends, and cancel itself.
func cancelWaiting(n int64) (exited, returned time.Duration) {
	c, cancel := context.WithCancel(context.Background())
	var begun, left atomic.Int64
	left.Store(n)
	all := make(chan struct{})
	for i := int64(0); i < n; i++ {
		go func() {
			begun.Add(1)
			<-c.Done()
			if left.Add(-1) == 0 {
				close(all)
			}
		}()
	}
	for begun.Load() != n {
		runtime.Gosched()
	}
	time.Sleep(20 * time.Millisecond)
	runtime.GC()
	begin := time.Now()
	cancel()
	returned = time.Since(begin)
	<-all
	return time.Since(begin), returned
}
