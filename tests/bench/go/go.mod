module ctxlab/bench

go 1.21
