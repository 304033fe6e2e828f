// SPDX-License-Identifier: MIT

// Twins of tests/bench/value.cpp: the rows have the same names.
package value

import (
	"context"
	"fmt"
	"testing"
)

type key int

const missing key = -1

func bindings(depth int) context.Context {
	c := context.Background()
	for i := 0; i < depth; i++ {
		c = context.WithValue(c, key(i), i)
	}
	return c
}

func lookUp(b *testing.B, k key, depths ...int) {
	for _, depth := range depths {
		b.Run(fmt.Sprint(depth), func(b *testing.B) {
			c := bindings(depth)
			b.ResetTimer()
			for i := 0; i < b.N; i++ {
				if (c.Value(k) == nil) != (k == missing) {
					b.Error("found what is not there, or the other way round")
				}
			}
		})
	}
}

func Benchmark_value_miss(b *testing.B) {
	lookUp(b, missing, 1, 10, 100)
}

func Benchmark_value_hit(b *testing.B) {
	lookUp(b, 0, 1, 10, 100)
}

func Benchmark_value_hit_any(b *testing.B) {
	lookUp(b, 0, 10, 100)
}

// Kept, as the compiler would leave out what nobody sees.
var sink [64]context.Context

func Benchmark_with_value(b *testing.B) {
	b.RunParallel(func(pb *testing.PB) {
		var last context.Context
		for n := 1000; pb.Next(); n++ {
			last = context.WithValue(context.Background(), missing, n)
			if last.Err() != nil {
				b.Error("done")
			}
		}
		sink[2] = last
	})
}

func Benchmark_with_value_below(b *testing.B) {
	parent, cancel := context.WithCancel(context.Background())
	defer cancel()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		var last context.Context
		for n := 1000; pb.Next(); n++ {
			last = context.WithValue(parent, missing, n)
			if last.Err() != nil {
				b.Error("done")
			}
		}
		sink[0] = last
	})
}

func Benchmark_with_value_string(b *testing.B) {
	b.RunParallel(func(pb *testing.PB) {
		var last context.Context
		for pb.Next() {
			last = context.WithValue(context.Background(), missing, "ann")
			if last.Err() != nil {
				b.Error("done")
			}
		}
		sink[1] = last
	})
}
