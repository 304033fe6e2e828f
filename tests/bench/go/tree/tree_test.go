// SPDX-License-Identifier: MIT

// Twins of tests/bench/tree.cpp: the rows have the same names.
package tree

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"
)

func chain(c context.Context, depth int) context.Context {
	for d := 0; d < depth; d++ {
		c, _ = context.WithCancel(c)
	}
	return c
}

func depths(b *testing.B, f func(b *testing.B, depth int)) {
	for d := 1; d <= 1000; d *= 10 {
		b.Run(fmt.Sprint(d), func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				f(b, d)
			}
		})
	}
}

func Benchmark_cancel_tree(b *testing.B) {
	depths(b, func(b *testing.B, depth int) {
		chain(context.Background(), depth)
	})
}

func Benchmark_cancel_tree_open(b *testing.B) {
	depths(b, func(b *testing.B, depth int) {
		c, cancel := context.WithCancel(context.Background())
		chain(c, depth)
		cancel()
	})
}

func Benchmark_cancel_tree_closed(b *testing.B) {
	depths(b, func(b *testing.B, depth int) {
		c, cancel := context.WithCancel(context.Background())
		cancel()
		chain(c, depth)
	})
}

// perItem reports what one of n items took, of b.N times.
func perItem(b *testing.B, total time.Duration, n int) {
	b.ReportMetric(float64(total)/float64(b.N)/float64(n), "ns/item")
}

func Benchmark_cancel_children(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			children := make([]context.Context, n)
			var total time.Duration
			for i := 0; i < b.N; i++ {
				parent, cancel := context.WithCancel(context.Background())
				for j := range children {
					children[j], _ = context.WithCancel(parent)
				}
				runtime.GC()
				begin := time.Now()
				cancel()
				total += time.Since(begin)
				if children[n-1].Err() == nil {
					b.Error("the last child is not done")
				}
			}
			perItem(b, total, n)
		})
	}
}

func Benchmark_chain_create(b *testing.B) {
	for _, n := range []int{100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var total time.Duration
			for i := 0; i < b.N; i++ {
				contexts := make([]context.Context, n)
				cancels := make([]context.CancelFunc, n)
				runtime.GC()
				begin := time.Now()
				contexts[0], cancels[0] = context.WithCancel(context.Background())
				for j := 1; j < n; j++ {
					contexts[j], cancels[j] = context.WithCancel(contexts[j-1])
				}
				total += time.Since(begin)
				cancels[0]()
			}
			perItem(b, total, n)
		})
	}
}

func Benchmark_chain_cancel(b *testing.B) {
	for _, n := range []int{100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var total time.Duration
			for i := 0; i < b.N; i++ {
				root, cancel := context.WithCancel(context.Background())
				leaf := chain(root, n-1)
				runtime.GC()
				begin := time.Now()
				cancel()
				total += time.Since(begin)
				if leaf.Err() == nil {
					b.Error("the leaf is not done")
				}
			}
			perItem(b, total, n)
		})
	}
}
