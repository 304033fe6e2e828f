module ctxlab/oracle

go 1.26
